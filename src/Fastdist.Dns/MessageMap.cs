using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// What a walk over a message's records found. The reader of queries, the editors of options and the truncater
/// all decide by this one walk, so that none of them can see an OPT where another sees none.
/// </summary>
internal readonly struct MessageMap
{
    /// <summary>Longest message, in bytes: what a stream's length prefix can say (RFC 1035 4.2.2).</summary>
    internal const int MaxMessage = ushort.MaxValue;

    /// <summary>Size of TYPE, CLASS, TTL and RDLEN, which follow a record's name, in bytes.</summary>
    private const int FixedRecordSize = 10;

    private MessageMap(int end, int optOffset, int optEnd, int optCount, bool isSound, bool isSigned, bool isPinned)
    {
        End = end;
        OptOffset = optOffset;
        OptEnd = optEnd;
        OptCount = optCount;
        IsSound = isSound;
        HasOpt = isSound && optCount == 1 && optOffset > 0;
        IsSigned = isSigned;
        IsPinned = isPinned;
    }

    /// <summary>Offset after the last record that was walked.</summary>
    internal int End { get; }

    /// <summary>Offset of the OPT record's first byte, when <see cref="HasOpt"/>.</summary>
    internal int OptOffset { get; }

    /// <summary>Offset after the OPT record's RDATA, when <see cref="HasOpt"/>.</summary>
    internal int OptEnd { get; }

    /// <summary>Records of type OPT seen, wherever and however formed.</summary>
    internal int OptCount { get; }

    /// <summary>Whether every counted record lies within the message.</summary>
    internal bool IsSound { get; }

    /// <summary>Whether every counted record lies within the message and one of them, and only one, is a well-placed OPT.</summary>
    internal bool HasOpt { get; }

    /// <summary>Whether a signature over the message's bytes was seen, which any edit would void (TSIG, SIG(0)).</summary>
    internal bool IsSigned { get; }

    /// <summary>
    /// Whether the records may not move: the message is signed (TSIG, SIG(0)) or broken, or a record after the OPT may
    /// hold a compression pointer to something that moves with it.
    /// </summary>
    private bool IsPinned { get; }

    /// <summary>Whether the OPT's options may be edited in a message of <paramref name="length"/> bytes.</summary>
    internal bool IsEditable(int length) => HasOpt && !IsPinned && End == length;

    /// <summary>
    /// Whether an OPT may be added after the last record of a message of <paramref name="length"/> bytes: it has none,
    /// and no signature or trailing bytes. Nothing moves, so it does not matter what the records are.
    /// </summary>
    internal bool MayAppendOpt(int length) => OptCount == 0 && !IsPinned && End == length;

    /// <summary>Walks the records of the message in the first <paramref name="length"/> bytes of a buffer.</summary>
    /// <returns>False when the length is no message's in that buffer, or the question section is broken.</returns>
    internal static bool TryWalk(ReadOnlySpan<byte> buffer, int length, out MessageMap map)
    {
        map = default;
        if (length < Header.Size || length > Math.Min(buffer.Length, MaxMessage))
        {
            return false;
        }

        ReadOnlySpan<byte> message = buffer[..length];
        int questionEnd = EndOfQuestions(message);
        if (questionEnd < 0)
        {
            return false;
        }

        map = Walk(message, questionEnd);
        return true;
    }

    /// <summary>Walks the records that follow the question section. Its work is linear in the message's length.</summary>
    /// <param name="message">A message of at least a header.</param>
    /// <param name="questionEnd">Offset after the question section.</param>
    internal static MessageMap Walk(ReadOnlySpan<byte> message, int questionEnd)
    {
        int beforeAdditional = Header.AnswerCount(message) + Header.AuthorityCount(message);
        int total = beforeAdditional + Header.AdditionalCount(message);
        int offset = questionEnd;
        int optOffset = 0, optEnd = 0, optCount = 0;
        bool signed = false, pinned = false;

        // The counts may promise 196,605 records; each takes eleven bytes or ends the walk.
        for (int index = 0; index < total; index++)
        {
            int nameEnd = WireName.End(message, offset, out int target);
            if (nameEnd < 0 || message.Length - nameEnd < FixedRecordSize)
            {
                return new MessageMap(offset, optOffset, optEnd, optCount, false, signed, true);
            }

            ReadOnlySpan<byte> fixedPart = message.Slice(nameEnd, FixedRecordSize);
            int dataLength = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]);
            int data = nameEnd + FixedRecordSize;
            if (message.Length - data < dataLength)
            {
                return new MessageMap(offset, optOffset, optEnd, optCount, false, signed, true);
            }

            var type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(fixedPart);
            if (type == RecordType.OPT)
            {
                optCount++;
                bool wellPlaced = index >= beforeAdditional && nameEnd == offset + 1;
                optOffset = wellPlaced ? offset : 0;
                optEnd = data + dataLength;
            }
            else
            {
                signed |= IsSignature(type, message.Slice(data, dataLength));
                pinned |= optCount > 0 && (target >= optOffset || type is not (RecordType.A or RecordType.AAAA));
            }

            offset = data + dataLength;
        }

        return new MessageMap(offset, optOffset, optEnd, optCount, true, signed, signed || pinned);
    }

    /// <summary>The offset after a question section of any count; -1 when it is broken.</summary>
    internal static int EndOfQuestions(ReadOnlySpan<byte> message)
    {
        int offset = Header.Size;
        for (int left = Header.QuestionCount(message); left > 0; left--)
        {
            offset = EndOfQuestion(message, offset);
            if (offset < 0)
            {
                return -1;
            }
        }

        return offset;
    }

    /// <summary>The offset after an uncompressed question that begins at <paramref name="start"/>; -1 when it is broken.</summary>
    internal static int EndOfQuestion(ReadOnlySpan<byte> message, int start)
    {
        int nameEnd = WireName.EndOfPlain(message, start);
        return nameEnd < 0 || message.Length - nameEnd < Query.TypeAndClassSize ? -1 : nameEnd + Query.TypeAndClassSize;
    }

    // TSIG (RFC 8945) and SIG covering type 0 (RFC 2931) sign the message's bytes: an edit would void them.
    private static bool IsSignature(RecordType type, ReadOnlySpan<byte> data) =>
        type == RecordType.TSIG ||
        (type == RecordType.SIG && (data.Length < 2 || BinaryPrimitives.ReadUInt16BigEndian(data) == 0));
}
