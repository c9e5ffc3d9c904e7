using System;
using Fastdist.Cache.Answers;
using Fastdist.Dns;

namespace Fastdist.Cache;

/// <summary>
/// The answer to one of several equal queries, for the others: nothing of it that was for the one client alone, its ID, cookie, letter case, reaches another.
/// One at a time.
/// </summary>
public sealed class SharedAnswer
{
    private const int ScopeOffset = 3;

    private readonly byte[] _kept = new byte[ushort.MaxValue + KeptAnswer.MaxOverhead];
    private int _length;
    private byte _scope;

    /// <summary>Takes in what a backend answered.</summary>
    /// <param name="answer">The whole answer, as it came.</param>
    /// <returns>False when it is one that cannot be given to others.</returns>
    public bool TryTake(ReadOnlySpan<byte> answer)
    {
        if (!KeptAnswer.TryWrite(answer, _kept, out _length, out _))
        {
            return false;
        }

        _scope = 0;
        for (var options = new OptionWalk(answer); options.Next();)
        {
            if (options.Code == (ushort)EdnsOption.ClientSubnet && options.Data.Length > ScopeOffset)
            {
                _scope = options.Data[ScopeOffset];
            }
        }

        return true;
    }

    /// <summary>Writes it as the backend would have answered another query that is equal.</summary>
    /// <param name="query">That query, as a backend would have got it but for what is added on the way.</param>
    /// <param name="payloadSize">UDP payload that we receive, bytes.</param>
    /// <param name="destination">Receives the answer: room for the longest message.</param>
    /// <returns>Bytes written; 0 when it has no room.</returns>
    public int Write(in Query query, int payloadSize, Span<byte> destination)
    {
        var traits = new RestoreTraits { FixedTtl = uint.MaxValue, PayloadSize = (ushort)payloadSize, Scope = _scope };
        return KeptAnswer.Restore(_kept.AsSpan(0, _length), in query, in traits, destination);
    }
}
