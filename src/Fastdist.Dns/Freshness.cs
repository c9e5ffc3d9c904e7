using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>How long an answer may be kept by who did not ask for it, such as an HTTP cache (RFC 8484 section 5.1).</summary>
public static class Freshness
{
    /// <summary>The answer must not be kept.</summary>
    public const long None = -1;

    /// <summary>TYPE, CLASS, TTL and RDLEN, in bytes.</summary>
    private const int FixedRecordSize = 10;

    /// <summary>
    /// The smallest TTL of the answer section, and for a negative answer what its SOA allows (RFC 2308 section 5).
    /// A failure, a truncated or broken message and a negative answer without SOA must not be kept.
    /// </summary>
    /// <param name="message">The answer.</param>
    /// <returns>Seconds, 0 to 2,147,483,647, or <see cref="None"/>.</returns>
    public static long Of(ReadOnlySpan<byte> message)
    {
        if (message.Length < Header.Size)
        {
            return None;
        }

        Rcode rcode = Header.Rcode(message);
        int offset = MessageMap.EndOfQuestions(message);
        if (offset < 0 || rcode is not (Rcode.NoError or Rcode.NXDomain) || Header.IsTruncated(message))
        {
            return None;
        }

        long smallest = long.MaxValue;
        for (int left = Header.AnswerCount(message); left > 0; left--)
        {
            if (!TryRead(message, ref offset, out Record record))
            {
                return None;
            }

            smallest = Math.Min(smallest, record.Ttl);
        }

        bool isNegative = rcode == Rcode.NXDomain || smallest == long.MaxValue;
        return isNegative ? Math.Min(smallest, OfDenial(message, offset)) : smallest;
    }

    private static long OfDenial(ReadOnlySpan<byte> message, int offset)
    {
        for (int left = Header.AuthorityCount(message); left > 0; left--)
        {
            if (!TryRead(message, ref offset, out Record record))
            {
                return None;
            }

            if (record.Type == RecordType.SOA && record.Data.Length >= sizeof(uint))
            {
                return Math.Min(record.Ttl, Seconds(BinaryPrimitives.ReadUInt32BigEndian(record.Data[^sizeof(uint)..])));
            }
        }

        return None;
    }

    private static bool TryRead(ReadOnlySpan<byte> message, ref int offset, out Record record)
    {
        record = default;
        int nameEnd = WireName.End(message, offset, out _);
        if (nameEnd < 0 || message.Length - nameEnd < FixedRecordSize)
        {
            return false;
        }

        ReadOnlySpan<byte> fixedPart = message.Slice(nameEnd, FixedRecordSize);
        int length = BinaryPrimitives.ReadUInt16BigEndian(fixedPart[8..]);
        int data = nameEnd + FixedRecordSize;
        if (message.Length - data < length)
        {
            return false;
        }

        record = new Record
        {
            Type = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(fixedPart),
            Ttl = Seconds(BinaryPrimitives.ReadUInt32BigEndian(fixedPart[4..])),
            Data = message.Slice(data, length),
        };
        offset = data + length;
        return true;
    }

    // RFC 2181 section 8: a TTL with its highest bit set counts as zero.
    private static long Seconds(uint ttl) => ttl > int.MaxValue ? 0 : ttl;

    private ref struct Record
    {
        public RecordType Type;
        public long Ttl;
        public ReadOnlySpan<byte> Data;
    }
}
