using System;
using Fastdist.Dns;

namespace Fastdist.Proxy.Gates;

/// <summary>What is done with an answer last, whoever made it and whatever rules did with it. No cache takes this in.</summary>
internal static class AnswerEnd
{
    /// <summary>Has an answer be as it is to be sent.</summary>
    /// <param name="answer">The answer, in memory where it can grow.</param>
    /// <param name="length">Its length, bytes.</param>
    /// <param name="notes">What was decided.</param>
    public static void Apply(Span<byte> answer, ref int length, in AnswerNotes notes)
    {
        if (notes.MaxTtl != uint.MaxValue)
        {
            TimeToLive.Cap(answer[..length], notes.MaxTtl);
        }

        if (notes.Error is { } error)
        {
            _ = EdnsEdit.TrySetExtendedError(answer, ref length, (ExtendedError)error.Code, error.Text, error.Clears);
        }
    }
}
