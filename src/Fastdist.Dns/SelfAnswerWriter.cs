using System;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Fastdist.Dns;

/// <summary>
/// Writes an answer to a query record by record, in the order of the sections, and its OPT last. The ID, OPCODE, RD, CD and the question
/// are the query's, its other records are dropped. What does not fit makes no answer: then every call says so, and so does <see cref="Finish"/>.
/// </summary>
public ref struct SelfAnswerWriter
{
    /// <summary>TYPE, CLASS, TTL and RDLEN, in bytes.</summary>
    private const int FixedRecordSize = 10;

    /// <summary>A pointer to the question's name, which always stands behind the header.</summary>
    private static ReadOnlySpan<byte> PointerToQuestion => [0xC0, Header.Size];

    private readonly Span<byte> _destination;
    private readonly ushort _id;
    private readonly ushort _flags;
    private readonly ushort _class;
    private readonly bool _hasEdns;
    private readonly bool _dnssecOk;

    private int _length;
    private int _answers;
    private int _authorities;
    private int _additionals;

    /// <summary>Begins an answer.</summary>
    /// <param name="query">The query; nothing is written when it is not sound.</param>
    /// <param name="traits">What the operator says about the answer; its TTL is for the caller to pass on.</param>
    /// <param name="destination">
    /// Receives the answer, 65535 bytes of it at most. May be the query's own buffer, which holds neither query nor answer when the answer
    /// does not fit.
    /// </param>
    /// <param name="isTruncated">TC.</param>
    public SelfAnswerWriter(scoped in Query query, scoped in AnswerTraits traits, Span<byte> destination, bool isTruncated = false)
    {
        _destination = destination[..Math.Min(destination.Length, MessageMap.MaxMessage)];
        if (!query.IsSound || _destination.Length < query.QuestionEnd)
        {
            return;
        }

        const ushort Copied = Header.OpcodeMask | Header.RecursionDesiredBit | Header.CheckingDisabledBit;
        ushort asked = Header.Flags(query.Message);
        bool desired = (asked & Header.RecursionDesiredBit) != 0;
        int flags = Header.ResponseBit | (asked & Copied);
        flags |= traits.Authoritative ?? (asked & Header.AuthoritativeBit) != 0 ? Header.AuthoritativeBit : 0;
        flags |= traits.RecursionAvailable ?? desired ? Header.RecursionAvailableBit : 0;
        flags |= traits.AuthenticData ? Header.AuthenticDataBit : 0;
        flags |= isTruncated ? Header.TruncatedBit : 0;
        (_id, _flags, _class) = (query.Id, (ushort)flags, query.Class);
        (_hasEdns, _dnssecOk) = (query.HasEdns, query.DnssecOk);
        query.Question.CopyTo(_destination[Header.Size..]);
        _length = query.QuestionEnd;
    }

    /// <summary>The outcome, 0 to 4095; what is beyond 15 needs an OPT, and its upper bits are lost without one (RFC 6891 section 6.1.3).</summary>
    public int Rcode { get; set; }

    /// <summary>Adds a record of the question's name and class to the answer section.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="ttl">Its TTL, in seconds.</param>
    /// <param name="data">Its RDATA, which must not lie in the destination.</param>
    /// <returns>Whether the answer still fits.</returns>
    public bool AddRecord(RecordType type, uint ttl, scoped ReadOnlySpan<byte> data) =>
        Add(MessageSection.Answer, PointerToQuestion, type, _class, ttl, data);

    /// <summary>Adds a record of any name; sections must come in their order.</summary>
    /// <param name="section">The answer, authority or additional section.</param>
    /// <param name="owner">Its name in wire form.</param>
    /// <param name="type">Its type.</param>
    /// <param name="recordClass">Its class.</param>
    /// <param name="ttl">Its TTL, in seconds.</param>
    /// <param name="data">Its RDATA, which must not lie in the destination.</param>
    /// <returns>Whether the answer still fits.</returns>
    public bool AddRecord(
        MessageSection section, scoped ReadOnlySpan<byte> owner, RecordType type, ushort recordClass, uint ttl, scoped ReadOnlySpan<byte> data)
    {
        Debug.Assert(WireName.EndOfPlain(owner, 0) == owner.Length, "a record's name must be a valid one");
        return Add(section, owner, type, recordClass, ttl, data);
    }

    /// <summary>Adds an SOA of class IN; sections must come in their order.</summary>
    /// <returns>Whether the answer still fits.</returns>
    public bool AddSoa(MessageSection section, StartOfAuthority soa, uint ttl) =>
        Add(section, soa.Zone.Wire, RecordType.SOA, RecordClasses.Internet, ttl, soa.Data);

    /// <summary>Writes the header, and an OPT of version 0 without options when the query had one; DO is the query's.</summary>
    /// <param name="payloadSize">UDP payload that the OPT states, 512 to 65535 bytes.</param>
    /// <param name="addEdns">Whether there may be an OPT.</param>
    /// <returns>The answer's length in bytes; 0 when it did not fit, or there was no sound query.</returns>
    public int Finish(int payloadSize, bool addEdns)
    {
        bool hasOpt = _hasEdns && addEdns;
        int length = _length + (hasOpt ? OptRecord.FixedSize : 0);
        if (_length == 0 || length > _destination.Length)
        {
            return 0;
        }

        if (hasOpt)
        {
            OptRecord.Write(_destination[_length..], payloadSize, Rcode, _dnssecOk);
        }

        ushort flags = (ushort)(_flags | (Rcode & Header.RcodeMask));
        Header.Write(_destination, _id, flags, 1, _answers, _authorities, _additionals + (hasOpt ? 1 : 0));
        return length;
    }

    private bool Add(
        MessageSection section, scoped ReadOnlySpan<byte> owner, RecordType type, ushort recordClass, uint ttl, scoped ReadOnlySpan<byte> data)
    {
        int size = owner.Length + FixedRecordSize + data.Length;
        if (_length == 0 || size > _destination.Length - _length)
        {
            _length = 0;
            return false;
        }

        Span<byte> record = _destination[_length..];
        owner.CopyTo(record);
        record = record[owner.Length..];
        BinaryPrimitives.WriteUInt16BigEndian(record, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(record[2..], recordClass);
        BinaryPrimitives.WriteUInt32BigEndian(record[4..], ttl);
        BinaryPrimitives.WriteUInt16BigEndian(record[8..], (ushort)data.Length);
        data.CopyTo(record[FixedRecordSize..]);
        Count(section);
        _length += size;
        return true;
    }

    // None of the counts can overflow: a record takes twelve bytes or more.
    private void Count(MessageSection section)
    {
        switch (section)
        {
            case MessageSection.Answer:
                Debug.Assert((_authorities | _additionals) == 0, "sections come in their order");
                _answers++;
                break;
            case MessageSection.Authority:
                Debug.Assert(_additionals == 0, "sections come in their order");
                _authorities++;
                break;
            default:
                Debug.Assert(section == MessageSection.Additional, "questions are no records");
                _additionals++;
                break;
        }
    }
}
