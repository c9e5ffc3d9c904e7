using System;
using System.Threading;

namespace Fastdist.Settings.Rules;

/// <summary>How often a rule has matched, counted by each shard for itself.</summary>
public sealed class RuleHits
{
    // A cache line for each shard, so that none takes another's away.
    private const int Stride = 8;

    private long[] _counts = [];

    /// <summary>How often, on all shards.</summary>
    public long Total
    {
        get
        {
            long total = 0;
            long[] counts = _counts;
            for (int place = 0; place < counts.Length; place += Stride)
            {
                total += Volatile.Read(ref counts[place]);
            }

            return total;
        }
    }

    /// <summary>Makes room for shards; to be done before any of them counts, and while none does.</summary>
    public void Prepare(int shards)
    {
        if (_counts.Length < shards * Stride)
        {
            Array.Resize(ref _counts, shards * Stride);
        }
    }

    /// <summary>Counts one on a shard, which alone counts there.</summary>
    public void Count(int shard) => _counts[shard * Stride]++;
}
