using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// The twelve bytes that begin every message (RFC 1035 4.1.1). The message given to any of these must hold at
/// least <see cref="Size"/> bytes: <see cref="Query.Parse"/> and <see cref="Answer.Match"/> check that first.
/// </summary>
public static class Header
{
    /// <summary>Size of the header in bytes.</summary>
    public const int Size = 12;

    internal const ushort ResponseBit = 0x8000;
    internal const ushort OpcodeMask = 0x7800;
    internal const ushort AuthoritativeBit = 0x0400;
    internal const ushort TruncatedBit = 0x0200;
    internal const ushort RecursionDesiredBit = 0x0100;
    internal const ushort RecursionAvailableBit = 0x0080;
    internal const ushort AuthenticDataBit = 0x0020;
    internal const ushort CheckingDisabledBit = 0x0010;
    internal const ushort RcodeMask = 0x000F;

    private const int OpcodeShift = 11;

    /// <summary>The message's ID, 0 to 65535.</summary>
    public static ushort Id(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message);

    /// <summary>The sixteen bits after the ID, from QR (the highest) to RCODE (the lowest four).</summary>
    public static ushort Flags(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[2..]);

    /// <summary>QR: whether the message is a response.</summary>
    public static bool IsResponse(ReadOnlySpan<byte> message) => (Flags(message) & ResponseBit) != 0;

    /// <summary>OPCODE, 0 to 15.</summary>
    public static Opcode Opcode(ReadOnlySpan<byte> message) => (Opcode)((Flags(message) & OpcodeMask) >> OpcodeShift);

    /// <summary>TC: whether the message was cut to fit its transport.</summary>
    public static bool IsTruncated(ReadOnlySpan<byte> message) => (Flags(message) & TruncatedBit) != 0;

    /// <summary>RD: whether the client wants recursion.</summary>
    public static bool RecursionDesired(ReadOnlySpan<byte> message) => (Flags(message) & RecursionDesiredBit) != 0;

    /// <summary>AA: whether the server is an authority for the name.</summary>
    public static bool IsAuthoritative(ReadOnlySpan<byte> message) => (Flags(message) & AuthoritativeBit) != 0;

    /// <summary>RA: whether the server offers recursion.</summary>
    public static bool RecursionAvailable(ReadOnlySpan<byte> message) => (Flags(message) & RecursionAvailableBit) != 0;

    /// <summary>AD: whether the server vouches for the data (RFC 4035 3.2.3); in a query, that the client wants to know (RFC 6840 5.7).</summary>
    public static bool AuthenticData(ReadOnlySpan<byte> message) => (Flags(message) & AuthenticDataBit) != 0;

    /// <summary>CD: whether the client wants data that do not validate, too (RFC 4035 3.2.2).</summary>
    public static bool CheckingDisabled(ReadOnlySpan<byte> message) => (Flags(message) & CheckingDisabledBit) != 0;

    /// <summary>The header's four bits of RCODE, 0 to 15; EDNS may add upper bits (RFC 6891 6.1.3).</summary>
    public static Rcode Rcode(ReadOnlySpan<byte> message) => (Rcode)(Flags(message) & RcodeMask);

    /// <summary>QDCOUNT: entries in the question section.</summary>
    public static ushort QuestionCount(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[4..]);

    /// <summary>ANCOUNT: records in the answer section.</summary>
    public static ushort AnswerCount(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[6..]);

    /// <summary>NSCOUNT: records in the authority section.</summary>
    public static ushort AuthorityCount(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[8..]);

    /// <summary>ARCOUNT: records in the additional section.</summary>
    public static ushort AdditionalCount(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt16BigEndian(message[10..]);

    /// <summary>Replaces the message's ID in place.</summary>
    public static void SetId(Span<byte> message, ushort id) => BinaryPrimitives.WriteUInt16BigEndian(message, id);

    /// <summary>Sets or clears QR.</summary>
    public static void SetResponse(Span<byte> message, bool value) => SetFlag(message, ResponseBit, value);

    /// <summary>Sets or clears AA.</summary>
    public static void SetAuthoritative(Span<byte> message, bool value) => SetFlag(message, AuthoritativeBit, value);

    /// <summary>Sets or clears TC, and nothing else.</summary>
    public static void SetTruncated(Span<byte> message, bool value) => SetFlag(message, TruncatedBit, value);

    /// <summary>Sets or clears RD.</summary>
    public static void SetRecursionDesired(Span<byte> message, bool value) => SetFlag(message, RecursionDesiredBit, value);

    /// <summary>Sets or clears RA.</summary>
    public static void SetRecursionAvailable(Span<byte> message, bool value) => SetFlag(message, RecursionAvailableBit, value);

    /// <summary>Sets or clears AD.</summary>
    public static void SetAuthenticData(Span<byte> message, bool value) => SetFlag(message, AuthenticDataBit, value);

    /// <summary>Sets or clears CD.</summary>
    public static void SetCheckingDisabled(Span<byte> message, bool value) => SetFlag(message, CheckingDisabledBit, value);

    /// <summary>Replaces the header's four bits of RCODE; the OPT's, which make it larger, stay (RFC 6891 6.1.3).</summary>
    public static void SetRcode(Span<byte> message, Rcode rcode) =>
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)((Flags(message) & ~RcodeMask) | ((int)rcode & RcodeMask)));

    /// <summary>Replaces ARCOUNT.</summary>
    /// <param name="message">The message.</param>
    /// <param name="count">Records in the additional section, 0 to 65535.</param>
    public static void SetAdditionalCount(Span<byte> message, int count) => BinaryPrimitives.WriteUInt16BigEndian(message[10..], (ushort)count);

    /// <summary>Gives an answer that was made for another client what is this client's: the ID, RD and CD (RFC 1035 section 4.1.1, RFC 4035 section 3.2.2).</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="query">The client's query.</param>
    public static void TakeFromQuery(Span<byte> answer, ReadOnlySpan<byte> query)
    {
        const ushort Clients = RecursionDesiredBit | CheckingDisabledBit;
        SetId(answer, Id(query));
        BinaryPrimitives.WriteUInt16BigEndian(answer[2..], (ushort)((Flags(answer) & ~Clients) | (Flags(query) & Clients)));
    }

    /// <summary>Whether a message is a query of opcode QUERY and has no bits set but those that mean something in it: RD, AD and CD.</summary>
    internal static bool IsPlainQuery(ReadOnlySpan<byte> message) => (Flags(message) & ~(RecursionDesiredBit | AuthenticDataBit | CheckingDisabledBit)) == 0;

    /// <summary>The four counts at once, QDCOUNT in the upper sixteen bits, so that one comparison tells the usual shapes.</summary>
    internal static ulong Counts(ReadOnlySpan<byte> message) => BinaryPrimitives.ReadUInt64BigEndian(message[4..]);

    internal static void Write(
        Span<byte> message, ushort id, ushort flags, int questions, int answers, int authorities, int additionals)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], flags);
        BinaryPrimitives.WriteUInt16BigEndian(message[4..], (ushort)questions);
        BinaryPrimitives.WriteUInt16BigEndian(message[6..], (ushort)answers);
        BinaryPrimitives.WriteUInt16BigEndian(message[8..], (ushort)authorities);
        BinaryPrimitives.WriteUInt16BigEndian(message[10..], (ushort)additionals);
    }

    private static void SetFlag(Span<byte> message, ushort bit, bool value) =>
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)(value ? Flags(message) | bit : Flags(message) & ~bit));
}
