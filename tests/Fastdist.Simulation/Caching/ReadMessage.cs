using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Fastdist.Dns;

namespace Fastdist.Simulation.Caching;

/// <summary>A message taken apart, by code that shares nothing with the proxy's.</summary>
internal sealed class ReadMessage
{
    private const int RecordFixedSize = 10;
    private const ushort TypeOpt = 41;
    private const ushort TypeSoa = 6;

    /// <summary>Reads a message.</summary>
    public ReadMessage(ReadOnlySpan<byte> message)
    {
        Flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        int at = SkipName(message, Header.Size) + 4;
        int records = BinaryPrimitives.ReadUInt16BigEndian(message[6..]) + BinaryPrimitives.ReadUInt16BigEndian(message[8..]) + BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        for (; records > 0 && IsSound; records--)
        {
            at = ReadRecord(message, at);
        }

        IsSound &= at == message.Length;
    }

    /// <summary>Whether all of it could be read.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>The header's flags.</summary>
    public ushort Flags { get; }

    /// <summary>Numbers that its records bear.</summary>
    public HashSet<uint> Serials { get; } = [];

    /// <summary>Its records' types and TTLs.</summary>
    public List<(ushort Type, uint Ttl)> Records { get; } = [];

    /// <summary>Whether it has an OPT record.</summary>
    public bool HasOpt { get; private set; }

    /// <summary>Whether that has DO.</summary>
    public bool DnssecOk { get; private set; }

    /// <summary>Its options.</summary>
    public byte[] Options { get; private set; } = [];

    /// <summary>The option with a code; null for none.</summary>
    public byte[]? Option(EdnsOption code) => EdnsOptions.TryFind(Options, (ushort)code, out ReadOnlySpan<byte> data) ? data.ToArray() : null;

    /// <summary>Its extended errors.</summary>
    public List<ushort> Errors()
    {
        var errors = new List<ushort>();
        ReadOnlySpan<byte> options = Options;
        while (EdnsOptions.TryTake(ref options, out ushort code, out ReadOnlySpan<byte> data))
        {
            if (code == (ushort)EdnsOption.ExtendedError)
            {
                errors.Add(BinaryPrimitives.ReadUInt16BigEndian(data));
            }
        }

        return errors;
    }

    private static int SkipName(ReadOnlySpan<byte> message, int at)
    {
        for (; message[at] != 0; at += 1 + message[at])
        {
            if (message[at] >= 0xC0)
            {
                return at + 2;
            }
        }

        return at + 1;
    }

    private int ReadRecord(ReadOnlySpan<byte> message, int at)
    {
        IsSound &= at < message.Length;
        at = IsSound ? SkipName(message, at) : message.Length;
        if (at + RecordFixedSize > message.Length)
        {
            IsSound = false;
            return message.Length;
        }

        ushort type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        IsSound &= at + RecordFixedSize + length <= message.Length;
        if (!IsSound)
        {
            return message.Length;
        }

        ReadOnlySpan<byte> data = message.Slice(at + RecordFixedSize, length);
        if (type == TypeOpt)
        {
            (HasOpt, DnssecOk, Options) = (true, (message[at + 6] & 0x80) != 0, data.ToArray());
        }
        else
        {
            Records.Add((type, BinaryPrimitives.ReadUInt32BigEndian(message[(at + 4)..])));
            Serials.Add(BinaryPrimitives.ReadUInt32BigEndian(type == TypeSoa ? data[2..] : data));
        }

        return at + RecordFixedSize + length;
    }
}
