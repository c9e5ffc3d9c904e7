using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// Goes from record to record of a message by the rules of <see cref="MessageMap.Walk"/>, for what must look at each. Its work is linear
/// in the message's length.
/// </summary>
internal ref struct RecordWalk
{
    /// <summary>TYPE, CLASS, TTL and RDLEN, which follow a record's name, in bytes.</summary>
    internal const int FixedSize = 10;

    private const int TtlOffset = 4;
    private const int LengthOffset = 8;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _answers;
    private readonly int _beforeAdditional;
    private readonly int _total;
    private int _index = -1;

    /// <summary>Stands before the first record.</summary>
    /// <param name="message">A message of at least a header.</param>
    /// <param name="questionEnd">Offset after the question section.</param>
    internal RecordWalk(ReadOnlySpan<byte> message, int questionEnd)
    {
        _message = message;
        _answers = Header.AnswerCount(message);
        _beforeAdditional = _answers + Header.AuthorityCount(message);
        _total = _beforeAdditional + Header.AdditionalCount(message);
        End = questionEnd;
    }

    /// <summary>Offset of the record's first byte.</summary>
    internal int Start { get; private set; }

    /// <summary>Offset after the record's name.</summary>
    internal int NameEnd { get; private set; }

    /// <summary>Offset after the record.</summary>
    internal int End { get; private set; }

    /// <summary>What the record's name points to, or 0 when it has no pointer.</summary>
    internal int Target { get; private set; }

    /// <summary>Whether the walk ended where a record is broken.</summary>
    internal bool IsBroken { get; private set; }

    /// <summary>Offset of the record's RDATA.</summary>
    internal readonly int Data => NameEnd + FixedSize;

    /// <summary>Offset of the record's TTL.</summary>
    internal readonly int TtlAt => NameEnd + TtlOffset;

    /// <summary>The record's type.</summary>
    internal readonly RecordType Type => (RecordType)BinaryPrimitives.ReadUInt16BigEndian(_message[NameEnd..]);

    /// <summary>The record's section.</summary>
    internal readonly MessageSection Section =>
        _index < _answers ? MessageSection.Answer : _index < _beforeAdditional ? MessageSection.Authority : MessageSection.Additional;

    /// <summary>Goes to the next record; false when there is none, or when it <see cref="IsBroken"/>.</summary>
    internal bool Next()
    {
        if (IsBroken || _index + 1 >= _total)
        {
            return false;
        }

        int nameEnd = WireName.End(_message, End, out int target);
        int data = nameEnd + FixedSize;
        IsBroken = nameEnd < 0 || data > _message.Length
            || _message.Length - data < BinaryPrimitives.ReadUInt16BigEndian(_message[(nameEnd + LengthOffset)..]);
        if (IsBroken)
        {
            return false;
        }

        _index++;
        (Start, NameEnd, Target) = (End, nameEnd, target);
        End = data + BinaryPrimitives.ReadUInt16BigEndian(_message[(nameEnd + LengthOffset)..]);
        return true;
    }
}
