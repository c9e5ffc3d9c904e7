using System.Collections.Concurrent;
using System.IO;
using Fastdist.Integration.Tests.Harness;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>A dnsdist that is newer than the machine's, where <c>tools/newer-peers</c> has fetched it.</summary>
internal static class NewerDnsdist
{
    private static readonly ConcurrentDictionary<string, bool> s_isHere = new();

    private static string Script => Path.Combine(Repository.Root, "tools", "newer-peers");

    /// <summary>Whether this version can be started.</summary>
    public static bool IsHere(string version) => s_isHere.GetOrAdd(version, static version =>
    {
        using var path = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(Script, ["path", version]) { RedirectStandardOutput = true, RedirectStandardError = true });
        path!.WaitForExit();
        return path.ExitCode == 0;
    });

    /// <summary>The words that start it.</summary>
    public static string[] Command(string version) => [Script, "run", version];
}
