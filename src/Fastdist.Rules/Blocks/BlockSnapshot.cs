using System;
using System.Collections.Generic;
using Fastdist.Settings.Rules;

using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Blocks;

/// <summary>Who and what is blocked, for shards. Immutable but for when blocks end; looking takes no lock and allocates nothing.</summary>
public sealed class BlockSnapshot
{
    private readonly RangeBlocks _ranges;
    private readonly SuffixBlocks _names;
    private readonly BlockAction _defaultAction;

    internal BlockSnapshot(IReadOnlyCollection<Block> ranges, IReadOnlyCollection<Block> names, BlockAction defaultAction) =>
        (_ranges, _names, _defaultAction) = (new RangeBlocks(ranges), new SuffixBlocks(names), defaultAction);

    /// <summary>Nothing is blocked.</summary>
    public static BlockSnapshot Empty { get; } = new([], [], BlockAction.Drop);

    /// <summary>Whether names are blocked: else nobody needs to look.</summary>
    public bool HasNames => _names.Count > 0;

    /// <summary>The block that a client is under, that of the longest network; null when there is none.</summary>
    /// <param name="client">The client.</param>
    /// <param name="now">Microseconds.</param>
    public Block? Find(in SocketAddress client, long now) => _ranges.Find(client, now);

    /// <summary>The block that a name is under, the longest one; null when there is none.</summary>
    /// <param name="name">A validated name.</param>
    /// <param name="now">Microseconds.</param>
    public Block? Find(ReadOnlySpan<byte> name, long now) => _names.Find(name, now);

    /// <summary>What is done about a block.</summary>
    public BlockAction ActionOf(Block block) => block.Terms switch
    {
        { IsWarning: true } => BlockAction.NoOp,
        { Action: BlockAction.None } => _defaultAction,
        BlockTerms terms => terms.Action,
    };
}
