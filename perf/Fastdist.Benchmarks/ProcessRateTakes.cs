using BenchmarkDotNet.Attributes;
using Fastdist.Rules.Rates;

namespace Fastdist.Benchmarks;

/// <summary>A token of the process's rate taken by one of two shards, within the rate and far over it.</summary>
public class ProcessRateTakes
{
    private readonly RateLease _lease = new ProcessRate(1_000_000, 1_000_000, 2).CreateLease();
    private long _now;

    [Benchmark]
    public bool Within() => _lease.TryTake(++_now);

    [Benchmark]
    public bool Over() => _lease.TryTake(++_now >> 4);
}
