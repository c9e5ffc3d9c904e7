using System;
using System.Buffers.Text;
using System.Collections.Generic;

namespace Fastdist.LoadComparison;

/// <summary>The response times of one run, sorted.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];

    /// <summary>From dnsperf's lines `&gt; NOERROR name type seconds`; a lost query (`&gt; T`) has no time and is left out.</summary>
    public static Latencies OfLines(ReadOnlySpan<byte> lines)
    {
        var latencies = new Latencies();
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range];
            if (line.StartsWith("> "u8)
                && Utf8Parser.TryParse(line[(line.LastIndexOf((byte)' ') + 1)..], out double seconds, out _))
            {
                latencies._milliseconds.Add(seconds * 1000);
            }
        }
        latencies._milliseconds.Sort();
        return latencies;
    }

    /// <summary>From h2load's lines `start status microseconds`, separated by tabs.</summary>
    public static Latencies OfColumns(ReadOnlySpan<byte> lines)
    {
        var latencies = new Latencies();
        foreach (var range in lines.Split((byte)'\n'))
        {
            var line = lines[range];
            if (Utf8Parser.TryParse(line[(line.LastIndexOf((byte)'\t') + 1)..], out long microseconds, out _))
            {
                latencies._milliseconds.Add(microseconds / 1000.0);
            }
        }
        latencies._milliseconds.Sort();
        return latencies;
    }

    public double? Percentile(double percent) =>
        _milliseconds.Count == 0 ? null : _milliseconds[(int)Math.Min(_milliseconds.Count - 1, _milliseconds.Count * percent / 100)];
}
