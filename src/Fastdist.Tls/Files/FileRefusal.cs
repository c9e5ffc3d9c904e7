using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Fastdist.Tls.Files;

/// <summary>Says whose a file is that the user we run as may not use, and what to do.</summary>
internal static partial class FileRefusal
{
    private const int Search = 1;

    /// <summary>Of a file that exists.</summary>
    public static string Explain(string option, string path)
    {
        string user = NameOf(GetEffectiveUserId());
        return ClosedFolderOn(path) is { } folder
            ? $"permission denied: {Describe(folder)}, on the way to it, is closed to {user}: chmod +x it, or name a copy of the file elsewhere"
            : Explain(option, path, FileStatus.TryGet(path, out FileStatus status) == 0 ? NameOf(status.Owner) : "somebody", status.Mode, user);
    }

    /// <summary>Of a file that exists.</summary>
    public static string Explain(string option, string path, string owner, string mode, string user)
    {
        string remedy = option == "keyLogFile" ? $"Make it that user's: chown {user} {path}"
            : $"{(option is "cert" or "key" or "ocspResponses" ? "Certificate tools write keys as root; copy it in a deploy hook" : "Give that user a copy")}: "
            + $"install -o {user} -m 0400 {path} /etc/fastdist/ (and name the copy here)";
        return $"permission denied: it belongs to {owner} with mode {mode}, and we run as {user}. {remedy}";
    }

    /// <summary>Of a file that is to be made, and made anew when it was moved away.</summary>
    public static string ExplainFolder(string path, string folder)
    {
        string user = NameOf(GetEffectiveUserId());
        return Directory.Exists(folder)
            ? $"permission denied: it is not there, and {user} may not make it in {Describe(folder)}: make it with install -o {user} -m 0600 /dev/null {path}, or name a folder of that user's"
            : $"no such folder: {folder}";
    }

    /// <summary>Whether we are root.</summary>
    public static bool IsRoot => GetEffectiveUserId() == 0;

    private static string Describe(string path) => FileStatus.TryGet(path, out FileStatus status) == 0
        ? $"{path} (of {NameOf(status.Owner)}, mode {status.Mode})"
        : path;

    /// <summary>The first folder on the way to a file that may not be searched; null when all may.</summary>
    private static string? ClosedFolderOn(string path)
    {
        string full = Path.GetFullPath(path);
        for (int end = full.IndexOf('/', 1); end > 0; end = full.IndexOf('/', end + 1))
        {
            if (MayAccess(full[..end], Search) != 0)
            {
                return full[..end];
            }
        }

        return null;
    }

    // A static binary has no name service.
    private static string NameOf(uint user)
    {
        string number = user.ToString(CultureInfo.InvariantCulture);
        string? line = File.Exists("/etc/passwd") ? File.ReadLines("/etc/passwd").FirstOrDefault(l => l.Split(':') is { Length: > 2 } fields && fields[2] == number) : null;
        return line?.Split(':')[0] ?? number;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MayAccess(string path, int mode);
}
