using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Fastdist.Proxy.Views;

/// <summary>Figures that the kernel keeps of the process and the machine; those it does not tell are left out.</summary>
internal static partial class KernelFigures
{
    /// <summary>
    /// Open descriptors of the process, null when there is none left to count them by. It makes no string for each: there may be 100,000.
    /// </summary>
    public static int? OpenFiles
    {
        get
        {
            nint directory = OpenDirectory("/proc/self/fd");
            if (directory == 0)
            {
                return null;
            }

            int entries = 0;
            while (NextEntry(directory) != 0)
            {
                entries++;
            }

            CloseDirectory(directory);

            // The directory itself, the one above it, and the descriptor they were read by.
            return entries - 3;
        }
    }

    /// <summary>Memory that is the process's alone or its share of what others use too, bytes.</summary>
    public static long ProportionalMemory => Lines("/proc/self/smaps_rollup").FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal)) is { } line
        ? long.Parse(Words(line)[1], CultureInfo.InvariantCulture) * 1024
        : Environment.WorkingSet;

    /// <summary>Time the machine's processors waited for IO, and were taken by its host, in ticks of USER_HZ.</summary>
    public static IEnumerable<(string Name, long Value)> Processors()
    {
        // proc(5): user nice system idle iowait irq softirq steal.
        const int IoWait = 5;
        const int Steal = 8;
        foreach (string[] words in Lines("/proc/stat").Take(1).Select(Words))
        {
            yield return ("cpu-iowait", long.Parse(words[IoWait], CultureInfo.InvariantCulture));
            yield return ("cpu-steal", long.Parse(words[Steal], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>The UDP errors of <c>/proc/net/snmp</c> and <c>snmp6</c> and the connections lost to full accept queues.</summary>
    public static IEnumerable<(string Name, long Value)> Network()
    {
        IReadOnlyDictionary<string, long> udp = Pairs("/proc/net/snmp", "Udp:");
        IReadOnlyDictionary<string, long> tcp = Pairs("/proc/net/netstat", "TcpExt:");
        Dictionary<string, long> udp6 = Lines("/proc/net/snmp6").Select(Words).Where(w => w.Length == 2)
            .ToDictionary(w => w[0], w => long.Parse(w[1], CultureInfo.InvariantCulture));
        (string Name, string Key)[] errors =
        [
            ("in-errors", "InErrors"), ("noport-errors", "NoPorts"), ("recvbuf-errors", "RcvbufErrors"), ("sndbuf-errors", "SndbufErrors"), ("in-csum-errors", "InCsumErrors"),
        ];
        foreach ((string name, string key) in errors)
        {
            if (udp.TryGetValue(key, out long value))
            {
                yield return ($"udp-{name}", value);
            }

            if (udp6.TryGetValue($"Udp6{key}", out value))
            {
                yield return ($"udp6-{name}", value);
            }
        }

        if (tcp.TryGetValue("ListenOverflows", out long overflows))
        {
            yield return ("tcp-listen-overflows", overflows);
        }
    }

    /// <summary>A line of names and the line of their values below it, both beginning with the same word.</summary>
    private static Dictionary<string, long> Pairs(string path, string word)
    {
        string[][] rows = [.. Lines(path).Where(line => line.StartsWith(word, StringComparison.Ordinal)).Select(Words).Take(2)];
        return rows.Length < 2 ? [] : rows[0].Zip(rows[1]).Skip(1).ToDictionary(p => p.First, p => long.Parse(p.Second, CultureInfo.InvariantCulture));
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not every kernel has each of them, and there may be no descriptor to read it by.
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "opendir", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenDirectory(string path);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial nint NextEntry(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseDirectory(nint directory);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
