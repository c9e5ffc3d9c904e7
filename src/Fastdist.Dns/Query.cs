using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// View of a client's query: one sound question, and what its EDNS record says. Refers to the message's bytes and
/// so lives no longer than they do; an edit of the message makes it stale.
/// </summary>
public readonly ref struct Query
{
    /// <summary>Size of QTYPE and QCLASS, in bytes.</summary>
    internal const int TypeAndClassSize = 4;

    /// <summary>What <see cref="Header.Counts"/> says of a question alone.</summary>
    internal const ulong OneQuestion = 1UL << 48;

    /// <summary>What it says besides of one record in the additional section.</summary>
    internal const ulong OneAdditional = 1UL;

    private readonly int _payloadSize;

    private Query(ReadOnlySpan<byte> message, int questionEnd, bool isSound = true)
    {
        Message = message;
        QuestionEnd = questionEnd;
        IsSound = isSound;
    }

    private Query(ReadOnlySpan<byte> message, int questionEnd, OptRecord opt, bool editable)
        : this(message, questionEnd)
    {
        _payloadSize = opt.PayloadSize;
        DnssecOk = opt.DnssecOk;
        _ = opt.TryReadOptions(out EdnsTraits options);
        Edns = EdnsTraits.HasOpt | options;
        HasHopByHopOptions = editable && (options & EdnsTraits.HopByHop) != 0;
    }

    /// <summary>
    /// Whether this is a view of a query at all: one question and at most one OPT, whatever opcode and type. False for what
    /// <see cref="Parse"/> found too broken to be judged by its content.
    /// </summary>
    public bool IsSound { get; }

    /// <summary>The whole message, as it was given.</summary>
    public ReadOnlySpan<byte> Message { get; }

    /// <summary>The client's ID, 0 to 65535.</summary>
    public ushort Id => Header.Id(Message);

    /// <summary>The question's name in wire form, uncompressed, 1 to 255 bytes with the root's byte.</summary>
    public ReadOnlySpan<byte> Name => NameOf(Message, QuestionEnd);

    /// <summary>The question's type.</summary>
    public RecordType Type => TypeOf(Message, QuestionEnd);

    /// <summary>The question's class, 1 for the Internet.</summary>
    public ushort Class => ClassOf(Message, QuestionEnd);

    /// <summary>The question as it stands in the message: name, type and class, 5 to 259 bytes.</summary>
    public ReadOnlySpan<byte> Question => Message[Header.Size..QuestionEnd];

    /// <summary>Offset after the question in the message.</summary>
    public int QuestionEnd { get; }

    /// <summary>
    /// What the query's EDNS record says, <see cref="EdnsTraits.None"/> when the records after the question are broken, even if an OPT
    /// is among them. Unlike <see cref="HasHopByHopOptions"/> it does not depend on whether the OPT may be edited.
    /// </summary>
    public EdnsTraits Edns { get; }

    /// <summary>Whether the query has a sound OPT record (RFC 6891).</summary>
    public bool HasEdns => (Edns & EdnsTraits.HasOpt) != 0;

    /// <summary>Largest UDP answer that the client takes, 512 to 65535 bytes; 512 without EDNS (RFC 6891 6.2.3).</summary>
    public int UdpPayloadSize => Math.Max(_payloadSize, OptRecord.MinPayloadSize);

    /// <summary>DO: whether the client wants DNSSEC records (RFC 3225).</summary>
    public bool DnssecOk { get; }

    /// <summary>
    /// Whether <see cref="HopByHop.Strip"/> would take something out: edns-tcp-keepalive (RFC 7828) or padding
    /// (RFC 7830) stands in an OPT that may be edited.
    /// </summary>
    public bool HasHopByHopOptions { get; }

    /// <summary>
    /// Reads a message from a client. Bytes and records after the question are never an error, except for a second
    /// OPT (RFC 6891 6.1.1): the backend judges them.
    /// </summary>
    /// <param name="message">The message, without a stream's length prefix.</param>
    /// <param name="query">The view, when it <see cref="IsSound"/>; else at most what its EDNS record says.</param>
    public static QueryVerdict Parse(ReadOnlySpan<byte> message, out Query query)
    {
        query = default;
        if (message.Length < Header.Size)
        {
            return QueryVerdict.TooShort;
        }

        ushort flags = Header.Flags(message);
        if ((flags & Header.ResponseBit) != 0)
        {
            return QueryVerdict.NotAQuery;
        }

        bool isImplemented = (flags & Header.OpcodeMask) == 0;
        QueryVerdict broken = isImplemented ? QueryVerdict.FormatError : QueryVerdict.NotImplemented;
        ulong counts = Header.Counts(message);
        if (counts >> 48 != 1)
        {
            return broken;
        }

        int questionEnd = MessageMap.EndOfQuestion(message, Header.Size);
        if (questionEnd < 0)
        {
            return broken;
        }

        ReadOnlySpan<byte> rest = message[questionEnd..];
        if (counts == OneQuestion)
        {
            query = new Query(message, questionEnd);
        }
        else if (counts == (OneQuestion | OneAdditional) && IsLoneOpt(rest))
        {
            query = new Query(message, questionEnd, new OptRecord(rest), true);
        }
        else if (!TryWalk(message, questionEnd, out query))
        {
            return broken;
        }

        return isImplemented ? QueryVerdict.Forward : QueryVerdict.NotImplemented;
    }

    /// <summary>Finds the one question of a message, be it a query or an answer.</summary>
    /// <param name="message">The message.</param>
    /// <param name="questionEnd">Where the question ends; -1 without one.</param>
    /// <returns>False when there is not just one, or it is broken.</returns>
    public static bool TryFindQuestion(ReadOnlySpan<byte> message, out int questionEnd)
    {
        questionEnd = message.Length >= Header.Size && Header.QuestionCount(message) == 1 ? MessageMap.EndOfQuestion(message, Header.Size) : -1;
        return questionEnd > 0;
    }

    /// <summary>The name of the first question of a message, be it a query or an answer, in wire form.</summary>
    /// <param name="message">The message.</param>
    /// <param name="questionEnd">Where that question ends, as <see cref="TryFindQuestion"/> or <see cref="QuestionEnd"/> says.</param>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> message, int questionEnd) => message[Header.Size..(questionEnd - TypeAndClassSize)];

    /// <summary>The type of that question.</summary>
    /// <inheritdoc cref="NameOf"/>
    public static RecordType TypeOf(ReadOnlySpan<byte> message, int questionEnd) => (RecordType)BinaryPrimitives.ReadUInt16BigEndian(message[(questionEnd - TypeAndClassSize)..]);

    /// <summary>The class of that question.</summary>
    /// <inheritdoc cref="NameOf"/>
    public static ushort ClassOf(ReadOnlySpan<byte> message, int questionEnd) => BinaryPrimitives.ReadUInt16BigEndian(message[(questionEnd - TypeAndClassSize + 2)..]);

    /// <summary>Whether what follows a question is an OPT and no more: what nearly every EDNS query ends in. Anything else takes the walk, which must come to the same result.</summary>
    internal static bool IsLoneOpt(ReadOnlySpan<byte> rest) =>
        rest.Length >= OptRecord.FixedSize &&
        rest[0] == 0 &&
        BinaryPrimitives.ReadUInt16BigEndian(rest[1..]) == (ushort)RecordType.OPT &&
        BinaryPrimitives.ReadUInt16BigEndian(rest[OptRecord.DataLengthOffset..]) == rest.Length - OptRecord.FixedSize;

    private static bool TryWalk(ReadOnlySpan<byte> message, int questionEnd, out Query query)
    {
        MessageMap map = MessageMap.Walk(message, questionEnd);
        query = map.HasOpt
            ? new Query(message, questionEnd, new OptRecord(message[map.OptOffset..map.OptEnd]), map.IsEditable(message.Length))
            : new Query(message, questionEnd, isSound: map.OptCount <= 1);
        return query.IsSound;
    }
}
