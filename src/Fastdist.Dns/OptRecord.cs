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

    internal const int PayloadSizeOffset = 3;
    internal const int UpperRcodeOffset = 5;
    internal const int DataLengthOffset = 9;

    private readonly ReadOnlySpan<byte> _record = record;

    internal int PayloadSize => Math.Max(BinaryPrimitives.ReadUInt16BigEndian(_record[PayloadSizeOffset..]), (ushort)MinPayloadSize);

    internal byte Version => _record[6];

    internal bool DnssecOk => (BinaryPrimitives.ReadUInt16BigEndian(_record[7..]) & DnssecOkBit) != 0;

    internal ReadOnlySpan<byte> Options => _record[FixedSize..];

    /// <summary>
    /// Reads which options there are. False, and nothing, when they are broken or the version is not 0, since such an OPT
    /// is not ours to understand.
    /// </summary>
    internal bool TryReadOptions(out EdnsTraits options)
    {
        options = EdnsTraits.None;
        if (Version != 0)
        {
            return false;
        }

        // Most OPTs of stub resolvers and most answers carry no option at all.
        ReadOnlySpan<byte> data = Options;
        EdnsTraits found = EdnsTraits.None;
        for (int offset = 0; offset < data.Length;)
        {
            int end = EndOfOption(data, offset);
            if (end < 0)
            {
                return false;
            }

            found |= Kind(OptionCode(data, offset), data[(offset + OptionHeaderSize)..end]);
            offset = end;
        }

        options = found;
        return true;
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

    /// <summary>The code of the option that begins at <paramref name="offset"/>.</summary>
    internal static EdnsOption OptionCode(ReadOnlySpan<byte> options, int offset) =>
        (EdnsOption)BinaryPrimitives.ReadUInt16BigEndian(options[offset..]);

    /// <summary>Writes an OPT of version 0 without options, <see cref="FixedSize"/> bytes.</summary>
    internal static void Write(Span<byte> destination, int payloadSize, int rcode, bool dnssecOk, int dataLength = 0)
    {
        destination[0] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], (ushort)RecordType.OPT);
        BinaryPrimitives.WriteUInt16BigEndian(destination[PayloadSizeOffset..], (ushort)payloadSize);
        destination[UpperRcodeOffset] = (byte)(rcode >> 4);
        destination[6] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[7..], dnssecOk ? DnssecOkBit : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(destination[DataLengthOffset..], (ushort)dataLength);
    }

    private static EdnsTraits Kind(EdnsOption code, ReadOnlySpan<byte> data) => code switch
    {
        EdnsOption.ClientSubnet => ClientSubnet.SourcePrefix(data) == 0 ? EdnsTraits.ClientSubnet | EdnsTraits.HiddenSubnet : EdnsTraits.ClientSubnet,
        EdnsOption.TcpKeepalive => data.IsEmpty ? EdnsTraits.Keepalive | EdnsTraits.EmptyKeepalive : EdnsTraits.Keepalive,
        EdnsOption.Padding => EdnsTraits.Padding,
        _ => EdnsTraits.None,
    };
}
