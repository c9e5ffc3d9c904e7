using System;

namespace Fastdist.Dns;

/// <summary>
/// View of an answer that can be had without its OPT: a response to a QUERY with just one question, sound, unsigned (TSIG, SIG(0)) and with no bytes behind
/// its last record, whose OPT, if there is one, is of version 0, has sound options and can be taken out without a pointer's leading astray.
/// </summary>
public readonly ref struct BareAnswer
{
    private readonly ReadOnlySpan<byte> _before;
    private readonly ReadOnlySpan<byte> _after;

    private BareAnswer(ReadOnlySpan<byte> before, ReadOnlySpan<byte> opt, ReadOnlySpan<byte> after, int questionEnd)
    {
        _before = before;
        _after = after;
        QuestionEnd = questionEnd;
        HasOpt = !opt.IsEmpty;
        UpperRcode = HasOpt ? opt[OptRecord.UpperRcodeOffset] : (byte)0;
        Options = HasOpt ? new OptRecord(opt).Options : default;
    }

    /// <summary>Bytes of the answer without OPT.</summary>
    public int Length => _before.Length + _after.Length;

    /// <summary>Offset after the question.</summary>
    public int QuestionEnd { get; }

    /// <summary>Whether it has an OPT.</summary>
    public bool HasOpt { get; }

    /// <summary>The upper eight bits of its RCODE, which the OPT holds (RFC 6891 section 6.1.3).</summary>
    public byte UpperRcode { get; }

    /// <summary>The OPT's options one behind the other, each well-formed; empty without OPT.</summary>
    public ReadOnlySpan<byte> Options { get; }

    /// <summary>Reads an answer; false when it is not such a one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> answer, out BareAnswer bare)
    {
        bare = default;
        if (!Query.TryFindQuestion(answer, out int questionEnd) || !Header.IsResponse(answer) || Header.Opcode(answer) != Opcode.Query || answer.Length > MessageMap.MaxMessage)
        {
            return false;
        }

        MessageMap map = MessageMap.Walk(answer, questionEnd);
        if (map.MayAppendOpt(answer.Length))
        {
            bare = new BareAnswer(answer, default, default, questionEnd);
            return true;
        }

        if (!map.IsEditable(answer.Length) || !new OptRecord(answer[map.OptOffset..map.OptEnd]).TryReadOptions(out _))
        {
            return false;
        }

        bare = new BareAnswer(answer[..map.OptOffset], answer[map.OptOffset..map.OptEnd], answer[map.OptEnd..], questionEnd);
        return true;
    }

    /// <summary>Writes the answer without OPT.</summary>
    /// <param name="destination">Receives <see cref="Length"/> bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        _before.CopyTo(destination);
        _after.CopyTo(destination[_before.Length..]);
        if (HasOpt)
        {
            Header.SetAdditionalCount(destination, Header.AdditionalCount(destination) - 1);
        }
    }
}
