using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Fuzz;

/// <summary>One record as the reference reads it; offsets are those in the message.</summary>
internal sealed record ReferenceRecord(int Section, int Start, int NameEnd, int? Pointer, int Type, int End)
{
    internal int DataStart => NameEnd + 10;
}

/// <summary>
/// The rules of the room once more, written for plainness only: lists, exceptions, no fast path. What the room does
/// is compared with what this does.
/// </summary>
internal sealed class Reference
{
    private readonly byte[] _message;

    internal Reference(byte[] message)
    {
        _message = message;
        HasHeader = message.Length >= 12;
        if (!HasHeader)
        {
            return;
        }

        try
        {
            int offset = 12;
            for (int question = 0; question < Number(4); question++)
            {
                offset = NameAt(offset, false).End + 4;
                Need(offset);
            }

            QuestionEnd = offset;
            HasQuestions = true;
            for (int section = 1; section <= 3; section++)
            {
                for (int left = Number(4 + (2 * section)); left > 0; left--)
                {
                    (int nameEnd, int? pointer) = NameAt(offset, true);
                    Need(nameEnd + 10);
                    int end = nameEnd + 10 + Number(nameEnd + 8);
                    Need(end);
                    Records.Add(new ReferenceRecord(section, offset, nameEnd, pointer, Number(nameEnd), end));
                    offset = end;
                }
            }

            IsSound = true;
            HasTrailer = offset < message.Length;
        }
        catch (FormatException)
        {
        }
    }

    internal bool HasHeader { get; }

    internal bool HasQuestions { get; }

    internal int QuestionEnd { get; }

    internal List<ReferenceRecord> Records { get; } = [];

    internal bool IsSound { get; }

    internal bool HasTrailer { get; }

    internal ReferenceRecord? Opt
    {
        get
        {
            var opts = Records.Where(record => record.Type == 41).ToList();
            return IsSound && opts.Count == 1 && opts[0].Section == 3 && opts[0].NameEnd == opts[0].Start + 1 ? opts[0] : null;
        }
    }

    internal QueryVerdict Verdict
    {
        get
        {
            if (!HasHeader)
            {
                return QueryVerdict.TooShort;
            }

            if (_message[2] >= 0x80)
            {
                return QueryVerdict.NotAQuery;
            }

            if ((_message[2] & 0x78) != 0)
            {
                return QueryVerdict.NotImplemented;
            }

            if (Number(4) != 1 || !HasQuestions || Records.Count(record => record.Type == 41) > 1)
            {
                return QueryVerdict.FormatError;
            }

            return QueryVerdict.Forward;
        }
    }

    /// <summary>The options that the OPT holds, each with its code and length; null when there is nothing to read.</summary>
    internal List<byte[]>? Options
    {
        get
        {
            ReferenceRecord? opt = Opt;
            if (opt is null || _message[opt.Start + 6] != 0)
            {
                return null;
            }

            var options = new List<byte[]>();
            for (int offset = opt.DataStart; offset < opt.End;)
            {
                if (opt.End - offset < 4 || opt.End - offset - 4 < Number(offset + 2))
                {
                    return null;
                }

                int end = offset + 4 + Number(offset + 2);
                options.Add(_message[offset..end]);
                offset = end;
            }

            return options;
        }
    }

    internal bool IsSigned => Records.Any(IsSignature);

    internal bool IsEditable =>
        Opt is ReferenceRecord opt && Options is not null && !HasTrailer && !IsSigned &&
        Records.All(record => record.Start <= opt.Start || (record.Type is 1 or 28 && !(record.Pointer >= opt.Start)));

    internal bool MayAppendOpt =>
        IsSound && !HasTrailer && !Records.Any(record => record.Type == 41 || IsSignature(record));

    /// <summary>The message without its hop-by-hop options, or as it is when it may not be edited.</summary>
    internal byte[] Stripped => IsEditable ? With(Options!.Where(option => CodeOf(option) is not (11 or 12))) : _message;

    /// <summary>The message without its OPT, which must be editable.</summary>
    internal byte[] WithoutOpt
    {
        get
        {
            byte[] rest = [.. _message[..Opt!.Start], .. _message[Opt.End..]];
            bool becomesServFail = rest[2] >= 0x80 && _message[Opt.Start + 5] != 0;
            rest[3] = becomesServFail ? (byte)((rest[3] & 0xF0) | 2) : rest[3];
            return WithAdditional(rest, -1);
        }
    }

    /// <summary>The message with an OPT after its last record.</summary>
    internal byte[] WithOpt(int payloadSize, params byte[] options) => WithAdditional(
        [.. _message, 0, 0, 41, (byte)(payloadSize >> 8), (byte)payloadSize, 0, 0, 0, 0, (byte)(options.Length >> 8), (byte)options.Length, .. options], 1);

    /// <summary>The message with these options in place of its OPT's, which must be editable.</summary>
    internal byte[] With(IEnumerable<byte[]> options)
    {
        byte[] data = [.. options.SelectMany(option => option)];
        return [.. _message[..(Opt!.DataStart - 2)], (byte)(data.Length >> 8), (byte)data.Length, .. data, .. _message[Opt.End..]];
    }

    internal static int CodeOf(byte[] option) => (option[0] << 8) | option[1];

    private byte[] WithAdditional(byte[] message, int more)
    {
        int count = Number(10) + more;
        (message[10], message[11]) = ((byte)(count >> 8), (byte)count);
        return message;
    }

    private int Number(int offset) => (_message[offset] << 8) | _message[offset + 1];

    private bool IsSignature(ReferenceRecord record) =>
        record.Type == 250 ||
        (record.Type == 24 && (record.End - record.DataStart < 2 || Number(record.DataStart) == 0));

    private void Need(int end)
    {
        if (end > _message.Length)
        {
            throw new FormatException();
        }
    }

    private (int End, int? Pointer) NameAt(int start, bool mayPoint)
    {
        int offset = start;
        while (true)
        {
            Need(offset + 1);
            int label = _message[offset];
            if (label >= 0xC0 && mayPoint)
            {
                Need(offset + 2);
                int target = Number(offset) & 0x3FFF;
                return target >= 12 && target < start && offset - start < 255 ? (offset + 2, target) : throw new FormatException();
            }

            offset += 1 + label;
            if (label > 63 || offset - start > 255)
            {
                throw new FormatException();
            }

            if (label == 0)
            {
                return (offset, null);
            }
        }
    }
}
