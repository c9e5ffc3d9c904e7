using System;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.Counters;
using Xunit;

namespace Fastdist.Proxy.Tests.Counters;

public class LatencyHistogramTests
{
    private static readonly Gen<long> s_latency = Gen.Frequency((3, Gen.Long[0, 5_000]), (1, Gen.Long[0, (1 << 26) - 1]));

    [Fact]
    public void A_percentile_is_right_to_an_eighth_of_itself_and_never_too_low() => Gen.Select(s_latency.Array[1, 200], Gen.Double[0.001, 1]).Sample((latencies, share) =>
    {
        LatencyHistogram histogram = Of(latencies);
        long exact = latencies.Order().ElementAt(Math.Max((int)Math.Ceiling(latencies.Length * share), 1) - 1);
        Assert.InRange(histogram.Percentile(share), exact, exact + (exact / 8));
    });

    [Fact]
    public void Histograms_add_up() => Gen.Select(s_latency.Array[0, 50], s_latency.Array[0, 50]).Sample((some, others) =>
    {
        LatencyHistogram sum = Of(some);
        sum.Add(Of(others));
        LatencyHistogram whole = Of([.. some, .. others]);
        Assert.Equal((whole.Count, whole.SumMicroseconds), (sum.Count, sum.SumMicroseconds));
        Assert.All([0.01, 0.5, 0.99, 1], share => Assert.Equal(whole.Percentile(share), sum.Percentile(share)));
    });

    [Fact]
    public void Counts_up_to_bounds_are_exact_at_ends_of_buckets_and_otherwise_an_eighth_too_generous() =>
        Gen.Select(s_latency.Array[0, 100], s_latency.Array[1, 10]).Sample((latencies, bounds) =>
        {
            Array.Sort(bounds);
            var counts = new long[bounds.Length];
            Of(latencies).CumulativeAt(bounds, counts);
            Assert.All(bounds.Zip(counts), pair => Assert.InRange(
                pair.Second, latencies.Count(l => l <= pair.First), latencies.Count(l => l <= pair.First + (pair.First / 8))));
        });

    [Fact]
    public void Nothing_counted_has_no_percentiles()
    {
        Assert.Equal(0, new LatencyHistogram().Percentile(0.99));
        Assert.Equal((0, 0), (new LatencyHistogram().Count, new LatencyHistogram().SumMicroseconds));
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    [InlineData(16, 17)]
    [InlineData((1L << 26) - 1, (1L << 26) - 1)]
    public void A_latency_is_in_its_bucket(long microseconds, long end) => Assert.Equal(end, Of([microseconds]).Percentile(0.5));

    [Theory]
    [InlineData(1L << 26)]
    [InlineData(long.MaxValue)]
    public void What_took_over_a_minute_is_in_the_last_one(long microseconds) => Assert.InRange(Of([microseconds]).Percentile(0.5), 1L << 26, long.MaxValue);

    private static LatencyHistogram Of(long[] latencies)
    {
        var histogram = new LatencyHistogram();
        Array.ForEach(latencies, histogram.Record);
        return histogram;
    }
}
