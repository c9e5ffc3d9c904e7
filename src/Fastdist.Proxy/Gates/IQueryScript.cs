using System;
using Fastdist.Dns;

namespace Fastdist.Proxy.Gates;

/// <summary>What a rule has done about queries that is written in a language: one shard's.</summary>
internal interface IQueryScript
{
    /// <summary>Does it; never throws.</summary>
    /// <param name="query">The query as it came.</param>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="judgement">Takes what comes of it.</param>
    Verdict Do(in Query query, in Origin origin, Judgement judgement);
}

/// <summary>What a rule has done about answers that is written in a language: one shard's.</summary>
internal interface IAnswerScript
{
    /// <summary>Does it; never throws.</summary>
    /// <param name="answer">The answer, in memory where it can grow.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="questionEnd">Where its question ends.</param>
    /// <param name="origin">Where its query came from.</param>
    /// <param name="notes">What is to be done when all rules were asked.</param>
    Verdict Do(Span<byte> answer, ref int length, int questionEnd, in Origin origin, ref AnswerNotes notes);
}
