using System;
using Fastdist.Dns;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;

namespace Fastdist.Proxy.Gates;

/// <summary>Shows rules what they look at.</summary>
internal static class RuleSubjects
{
    /// <summary>A query as rules see it.</summary>
    /// <param name="query">The query as it came.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="judgement">What was decided so far.</param>
    /// <param name="now">The time, microseconds.</param>
    public static Subject Of(in Query query, in Origin origin, Judgement judgement, long now) =>
        Of(judgement.IsEdited ? judgement.Edited : query.Message, query.QuestionEnd, in origin, judgement.Tags, now) with { DnssecOk = query.DnssecOk };

    /// <summary>An answer as rules see it.</summary>
    /// <param name="message">The answer, with the question of its query.</param>
    /// <param name="questionEnd">Where that ends.</param>
    /// <param name="origin">Where its query came from.</param>
    /// <param name="tags">The tags on it.</param>
    /// <param name="now">The time, microseconds.</param>
    public static Subject OfAnswer(ReadOnlySpan<byte> message, int questionEnd, in Origin origin, int tags, long now) =>
        Of(message, questionEnd, in origin, tags, now) with { IsAnswer = true };

    // The two enumerations have the same values in the same order.
    private static Subject Of(ReadOnlySpan<byte> message, int questionEnd, in Origin origin, int tags, long now) =>
        new(message, questionEnd, (Transport)(byte)origin.Protocol, in origin.Peer, in origin.Bound)
        {
            Asked = origin.Asked,
            ServerName = origin.ServerName,
            Request = origin.Request,
            HasRequest = origin.HasRequest,
            Tags = tags,
            Now = now,
        };
}
