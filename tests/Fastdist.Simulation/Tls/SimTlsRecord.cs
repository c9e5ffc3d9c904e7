using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Fastdist.Tls;

namespace Fastdist.Simulation.Tls;

/// <summary>Content types, by their numbers on the wire (RFC 8446 section 5.1).</summary>
internal enum RecordType : byte
{
    Alert = 21,
    Handshake = 22,
    Data = 23,
}

/// <summary>
/// A record: type, version, bytes of padding, length of the rest; the payload, the padding, and a sum over all of it that is right for one
/// number under one key only.
/// </summary>
internal static class SimTlsRecord
{
    public const int HeaderSize = 5;

    /// <summary>Largest payload (RFC 8446 section 5.1), bytes.</summary>
    public const int MaxPayload = 16_384;

    /// <summary>Most padding, which makes a record as long as one may be.</summary>
    public const int MaxPadding = TlsSession.RecordOverhead - HeaderSize - SumSize;

    /// <summary>How bytes begin that a model sends on purpose although they are no record.</summary>
    public const byte Garbage = 0xFF;

    private const int SumSize = sizeof(ulong);
    private const byte Version = 3;

    /// <summary>Writes a record.</summary>
    /// <returns>Its length.</returns>
    public static int Write(Span<byte> target, RecordType type, ReadOnlySpan<byte> payload, int padding, ulong key, ulong number)
    {
        target[0] = (byte)type;
        target[1] = Version;
        target[2] = (byte)padding;
        BinaryPrimitives.WriteUInt16BigEndian(target[3..], (ushort)(payload.Length + padding + SumSize));
        payload.CopyTo(target[HeaderSize..]);
        int end = HeaderSize + payload.Length + padding;
        target[(HeaderSize + payload.Length)..end].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target[end..], Sum(target[..end], key, number));
        return end + SumSize;
    }

    /// <summary>Length of the whole record that a header begins; 0 when it begins none.</summary>
    public static int LengthOf(ReadOnlySpan<byte> header)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
        bool isSound = Enum.IsDefined((RecordType)header[0]) && header[1] == Version && header[2] <= MaxPadding
            && length >= header[2] + SumSize && length <= MaxPayload + header[2] + SumSize;
        return isSound ? HeaderSize + length : 0;
    }

    /// <summary>Looks into a whole record.</summary>
    /// <returns>False when it is damaged, or another than the one that is due.</returns>
    public static bool TryOpen(ReadOnlySpan<byte> record, ulong key, ulong number, out Range payload)
    {
        int end = record.Length - SumSize;
        payload = HeaderSize..(end - record[2]);
        return BinaryPrimitives.ReadUInt64LittleEndian(record[end..]) == Sum(record[..end], key, number);
    }

    /// <summary>A key that follows from two numbers.</summary>
    public static ulong Derive(ulong one, ulong two)
    {
        ulong mixed = (one ^ BitOperations.RotateLeft(two, 32)) * 0x9E3779B97F4A7C15;
        return mixed ^ (mixed >> 29) | 1;
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes, ulong key, ulong number)
    {
        ulong sum = Derive(key, number);
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            sum = BitOperations.RotateLeft((sum ^ word) * 1099511628211, 31);
        }

        foreach (byte rest in bytes[(bytes.Length & ~7)..])
        {
            sum = BitOperations.RotateLeft((sum ^ rest) * 1099511628211, 31);
        }

        return sum;
    }
}
