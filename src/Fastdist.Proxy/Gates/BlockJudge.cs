using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;

namespace Fastdist.Proxy.Gates;

/// <summary>Has those who are blocked for a time, and what is asked about names that are, go no further.</summary>
/// <param name="shard">The shard.</param>
internal sealed class BlockJudge(ShardContext shard) : IJudge
{
    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        BlockSnapshot blocks = shard.Blocks.Snapshot;
        if (ReferenceEquals(blocks, BlockSnapshot.Empty))
        {
            return Fate.Undecided;
        }

        long now = shard.Clock.Shared;
        Block? block = blocks.Find(in origin.Peer, now);
        Fate fate = block is null ? Fate.Undecided : Do(block, blocks.ActionOf(block), in query, in origin, judgement);
        if (fate != Fate.Undecided || judgement.IsPastRules || !blocks.HasNames)
        {
            return fate;
        }

        block = blocks.Find(query.Name, now);
        return block is null ? Fate.Undecided : Do(block, blocks.ActionOf(block), in query, in origin, judgement);
    }

    private Fate Do(Block block, BlockAction action, in Query query, in Origin origin, Judgement judgement)
    {
        block.CountHit();
        switch (action)
        {
            case BlockAction.NoOp:
                return Fate.Undecided;
            case BlockAction.SetTag:
                judgement.Decision.Tags = shard.Rules.Tags.Set(judgement.Tags, block.Terms.TagName ?? "", block.Terms.TagValue ?? "");
                return Fate.Undecided;
            case BlockAction.Truncate when origin.Protocol != ClientProtocol.Udp:
                return Fate.Undecided;
            case BlockAction.NoRecurse:
                origin.Counters.DynamicallyBlocked++;
                Header.SetRecursionDesired(QueryEdit.Flags(in query, judgement), false);
                judgement.IsPastRules = true;
                return Fate.Undecided;
            case BlockAction.Nxdomain or BlockAction.Refused or BlockAction.Truncate:
                origin.Counters.DynamicallyBlocked++;
                judgement.Answer(Answer(action, in query, judgement));
                origin.Counters.BlockAnswers++;
                return Fate.Answer;
            default:
                origin.Counters.DynamicallyBlocked++;
                origin.Counters.BlockDrops++;
                return Fate.Drop;
        }
    }

    private int Answer(BlockAction action, in Query query, Judgement judgement)
    {
        int size = shard.Options.SelfAnswerPayloadSize;
        bool edns = shard.Options.AddEdnsToSelfAnswers;
        return action == BlockAction.Truncate
            ? SelfAnswer.WriteTruncated(in query, size, edns, judgement.Room)
            : SelfAnswer.WriteRcode(in query, (int)(action == BlockAction.Nxdomain ? Rcode.NXDomain : Rcode.Refused), new AnswerTraits { Authoritative = false }, size, edns, judgement.Room);
    }
}
