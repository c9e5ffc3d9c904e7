using System;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Fastdist.Dns;

/// <summary>
/// The answers that rules make. All of them are written by <see cref="SelfAnswerWriter"/>, which says what of the query they keep and
/// when the destination may be the query's own buffer; all return the answer's length, or 0 when it does not fit.
/// </summary>
public static class SelfAnswer
{
    private const int IPv4Size = 4;
    private const int IPv6Size = 16;

    /// <summary>Writes an answer without records.</summary>
    /// <param name="query">The query.</param>
    /// <param name="rcode">The outcome, 0 to 4095; the bits beyond 15 are lost when there is no OPT to carry them.</param>
    /// <param name="traits">What the operator says about the answer.</param>
    /// <param name="payloadSize">UDP payload that the OPT states, 512 to 65535 bytes.</param>
    /// <param name="addEdns">Whether the answer to a query with an OPT has one.</param>
    /// <param name="destination">Receives the answer.</param>
    public static int WriteRcode(in Query query, int rcode, in AnswerTraits traits, int payloadSize, bool addEdns, Span<byte> destination)
    {
        var writer = new SelfAnswerWriter(in query, in traits, destination) { Rcode = rcode };
        return writer.Finish(payloadSize, addEdns);
    }

    /// <summary>Writes an answer without records that has the client ask again over TCP: TC=1, RA=RD, AA=0, AD=0.</summary>
    /// <param name="query">The query.</param>
    /// <param name="payloadSize">UDP payload that the OPT states, 512 to 65535 bytes.</param>
    /// <param name="addEdns">Whether the answer to a query with an OPT has one.</param>
    /// <param name="destination">Receives the answer.</param>
    public static int WriteTruncated(in Query query, int payloadSize, bool addEdns, Span<byte> destination)
    {
        var traits = new AnswerTraits { Authoritative = false };
        return new SelfAnswerWriter(in query, in traits, destination, isTruncated: true).Finish(payloadSize, addEdns);
    }

    /// <summary>Writes an answer of one record, such as a CNAME, whose RDATA is the other name in wire form.</summary>
    /// <param name="query">The query.</param>
    /// <param name="type">The record's type.</param>
    /// <param name="data">The record's RDATA, which must not lie in the destination.</param>
    /// <param name="traits">What the operator says about the answer.</param>
    /// <param name="payloadSize">UDP payload that the OPT states, 512 to 65535 bytes.</param>
    /// <param name="addEdns">Whether the answer to a query with an OPT has one.</param>
    /// <param name="destination">Receives the answer.</param>
    public static int WriteRecord(
        in Query query, RecordType type, ReadOnlySpan<byte> data, in AnswerTraits traits, int payloadSize, bool addEdns, Span<byte> destination)
    {
        var writer = new SelfAnswerWriter(in query, in traits, destination);
        writer.AddRecord(type, traits.Ttl, data);
        return writer.Finish(payloadSize, addEdns);
    }

    /// <summary>Writes an answer of records of one type, in the order given.</summary>
    /// <param name="query">The query.</param>
    /// <param name="type">The records' type.</param>
    /// <param name="data">Each record's RDATA.</param>
    /// <param name="traits">What the operator says about the answer.</param>
    /// <param name="payloadSize">UDP payload that the OPT states, 512 to 65535 bytes.</param>
    /// <param name="addEdns">Whether the answer to a query with an OPT has one.</param>
    /// <param name="destination">Receives the answer.</param>
    public static int WriteRecords(
        in Query query, RecordType type, ReadOnlySpan<byte[]> data, in AnswerTraits traits, int payloadSize, bool addEdns, Span<byte> destination)
    {
        var writer = new SelfAnswerWriter(in query, in traits, destination);
        foreach (byte[] each in data)
        {
            writer.AddRecord(type, traits.Ttl, each);
        }

        return writer.Finish(payloadSize, addEdns);
    }

    /// <summary>Writes an answer of those addresses that a query asks for, A, AAAA, or both where it is of type ANY, in the order given.</summary>
    /// <param name="query">The query.</param>
    /// <param name="ipv4">IPv4 addresses one behind the other, 4 bytes each in network order.</param>
    /// <param name="ipv6">IPv6 addresses one behind the other, 16 bytes each.</param>
    /// <param name="traits">What the operator says about the answer.</param>
    /// <param name="payloadSize">UDP payload that the OPT states, 512 to 65535 bytes.</param>
    /// <param name="addEdns">Whether the answer to a query with an OPT has one.</param>
    /// <param name="destination">Receives the answer.</param>
    /// <returns>The answer's length in bytes; 0 also when there is no address that the query asks for.</returns>
    public static int WriteAddresses(
        in Query query,
        ReadOnlySpan<byte> ipv4,
        ReadOnlySpan<byte> ipv6,
        in AnswerTraits traits,
        int payloadSize,
        bool addEdns,
        Span<byte> destination)
    {
        Debug.Assert(ipv4.Length % IPv4Size == 0 && ipv6.Length % IPv6Size == 0, "addresses are whole");
        RecordType asked = query.IsSound ? query.Type : default;
        ipv4 = asked is RecordType.A or RecordType.ANY ? ipv4 : default;
        ipv6 = asked is RecordType.AAAA or RecordType.ANY ? ipv6 : default;
        if (ipv4.IsEmpty && ipv6.IsEmpty)
        {
            return 0;
        }

        var writer = new SelfAnswerWriter(in query, in traits, destination);
        for (; ipv4.Length >= IPv4Size; ipv4 = ipv4[IPv4Size..])
        {
            writer.AddRecord(RecordType.A, traits.Ttl, ipv4[..IPv4Size]);
        }

        for (; ipv6.Length >= IPv6Size; ipv6 = ipv6[IPv6Size..])
        {
            writer.AddRecord(RecordType.AAAA, traits.Ttl, ipv6[..IPv6Size]);
        }

        return writer.Finish(payloadSize, addEdns);
    }

    /// <summary>Writes an answer that a name, or a type of it, does not exist, with the SOA that says how long this may be kept (RFC 2308).</summary>
    /// <param name="query">The query.</param>
    /// <param name="isNameError">Whether there is no such name; else there are no records of this type.</param>
    /// <param name="soa">The SOA.</param>
    /// <param name="soaTtl">The SOA's TTL, in seconds.</param>
    /// <param name="section">The SOA's section: authority as RFC 2308 says, or additional for clients that must not keep the answer.</param>
    /// <param name="traits">What the operator says about the answer.</param>
    /// <param name="payloadSize">UDP payload that the OPT states, 512 to 65535 bytes.</param>
    /// <param name="addEdns">Whether the answer to a query with an OPT has one.</param>
    /// <param name="destination">Receives the answer.</param>
    public static int WriteNegative(
        in Query query,
        bool isNameError,
        StartOfAuthority soa,
        uint soaTtl,
        MessageSection section,
        in AnswerTraits traits,
        int payloadSize,
        bool addEdns,
        Span<byte> destination)
    {
        var writer = new SelfAnswerWriter(in query, in traits, destination) { Rcode = (int)(isNameError ? Rcode.NXDomain : Rcode.NoError) };
        writer.AddSoa(section, soa, soaTtl);
        return writer.Finish(payloadSize, addEdns);
    }

    /// <summary>Writes a message as it is but for its ID, RD and CD, which are the query's, and QR, which is set: it must not pass for a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="packet">The message, of at least a header, which must not lie in the destination.</param>
    /// <param name="destination">Receives the answer.</param>
    public static int WritePacket(in Query query, ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        if (!query.IsSound || packet.Length < Header.Size || packet.Length > Math.Min(destination.Length, MessageMap.MaxMessage))
        {
            return 0;
        }

        const ushort Copied = Header.RecursionDesiredBit | Header.CheckingDisabledBit;
        ushort id = query.Id;
        int flags = Header.ResponseBit | (Header.Flags(packet) & ~Copied) | (Header.Flags(query.Message) & Copied);
        packet.CopyTo(destination);
        Header.SetId(destination, id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)flags);
        return packet.Length;
    }
}
