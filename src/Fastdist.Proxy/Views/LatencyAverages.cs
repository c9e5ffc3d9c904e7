using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Views;

/// <summary>
/// dnsdist's moving averages of latency, over about the last 100, 1,000, 10,000 and 1,000,000 answers of a protocol.
/// Fed about once a second, by one thread, with what the histograms gained, so that they cost a query nothing.
/// </summary>
internal sealed class LatencyAverages
{
    /// <summary>Answers that each average is over.</summary>
    public static readonly int[] Windows = [100, 1000, 10_000, 1_000_000];

    private readonly ConcurrentDictionary<string, Average> _protocols = new();

    /// <summary>Takes in what came since the last call.</summary>
    public void Update(IEnumerable<FrontendView> frontends)
    {
        foreach (IGrouping<string, FrontendView> group in frontends.GroupBy(f => f.Protocol))
        {
            _protocols.GetOrAdd(group.Key, static _ => new Average()).Update(LatencyHistogram.SumOf(group.Select(f => f.Latency())));
        }
    }

    /// <summary>An average, microseconds; 0 before the first answer.</summary>
    /// <param name="protocol">As <see cref="FrontendView.Protocol"/> names it.</param>
    /// <param name="window">One of <see cref="Windows"/>.</param>
    public double Of(string protocol, int window) =>
        _protocols.TryGetValue(protocol, out Average? average) ? average.Values[Array.IndexOf(Windows, window)] : 0;

    private sealed class Average
    {
        private long _count;
        private long _sum;

        public double[] Values { get; } = new double[Windows.Length];

        public void Update(LatencyHistogram histogram)
        {
            (long count, long sum) = (histogram.Count, histogram.SumMicroseconds);
            long gained = count - _count;
            if (gained <= 0)
            {
                return;
            }

            double mean = (double)(sum - _sum) / gained;
            (_count, _sum) = (count, sum);
            for (int i = 0; i < Windows.Length; i++)
            {
                // What is left of the old value after so many steps that each take 1/window of the new one.
                double kept = Math.Pow(1 - (1.0 / Windows[i]), gained);
                Values[i] = (Values[i] * kept) + (mean * (1 - kept));
            }
        }
    }
}
