using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Chains;
using Fastdist.Settings.Rules;

namespace Fastdist.Proxy.Gates;

/// <summary>Drops or refuses what clients ask beyond their rate.</summary>
/// <param name="shard">The shard.</param>
/// <param name="limit">The rate.</param>
internal sealed class ClientRateJudge(ShardContext shard, RateLimit limit) : IJudge
{
    /// <inheritdoc/>
    public Fate Judge(in Query query, in Origin origin, Judgement judgement)
    {
        if (!limit.Rates.IsOver(in origin.Peer, shard.Clock.Shared))
        {
            return Fate.Undecided;
        }

        if (limit.Limit.Answer == OverLimitAnswer.Drop)
        {
            origin.Counters.RuleDrops++;
            return Fate.Drop;
        }

        int length = limit.Limit.Answer == OverLimitAnswer.Truncate && origin.Protocol == ClientProtocol.Udp
            ? SelfAnswer.WriteTruncated(in query, shard.Options.SelfAnswerPayloadSize, shard.Options.AddEdnsToSelfAnswers, judgement.Room)
            : SelfAnswer.WriteRcode(in query, (int)Rcode.Refused, new AnswerTraits(), shard.Options.SelfAnswerPayloadSize, shard.Options.AddEdnsToSelfAnswers, judgement.Room);
        judgement.Answer(length);
        RuleAnswers.Count(judgement.Reply, origin.Counters);
        return Fate.Answer;
    }
}
