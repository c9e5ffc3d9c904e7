using System;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.Proxy.Counters;

namespace Fastdist.Control.Commands.Tables;

/// <summary><c>showResponseLatency()</c>: how the latencies of answers are distributed, since the start.</summary>
internal static class LatencyPlot
{
    private const int Bars = 15, FirstMicroseconds = 100, LongestBar = 70;

    public static string Print(LatencyHistogram latency)
    {
        if (latency.Count == 0)
        {
            return "No traffic yet.\n";
        }

        long[] bounds = [.. Enumerable.Range(0, Bars).Select(i => (long)FirstMicroseconds << i)];
        long[] counts = CountsUpTo(bounds, latency);
        long most = Math.Max(counts.Max(), 1);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Average response latency: {latency.SumMicroseconds / 1000.0 / latency.Count:F2} msec\n   msec\t\n");
        for (int i = 0; i < Bars; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{bounds[i] / 1000.0,7:F2}\t{Bar((double)LongestBar * counts[i] / most)}\n");
        }

        return text.ToString();
    }

    /// <summary>Answers from one bound to the next; what took longer than the last one is counted with it, so that the worst is seen.</summary>
    private static long[] CountsUpTo(long[] bounds, LatencyHistogram latency)
    {
        long[] counts = new long[bounds.Length];
        latency.CumulativeAt(bounds, counts);
        counts[^1] = latency.Recorded;
        for (int i = counts.Length - 1; i > 0; i--)
        {
            counts[i] -= counts[i - 1];
        }

        return counts;
    }

    /// <summary>One sign for each whole unit; a few answers still show as a dot, or two above each other for half a unit.</summary>
    private static string Bar(double length) =>
        length >= 1 ? new string('*', (int)length) : length > 0.5 ? ":" : length > 0 ? "." : "";
}
