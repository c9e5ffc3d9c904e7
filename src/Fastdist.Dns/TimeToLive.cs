using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>The TTLs of a message's records (RFC 1035 section 3.2.1, RFC 2181 section 8).</summary>
public static class TimeToLive
{
    /// <summary>TYPE and CLASS, which stand before the TTL, in bytes.</summary>
    private const int TtlOffset = 4;

    private const int LengthOffset = 8;
    private const int FixedRecordSize = 10;

    /// <summary>
    /// Lowers each TTL that is larger, in place; one with its highest bit set counts as zero. An OPT has none (RFC 6891 section 6.1.3). A signed message (TSIG, SIG(0)) stays as it
    /// is, and of one whose records are broken those before the fault are lowered.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="most">Largest TTL, seconds.</param>
    public static void Cap(Span<byte> message, uint most)
    {
        if (!MessageMap.TryWalk(message, message.Length, out MessageMap map) || map.IsSigned)
        {
            return;
        }

        int offset = MessageMap.EndOfQuestions(message);
        while (offset < map.End)
        {
            int type = WireName.End(message, offset, out _);
            Span<byte> ttl = message[(type + TtlOffset)..];
            bool isOpt = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[type..]) == RecordType.OPT;
            if (!isOpt && BinaryPrimitives.ReadUInt32BigEndian(ttl) is <= int.MaxValue and var seconds && seconds > most)
            {
                BinaryPrimitives.WriteUInt32BigEndian(ttl, most);
            }

            offset = type + FixedRecordSize + BinaryPrimitives.ReadUInt16BigEndian(message[(type + LengthOffset)..]);
        }
    }
}
