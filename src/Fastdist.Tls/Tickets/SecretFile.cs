using System;
using System.IO;

namespace Fastdist.Tls;

/// <summary>A file of key material: read whole, with errors and warnings that name it, the option and the remedy.</summary>
public static class SecretFile
{
    private const UnixFileMode ForOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads it.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file.</param>
    /// <param name="maxSize">Most bytes it may have.</param>
    /// <param name="warnings">What an operator should know, though it works.</param>
    /// <exception cref="TlsConfigurationException">It cannot be read, or has more bytes.</exception>
    public static byte[] Read(string option, string path, int maxSize, out string[] warnings)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > maxSize)
            {
                throw new TlsConfigurationException($"{option} '{path}' holds {file.Length} bytes, at most {maxSize} are possible");
            }

            var content = new byte[file.Length];
            file.ReadExactly(content);
            UnixFileMode mode = File.GetUnixFileMode(file.SafeFileHandle);
            warnings = (mode & ForOthers) == 0
                ? []
                : [$"{option} '{path}' has mode {Convert.ToString((int)mode, 8)}, so that others than its owner can reach the keys; chmod 600 it"];
            return content;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TlsConfigurationException($"{option} '{path}' {Explain(problem, path)}");
        }
    }

    private static string Explain(Exception problem, string path) => problem switch
    {
        _ when Directory.Exists(path) => "is a directory",
        FileNotFoundException or DirectoryNotFoundException => "does not exist",
        UnauthorizedAccessException => $"cannot be read: permission denied{Mode(path)}; let the user that fastdist runs as own it, with mode 600",
        _ => $"cannot be read: {problem.Message}",
    };

    private static string Mode(string path)
    {
        try
        {
            return $" (its mode is {Convert.ToString((int)File.GetUnixFileMode(path), 8)})";
        }
        catch (Exception hidden) when (hidden is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
