using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>What /proc says of processes.</summary>
internal static class ProcessTable
{
    /// <summary>A process and its descendants, children first.</summary>
    public static IReadOnlyList<int> Family(int process)
    {
        var family = new List<int>();
        foreach (string task in Directory.GetDirectories($"/proc/{process}/task"))
        {
            string children = File.ReadAllText(Path.Combine(task, "children"));
            foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                family.AddRange(Family(int.Parse(child, CultureInfo.InvariantCulture)));
            }
        }

        family.Add(process);
        return family;
    }

    /// <summary>The processes that were started with this text in their command line.</summary>
    public static IReadOnlyList<int> WithArgument(string text)
    {
        var found = new List<int>();
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), out int process)
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(text, StringComparison.Ordinal))
                {
                    found.Add(process);
                }
            }
            catch (IOException)
            {
                // Gone since the listing.
            }
        }

        return found;
    }

    /// <summary>Resident memory in bytes.</summary>
    public static long ResidentBytes(int process) => long.Parse(
        Status($"/proc/{process}/status", "VmRSS").Split(' ')[0], CultureInfo.InvariantCulture) * 1024;

    /// <summary>How many file descriptors are open.</summary>
    public static int Descriptors(int process) => Directory.GetFileSystemEntries($"/proc/{process}/fd").Length;

    /// <summary>One line of the status file of each of the process's threads, without its name.</summary>
    public static string[] OfThreads(int process, string key) =>
        [.. Directory.GetDirectories($"/proc/{process}/task").Select(task => Status(Path.Combine(task, "status"), key))];

    private static string Status(string file, string key) =>
        File.ReadLines(file).First(line => line.StartsWith(key + ":", StringComparison.Ordinal))[(key.Length + 1)..].Trim();
}
