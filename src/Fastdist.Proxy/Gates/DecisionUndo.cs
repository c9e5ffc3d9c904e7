using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Gates;

/// <summary>Takes out of an answer what is there because rules changed its query, so that a client sees only what it asked for.</summary>
internal static class DecisionUndo
{
    /// <summary>Takes it out.</summary>
    /// <param name="decision">What was done.</param>
    /// <param name="answer">The answer, at least a header.</param>
    /// <param name="length">Its length, bytes.</param>
    public static void Undo(in Decision decision, Span<byte> answer, ref int length)
    {
        if (decision.Has(DecisionNotes.FlagsChanged))
        {
            Header.SetRecursionDesired(answer, decision.Has(DecisionNotes.RecursionDesired));
            Header.SetCheckingDisabled(answer, decision.Has(DecisionNotes.CheckingDisabled));
        }

        if (decision.Has(DecisionNotes.OptAdded))
        {
            EdnsEdit.TryRemoveOpt(answer, ref length);
            return;
        }

        for (ulong codes = decision.AddedOptions; codes != 0; codes >>= 16)
        {
            EdnsEdit.TryRemoveOption(answer, ref length, (EdnsOption)(ushort)codes);
        }
    }
}
