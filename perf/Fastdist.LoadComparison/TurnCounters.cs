using System;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;

namespace Fastdist.LoadComparison;

/// <summary>How queries were batched, from the `stats` lines that fastdist and the floor programs print at SIGUSR1.</summary>
internal readonly record struct TurnCounters(double Turns, double Queries, double Records, double Sends)
{
    private const int Sigusr1 = 10;

    public static TurnCounters Ask(Child proxy)
    {
        var first = proxy.LineCount;
        proxy.Signal(Sigusr1);
        var patience = Stopwatch.StartNew();
        while (!proxy.LinesFrom(first).Any(line => line.Contains("stats end", StringComparison.Ordinal)))
        {
            if (patience.Elapsed > TimeSpan.FromSeconds(2))
            {
                return default;
            }
            Thread.Sleep(10);
        }
        var lines = proxy.LinesFrom(first);
        return new TurnCounters(Sum(lines, "stats shard", "turns"), Sum(lines, "stats backend", "queries"),
            Sum(lines, "stats backend", "records-sent"), Sum(lines, "stats backend", "sends"));
    }

    public static TurnCounters operator -(TurnCounters after, TurnCounters before) =>
        new(after.Turns - before.Turns, after.Queries - before.Queries, after.Records - before.Records, after.Sends - before.Sends);

    private static double Sum(string[] lines, string kind, string key) => lines
        .Where(line => line.Contains(kind, StringComparison.Ordinal))
        .SelectMany(line => line.Split(' '))
        .Where(word => word.StartsWith(key + "=", StringComparison.Ordinal))
        .Sum(word => double.Parse(word[(key.Length + 1)..], CultureInfo.InvariantCulture));
}
