using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Gates;

/// <summary>Changes a query before it goes on, and keeps what its answer is to lose again.</summary>
internal static class QueryEdit
{
    /// <summary>Begins to change flags: the answer gets the client's own RD and CD.</summary>
    /// <returns>The message that goes on.</returns>
    public static Span<byte> Flags(in Query query, Judgement judgement)
    {
        ref Decision decision = ref judgement.Decision;
        if (!decision.Has(DecisionNotes.FlagsChanged))
        {
            decision.Notes |= DecisionNotes.FlagsChanged
                | (Header.RecursionDesired(query.Message) ? DecisionNotes.RecursionDesired : DecisionNotes.None)
                | (Header.CheckingDisabled(query.Message) ? DecisionNotes.CheckingDisabled : DecisionNotes.None);
        }

        return judgement.Edit(query.Message);
    }

    /// <summary>Has an option of EDNS have some data; a client that speaks no EDNS sees nothing of it.</summary>
    public static void SetOption(in Query query, Judgement judgement, ushort code, ReadOnlySpan<byte> data)
    {
        Span<byte> message = judgement.Edit(query.Message);
        int length = judgement.Edited.Length;
        _ = EdnsEdit.TrySetOption(message, ref length, (EdnsOption)code, data, addOpt: true, out bool isOptAdded);
        judgement.EndEdit(length);
        ref Decision decision = ref judgement.Decision;
        decision.Notes |= isOptAdded ? DecisionNotes.OptAdded : DecisionNotes.None;
        if (!MessageFacts.HasOption(query.Message, (EdnsOption)code) && !decision.HasAdded(code))
        {
            // A few are enough: whoever sets more loses the first from sight.
            decision.AddedOptions = (decision.AddedOptions << 16) | code;
        }
    }
}
