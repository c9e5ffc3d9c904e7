using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// View of an OPT record (RFC 6891 6.1.2): its span begins with the root owner and ends with the RDATA, as its
/// finder has checked.
/// </summary>
internal readonly ref struct OptRecord(ReadOnlySpan<byte> record)
{
    /// <summary>Size of an OPT without options, in bytes: root, TYPE, CLASS, TTL, RDLEN.</summary>
    internal const int FixedSize = 11;

    /// <summary>Size of an option's code and length, in bytes (RFC 6891 6.1.2).</summary>
    internal const int OptionHeaderSize = 4;

    /// <summary>Smallest UDP payload that counts; lesser values mean this one (RFC 6891 6.2.3), in bytes.</summary>
    internal const int MinPayloadSize = 512;

    internal const ushort DnssecOkBit = 0x8000;

    internal const int DataLengthOffset = 9;

    private const ushort KeepaliveOption = 11;
    private const ushort PaddingOption = 12;

    private readonly ReadOnlySpan<byte> _record = record;

    internal int PayloadSize => Math.Max(BinaryPrimitives.ReadUInt16BigEndian(_record[3..]), (ushort)MinPayloadSize);

    internal byte Version => _record[6];

    internal bool DnssecOk => (BinaryPrimitives.ReadUInt16BigEndian(_record[7..]) & DnssecOkBit) != 0;

    internal ReadOnlySpan<byte> Options => _record[FixedSize..];

    /// <summary>
    /// Whether the OPT holds an option meant for one hop only. False when its options are broken or its version is
    /// not 0, since such an OPT is not ours to edit.
    /// </summary>
    internal bool HasHopByHopOptions
    {
        get
        {
            // Most OPTs of stub resolvers and most answers carry no option at all.
            ReadOnlySpan<byte> options = Options;
            if (options.IsEmpty || Version != 0)
            {
                return false;
            }

            bool found = false;
            for (int offset = 0; offset < options.Length;)
            {
                int end = EndOfOption(options, offset);
                if (end < 0)
                {
                    return false;
                }

                found |= IsHopByHop(options, offset);
                offset = end;
            }

            return found;
        }
    }

    /// <summary>The offset after the option that begins at <paramref name="offset"/>; -1 when it runs off the end.</summary>
    internal static int EndOfOption(ReadOnlySpan<byte> options, int offset)
    {
        if (options.Length - offset < OptionHeaderSize)
        {
            return -1;
        }

        int end = offset + OptionHeaderSize + BinaryPrimitives.ReadUInt16BigEndian(options[(offset + 2)..]);
        return end <= options.Length ? end : -1;
    }

    /// <summary>edns-tcp-keepalive (RFC 7828) speaks of one connection, padding (RFC 7830) of one ciphertext.</summary>
    internal static bool IsHopByHop(ReadOnlySpan<byte> options, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(options[offset..]) is KeepaliveOption or PaddingOption;

    /// <summary>Writes an OPT of version 0 without options, <see cref="FixedSize"/> bytes.</summary>
    internal static void Write(Span<byte> destination, int payloadSize, int rcode, bool dnssecOk, int dataLength = 0)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)RecordType.OPT);
        BinaryPrimitives.WriteUInt16BigEndian(destination[3..], (ushort)payloadSize);
        destination[5] = (byte)(rcode >> 4);
        destination[6] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[7..], dnssecOk ? DnssecOkBit : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[DataLengthOffset..], (ushort)dataLength);
    }
}
