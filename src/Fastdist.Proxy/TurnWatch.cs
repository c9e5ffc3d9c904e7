using System;

namespace Fastdist.Proxy;

/// <summary>Tells whether all shards are alive: each has had a turn, busy or not, since it was last said that all had.</summary>
/// <param name="shards">How many.</param>
/// <param name="turnsOf">The turns that a shard has had so far.</param>
internal sealed class TurnWatch(int shards, Func<int, long> turnsOf)
{
    private readonly long[] _seen = new long[shards];

    /// <summary>Whether every shard has had a turn since this last was true.</summary>
    public bool HaveAllTurned()
    {
        for (int shard = 0; shard < shards; shard++)
        {
            if (turnsOf(shard) == _seen[shard])
            {
                return false;
            }
        }

        for (int shard = 0; shard < shards; shard++)
        {
            _seen[shard] = turnsOf(shard);
        }

        return true;
    }
}
