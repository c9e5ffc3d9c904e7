using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Fastdist.Tls;

/// <summary>Reads the files that certificates and keys are in, with errors that say what to do.</summary>
internal static partial class KeyMaterialFile
{
    private const int MostBytes = 1 << 20;

    /// <summary>The whole file.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="TlsConfigurationException">It cannot be read, is empty, or is no file of this kind.</exception>
    public static byte[] Read(string option, string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > MostBytes)
            {
                throw new TlsConfigurationException($"{option}={path}: {info.Length} bytes are too many for certificates or keys");
            }

            byte[] bytes = File.ReadAllBytes(path);
            return bytes.Length > 0 ? bytes : throw new TlsConfigurationException($"{option}={path}: the file is empty");
        }
        catch (UnauthorizedAccessException)
        {
            throw new TlsConfigurationException(
                Directory.Exists(path) ? $"{option}={path}: is a directory" : ExplainRefusal(option, path, OwnerOf(path), ModeOf(path), NameOf(GetEffectiveUserId())));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new TlsConfigurationException($"{option}={path}: no such file");
        }
        catch (IOException exception)
        {
            throw new TlsConfigurationException($"{option}={path}: {exception.Message}");
        }
    }

    /// <summary>What to say of a file that the user we run as may not read.</summary>
    internal static string ExplainRefusal(string option, string path, string owner, string mode, string user) =>
        $"{option}={path}: permission denied: it belongs to {owner} with mode {mode}, and we run as {user}. "
        + "Certificate tools write keys as root; copy it in a deploy hook: "
        + $"install -o {user} -m 0400 {path} /etc/fastdist/ (and name the copy here)";

    private static string ModeOf(string path)
    {
        try
        {
            return "0" + Convert.ToString((int)File.GetUnixFileMode(path), 8);
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return "unknown (a folder above it is closed to us)";
        }
    }

    private static unsafe string OwnerOf(string path)
    {
        const int CurrentFolder = -100;
        const uint WantUser = 8;
        StatX status;
        return Stat(CurrentFolder, path, 0, WantUser, &status) == 0 ? NameOf(status.User) : "somebody";
    }

    private static string NameOf(uint user)
    {
        string number = user.ToString(CultureInfo.InvariantCulture);
        string? line = File.Exists("/etc/passwd") ? File.ReadLines("/etc/passwd").FirstOrDefault(l => l.Split(':') is { Length: > 2 } fields && fields[2] == number) : null;
        return line?.Split(':')[0] ?? number;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Stat(int folder, string path, int flags, uint mask, StatX* status);

    /// <summary>struct statx, as far as it is read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatX
    {
        [FieldOffset(20)]
        public uint User;
    }
}
