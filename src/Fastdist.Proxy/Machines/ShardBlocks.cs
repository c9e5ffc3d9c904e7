using System;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Blocks;

namespace Fastdist.Proxy.Machines;

/// <summary>What one shard knows of dynamic blocks: who is blocked, and what it counts so that others may be.</summary>
internal sealed class ShardBlocks
{
    private BlockCounter[] _counters = [];

    /// <summary>Who is blocked.</summary>
    public BlockSnapshot Snapshot { get; set; } = BlockSnapshot.Empty;

    /// <summary>Whether anything is counted.</summary>
    public bool IsCounting => _counters.Length > 0;

    /// <summary>Counts for others from now on.</summary>
    public void Use(BlockCounter[] counters) => _counters = counters;

    /// <summary>Tells what counts the time, at the beginning of each turn.</summary>
    /// <param name="now">Microseconds.</param>
    public void Tick(long now)
    {
        foreach (BlockCounter counter in _counters)
        {
            counter.Tick(now);
        }
    }

    /// <summary>Counts a query.</summary>
    public void CountQuery(in SocketAddress client, RecordType type)
    {
        foreach (BlockCounter counter in _counters)
        {
            counter.CountQuery(in client, type);
        }
    }

    /// <summary>Counts an answer, whoever made it.</summary>
    /// <param name="client">Who gets it.</param>
    /// <param name="name">The question's name.</param>
    /// <param name="answer">The answer, at least a header.</param>
    /// <param name="isHit">Whether a cache had it.</param>
    public void CountAnswer(in SocketAddress client, ReadOnlySpan<byte> name, ReadOnlySpan<byte> answer, bool isHit = false)
    {
        foreach (BlockCounter counter in _counters)
        {
            counter.CountResponse(in client, name, (int)Header.Rcode(answer), answer.Length, isHit);
        }
    }

    /// <summary>Counts a query that no backend answered.</summary>
    public void CountDrop(ReadOnlySpan<byte> name)
    {
        foreach (BlockCounter counter in _counters)
        {
            counter.CountDrop(name);
        }
    }
}
