using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Gates;

/// <summary>
/// Where every answer passes once, whoever asked. It does so whole, in memory where it can grow, as in the receive buffer the next frame
/// lies behind it; whoever asked cuts it to what a client takes, last of all.
/// </summary>
/// <param name="table">The queries in flight.</param>
/// <param name="payloadSize">UDP payload that we receive, bytes.</param>
internal sealed class AnswerSide(InFlightTable table, int payloadSize)
{
    private const int MostMessage = ushort.MaxValue;

    /// <summary>UDP payload that we receive, bytes.</summary>
    public int PayloadSize { get; set; } = payloadSize;

    private readonly byte[] _scratch = new byte[MostMessage];

    /// <summary>Takes in what a backend answered, where it may be edited and grow.</summary>
    /// <returns>Room for the longest message, with the answer at its beginning.</returns>
    public Span<byte> TakeIn(ReadOnlySpan<byte> received)
    {
        received.CopyTo(_scratch);
        return _scratch;
    }

    /// <summary>Gives the answer that was taken in to whoever asked; the query ends after it.</summary>
    /// <param name="index">The query.</param>
    /// <param name="length">Bytes of the answer, without what came of our own edits.</param>
    public void Pass(int index, int length)
    {
        ref InFlightEntry entry = ref table[index];
        Span<byte> answer = _scratch;
        Header.SetId(answer, entry.OriginalId);
        length = HopByHop.Restate(answer, length, PayloadSize);
        if (entry.HasDecision)
        {
            Apply(in table.DecisionOf(in entry), ref length);
        }

        table.AskerOf(in entry).Answered(in entry, answer[..length]);
    }

    /// <summary>Has an answer be what was decided when its query came.</summary>
    private void Apply(in Decision decision, ref int length)
    {
        if (decision.MaxTtl != uint.MaxValue)
        {
            TimeToLive.Cap(_scratch.AsSpan(0, length), decision.MaxTtl);
        }

        if (decision.Reason is { } reason)
        {
            ReadOnlySpan<byte> code = [(byte)((ushort)reason >> 8), (byte)reason];
            EdnsEdit.TryAddOption(_scratch, ref length, EdnsOption.ExtendedError, code);
        }
    }
}
