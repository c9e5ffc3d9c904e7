using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Fastdist.Proxy.Counters;

/// <summary>
/// How long answers took, in buckets that grow with the latency: eight to each power of two, so that a percentile is right
/// to an eighth of itself. Written by one shard, a single increment an answer; whoever asks adds the shards' up.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBucketBits = 3;
    private const int SubBuckets = 1 << SubBucketBits;

    /// <summary>Latencies from 2^26 microseconds on, more than a minute, share the last bucket.</summary>
    private const int MostBits = 26;

    private readonly long[] _buckets = new long[((MostBits - SubBucketBits + 1) * SubBuckets) + 1];

    /// <summary>Answers counted.</summary>
    public long Count { get; private set; }

    /// <summary>Sum of their latencies, microseconds.</summary>
    public long SumMicroseconds { get; private set; }

    /// <summary>Answers in the buckets; while a shard runs, <see cref="Count"/> may be a moment ahead of them.</summary>
    public long Recorded => _buckets.Sum();

    /// <summary>What several counted together.</summary>
    public static LatencyHistogram SumOf(IEnumerable<LatencyHistogram> histograms)
    {
        var sum = new LatencyHistogram();
        foreach (LatencyHistogram histogram in histograms)
        {
            sum.Add(histogram);
        }

        return sum;
    }

    /// <summary>Counts an answer.</summary>
    /// <param name="microseconds">How long it took; less than 0 counts as 0.</param>
    public void Record(long microseconds)
    {
        microseconds = Math.Max(microseconds, 0);
        _buckets[BucketOf(microseconds)]++;
        Count++;
        SumMicroseconds += microseconds;
    }

    /// <summary>Adds what another one counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _buckets.Length; i++)
        {
            _buckets[i] += other._buckets[i];
        }

        Count += other.Count;
        SumMicroseconds += other.SumMicroseconds;
    }

    /// <summary>The latency that a share of the answers did not exceed.</summary>
    /// <param name="share">More than 0, at most 1: 0.99 for the 99th percentile.</param>
    /// <returns>Microseconds, rounded up to the end of a bucket; 0 when nothing was counted.</returns>
    public long Percentile(double share)
    {
        long counted = Recorded;
        long wanted = Math.Max((long)Math.Ceiling(counted * share), 1);
        for (int i = 0; i < _buckets.Length && counted > 0; i++)
        {
            wanted -= _buckets[i];
            if (wanted <= 0)
            {
                return LastOf(i);
            }
        }

        return 0;
    }

    /// <summary>How many answers took no longer than each of some bounds.</summary>
    /// <param name="boundsMicroseconds">Rising; one that is not the end of a bucket counts up to the end of the bucket it lies in.</param>
    /// <param name="counts">As many numbers, none smaller than the one before.</param>
    public void CumulativeAt(ReadOnlySpan<long> boundsMicroseconds, Span<long> counts)
    {
        long counted = 0;
        for (int i = 0, bucket = 0; i < boundsMicroseconds.Length; i++)
        {
            for (int last = BucketOf(boundsMicroseconds[i]); bucket <= last; bucket++)
            {
                counted += _buckets[bucket];
            }

            counts[i] = counted;
        }
    }

    /// <summary>The buckets that are not empty, in order: the greatest latency in one, microseconds, and how many.</summary>
    public IEnumerable<(long LastMicroseconds, long Count)> Buckets()
    {
        for (int i = 0; i < _buckets.Length; i++)
        {
            if (_buckets[i] is > 0 and long count)
            {
                yield return (LastOf(i), count);
            }
        }
    }

    private static int BucketOf(long microseconds)
    {
        if (microseconds < SubBuckets)
        {
            return (int)microseconds;
        }

        int bits = BitOperations.Log2((ulong)microseconds);
        return bits >= MostBits
            ? (MostBits - SubBucketBits + 1) * SubBuckets
            : ((bits - SubBucketBits) * SubBuckets) + (int)(microseconds >> (bits - SubBucketBits));
    }

    /// <summary>The greatest latency that falls into a bucket, except for the last, which has none.</summary>
    private static long LastOf(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        int shift = (bucket >> SubBucketBits) - 1;
        return ((((long)bucket & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
