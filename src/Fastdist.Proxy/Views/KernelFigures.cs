using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Fastdist.Proxy;

/// <summary>Figures that the kernel keeps of the process and the machine; those it does not tell are left out.</summary>
internal static partial class KernelFigures
{
    /// <summary>Open descriptors of the process. They are counted without a string for each: there may be 100,000.</summary>
    public static int OpenFiles
    {
        get
        {
            nint folder = OpenFolder("/proc/self/fd");
            if (folder == 0)
            {
                return 0;
            }

            int entries = 0;
            while (NextEntry(folder) != 0)
            {
                entries++;
            }

            CloseFolder(folder);

            // The folder itself, the one above it, and the descriptor they were read by.
            return entries - 3;
        }
    }

    /// <summary>Memory that is the process's alone or its share of what others use too, bytes.</summary>
    public static long ProportionalMemory => Lines("/proc/self/smaps_rollup").FirstOrDefault(line => line.StartsWith("Pss:", StringComparison.Ordinal)) is { } line
        ? long.Parse(Words(line)[1], CultureInfo.InvariantCulture) * 1024
        : Environment.WorkingSet;

    /// <summary>Time the machine's processors waited for IO, and were taken by its host, in ticks of USER_HZ.</summary>
    public static (long IoWait, long Steal) Processors()
    {
        // proc(5): user nice system idle iowait irq softirq steal.
        const int IoWait = 5;
        const int Steal = 8;
        string[] words = Words(Lines("/proc/stat").First());
        return (long.Parse(words[IoWait], CultureInfo.InvariantCulture), long.Parse(words[Steal], CultureInfo.InvariantCulture));
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
            yield return ($"udp-{name}", udp.GetValueOrDefault(key));
            yield return ($"udp6-{name}", udp6.GetValueOrDefault($"Udp6{key}"));
        }

        yield return ("tcp-listen-overflows", tcp.GetValueOrDefault("ListenOverflows"));
    }

    /// <summary>A line of names and the line of their values below it, both beginning with the same word.</summary>
    private static Dictionary<string, long> Pairs(string path, string word)
    {
        string[][] rows = [.. Lines(path).Where(line => line.StartsWith(word, StringComparison.Ordinal)).Select(Words).Take(2)];
        return rows.Length < 2 ? [] : rows[0].Zip(rows[1]).Skip(1).ToDictionary(p => p.First, p => long.Parse(p.Second, CultureInfo.InvariantCulture));
    }

    private static IEnumerable<string> Lines(string path) => File.Exists(path) ? File.ReadLines(path) : [];

    [LibraryImport("libc", EntryPoint = "opendir", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint OpenFolder(string path);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial nint NextEntry(nint folder);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseFolder(nint folder);

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
