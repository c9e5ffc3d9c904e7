using System;
using System.Text;
using Fastdist.Settings.Tables;
using Fastdist.Tls;
using Fastdist.Tls.Files;

namespace Fastdist.Options;

/// <summary>Secrets that are in files, as the list of processes shows the command line to everybody.</summary>
internal static class SecretText
{
    private const int Longest = 1024;

    /// <summary>Reads one and makes of it what it stands for.</summary>
    /// <param name="flag">The flag that names the file.</param>
    /// <param name="path">The file; the end of its line does not belong to the secret.</param>
    /// <param name="parse">Throws a <see cref="FormatException"/> when it is none.</param>
    /// <param name="warn">Told when others may read the file.</param>
    /// <exception cref="OptionException">It holds no such secret.</exception>
    /// <exception cref="TlsConfigurationException">The file cannot be read.</exception>
    public static T Read<T>(string flag, string path, Func<string, T> parse, Action<string> warn)
    {
        string secret = Encoding.UTF8.GetString(OperatorFile.ReadSecret(flag, path, Longest, out string[] warnings)).TrimEnd('\r', '\n');
        Array.ForEach(warnings, warn);
        try
        {
            return secret.Length > 0 ? parse(secret) : throw new OptionException($"{flag} '{path}': the file is empty");
        }
        catch (FormatException exception)
        {
            throw new OptionException($"{flag} '{path}': {exception.Message}");
        }
    }
}
