using System;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Fastdist.Dns;

/// <summary>Writes queries of our own: health checks, and what tests and load tools send.</summary>
public static class QueryWriter
{
    /// <summary>Most bytes that a query takes: header, question and an OPT without options.</summary>
    public const int MaxSize = Header.Size + WireName.MaxLength + Query.TypeAndClassSize + OptRecord.FixedSize;

    /// <summary>Writes a query without EDNS, of class IN.</summary>
    /// <param name="destination">Receives the query; <see cref="MaxSize"/> bytes are always enough.</param>
    /// <param name="id">The message's ID.</param>
    /// <param name="wireName">A valid name in wire form, its root byte included.</param>
    /// <param name="type">The question's type.</param>
    /// <param name="recursionDesired">RD.</param>
    /// <returns>Bytes written; 0 when <paramref name="destination"/> is too small.</returns>
    public static int Write(
        Span<byte> destination, ushort id, ReadOnlySpan<byte> wireName, RecordType type, bool recursionDesired = true) =>
        Write(destination, id, wireName, type, RecordClasses.Internet, Flags(recursionDesired), 0);

    /// <summary>Writes a query without EDNS, of any class, with RD.</summary>
    /// <param name="destination">Receives the query; <see cref="MaxSize"/> bytes are always enough.</param>
    /// <param name="id">The message's ID.</param>
    /// <param name="wireName">A valid name in wire form, its root byte included.</param>
    /// <param name="type">The question's type.</param>
    /// <param name="recordClass">The question's class.</param>
    /// <param name="checkingDisabled">CD.</param>
    /// <returns>Bytes written; 0 when <paramref name="destination"/> is too small.</returns>
    public static int Write(Span<byte> destination, ushort id, ReadOnlySpan<byte> wireName, RecordType type, ushort recordClass, bool checkingDisabled) =>
        Write(destination, id, wireName, type, recordClass, (ushort)(Flags(recursionDesired: true) | (checkingDisabled ? Header.CheckingDisabledBit : 0)), 0);

    /// <summary>Writes a query of class IN with an OPT that has no options.</summary>
    /// <param name="destination">Receives the query; <see cref="MaxSize"/> bytes are always enough.</param>
    /// <param name="id">The message's ID.</param>
    /// <param name="wireName">A valid name in wire form, its root byte included.</param>
    /// <param name="type">The question's type.</param>
    /// <param name="udpPayloadSize">The UDP payload size that the OPT states, 512 to 65535 bytes.</param>
    /// <param name="dnssecOk">DO.</param>
    /// <param name="recursionDesired">RD.</param>
    /// <returns>Bytes written; 0 when <paramref name="destination"/> is too small.</returns>
    public static int WriteWithEdns(
        Span<byte> destination,
        ushort id,
        ReadOnlySpan<byte> wireName,
        RecordType type,
        ushort udpPayloadSize,
        bool dnssecOk = false,
        bool recursionDesired = true)
    {
        int opt = Write(destination, id, wireName, type, RecordClasses.Internet, Flags(recursionDesired), OptRecord.FixedSize);
        if (opt == 0)
        {
            return 0;
        }

        OptRecord.Write(destination[opt..], udpPayloadSize, 0, dnssecOk);
        return opt + OptRecord.FixedSize;
    }

    private static ushort Flags(bool recursionDesired) => recursionDesired ? Header.RecursionDesiredBit : (ushort)0;

    /// <summary>Writes header and question, and makes sure of room for an OPT of <paramref name="optSize"/> bytes.</summary>
    private static int Write(
        Span<byte> destination, ushort id, ReadOnlySpan<byte> wireName, RecordType type, ushort recordClass, ushort flags, int optSize)
    {
        Debug.Assert(WireName.EndOfPlain(wireName, 0) == wireName.Length, "a query's name must be a valid one");
        int nameEnd = Header.Size + wireName.Length;
        int end = nameEnd + Query.TypeAndClassSize;
        if (destination.Length < end + optSize)
        {
            return 0;
        }

        Header.Write(destination, id, flags, 1, 0, 0, optSize == 0 ? 0 : 1);
        wireName.CopyTo(destination[Header.Size..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[nameEnd..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(nameEnd + 2)..], recordClass);
        return end;
    }
}
