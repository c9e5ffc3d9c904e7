using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Fastdist.LoadComparison;

/// <summary>What /proc says of a process and its descendants.</summary>
internal static class ProcessFigures
{
    // USER_HZ is 100 on every Linux that .NET runs on.
    private const double SecondsPerTick = 0.01;

    /// <summary>User and system time of all threads of the process and its living descendants.</summary>
    public static double CpuSeconds(int process) => Family(process).Sum(id => Ticks(id, user: 13) * SecondsPerTick);

    /// <summary>User and system time of the children that this program has waited for: the generator runs.</summary>
    public static double EndedChildrenCpuSeconds() => Ticks(Environment.ProcessId, user: 15) * SecondsPerTick;

    /// <summary>CPU of the process's threads whose name begins so.</summary>
    public static double ThreadCpuSeconds(int process, string name) => Directory.GetDirectories($"/proc/{process}/task")
        .Where(thread => string.Concat(Lines($"{thread}/comm")).StartsWith(name, StringComparison.Ordinal))
        .Sum(thread => double.Parse(Lines($"{thread}/schedstat")[0].Split(' ')[0], CultureInfo.InvariantCulture) / 1e9);

    /// <summary>Resident memory of the process and its descendants.</summary>
    public static double ResidentMegabytes(int process) => Family(process).Sum(id =>
    {
        var line = Lines($"/proc/{id}/status").FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    });

    /// <summary>Busy time of all processors since boot, whoever used them.</summary>
    public static double MachineBusySeconds()
    {
        var ticks = Lines("/proc/stat")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(long.Parse).ToArray();
        const int Idle = 3, IoWait = 4, Guests = 8;
        return (ticks.Take(Guests).Sum() - ticks[Idle] - ticks[IoWait]) * SecondsPerTick;
    }

    // Fields as proc(5) numbers them, less one; they are counted from the bracket that ends the name.
    private static long Ticks(int process, int user)
    {
        var stat = Lines($"/proc/{process}/stat").FirstOrDefault();
        if (stat is null)
        {
            return 0;
        }
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return long.Parse(fields[user - 2], CultureInfo.InvariantCulture) + long.Parse(fields[user - 1], CultureInfo.InvariantCulture);
    }

    private static IEnumerable<int> Family(int process)
    {
        yield return process;
        if (!Directory.Exists($"/proc/{process}/task"))
        {
            yield break;
        }
        foreach (var thread in Directory.GetDirectories($"/proc/{process}/task"))
        {
            foreach (var child in string.Concat(Lines($"{thread}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var descendant in Family(int.Parse(child, CultureInfo.InvariantCulture)))
                {
                    yield return descendant;
                }
            }
        }
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (IOException)
        {
            return [];
        }
    }
}
