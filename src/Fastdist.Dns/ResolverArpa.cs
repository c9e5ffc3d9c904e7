using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// resolver.arpa, under which a client asks the very resolver it talks to for its encrypted transports (RFC 9462 section 4).
/// What another one says there is not about us, and the client would leave for it. So it is an empty zone here (RFC 6303
/// section 3): no name in it has any record.
/// </summary>
public static class ResolverArpa
{
    /// <summary>TTL of the SOA and of the negative answer (RFC 6303 section 3), seconds.</summary>
    private const int Ttl = 10_800;

    private const ushort PointerBits = 0xC000;
    private const ushort AnyClass = 255;
    private const ushort InternetClass = 1;

    /// <summary>The five numbers of the SOA: serial, refresh, retry, expire, minimum.</summary>
    private static ReadOnlySpan<int> Timers => [1, 3600, 1200, 604_800, Ttl];

    private static ReadOnlySpan<byte> Zone => "\u0008resolver\u0004arpa\0"u8;

    private static ReadOnlySpan<byte> Mailbox => "\u0006nobody\u0007invalid\0"u8;

    /// <summary>Whether a name is resolver.arpa or below it, ASCII case aside.</summary>
    /// <param name="name">A validated name in wire form.</param>
    public static bool Holds(ReadOnlySpan<byte> name)
    {
        int start = name.Length - Zone.Length;
        if (start < 0 || name[start] != Zone[0] || !Names.EqualsIgnoreCase(name[start..], Zone))
        {
            return false;
        }

        // The bytes may be the end of a longer label.
        int offset = 0;
        while (offset < start)
        {
            offset += 1 + name[offset];
        }

        return offset == start;
    }

    /// <summary>
    /// Writes the authoritative answer that there are no such records, with the SOA that lets it be kept (RFC 2308 section 3).
    /// RA is set for who wants recursion: a stub resolver takes an empty answer with neither AA nor RA for a lame server's.
    /// </summary>
    /// <param name="query">A query that <see cref="Query.Parse"/> took, for a name that is <see cref="Holds">held</see>.</param>
    /// <param name="destination">Receives the answer; <see cref="ErrorAnswer.MaxSize"/> bytes are always enough.</param>
    /// <param name="payloadSize">UDP payload that we receive, 512 to 65535 bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteNoData(in Query query, Span<byte> destination, int payloadSize = ErrorAnswer.DefaultPayloadSize)
    {
        MessageMap map = MessageMap.Walk(query.Message, query.QuestionEnd);
        if (map.HasOpt && new OptRecord(query.Message[map.OptOffset..map.OptEnd]).Version != 0)
        {
            // There is a version 0 only (RFC 6891 section 6.1.3).
            return ErrorAnswer.Write(query.Message, Rcode.BadVers, destination, payloadSize: payloadSize);
        }

        int end = ErrorAnswer.Write(query.Message, Rcode.NoError, destination, payloadSize: payloadSize);
        int opt = query.QuestionEnd;
        int zone = opt - Query.TypeAndClassSize - Zone.Length;
        int size = SoaSize;
        destination[opt..end].CopyTo(destination[(opt + size)..]);
        WriteSoa(destination.Slice(opt, size), (ushort)zone, query.Class == AnyClass ? InternetClass : query.Class);
        int flags = Header.Flags(destination) | Header.AuthoritativeBit
            | (Header.RecursionDesired(destination) ? Header.RecursionAvailableBit : 0);
        Header.Write(destination, query.Id, (ushort)flags, 1, 0, 1, Header.AdditionalCount(destination));
        return end + size;
    }

    /// <summary>Owner and MNAME are pointers to the zone's name in the question.</summary>
    private static int SoaSize => sizeof(ushort) + 10 + sizeof(ushort) + Mailbox.Length + (Timers.Length * sizeof(int));

    private static void WriteSoa(Span<byte> record, ushort zone, ushort recordClass)
    {
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)(PointerBits | zone));
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], (ushort)RecordType.SOA);
        BinaryPrimitives.WriteUInt16BigEndian(record[4..], recordClass);
        BinaryPrimitives.WriteInt32BigEndian(record[6..], Ttl);
        BinaryPrimitives.WriteUInt16BigEndian(record[10..], (ushort)(record.Length - 12));

        // An update would be sent to MNAME, so nobody else's name stands there.
        BinaryPrimitives.WriteUInt16BigEndian(record[12..], (ushort)(PointerBits | zone));
        Mailbox.CopyTo(record[14..]);
        Span<byte> numbers = record[(14 + Mailbox.Length)..];
        for (int i = 0; i < Timers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(numbers[(i * sizeof(int))..], Timers[i]);
        }
    }
}
