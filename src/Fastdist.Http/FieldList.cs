using System;
using System.Buffers.Binary;

namespace Fastdist.Http;

/// <summary>Header fields one behind the other: the lengths of name and value, 16 bits each, then both.</summary>
internal static class FieldList
{
    private const int Lengths = 2 * sizeof(ushort);

    /// <summary>Bytes that a field takes.</summary>
    public static int SizeOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => Lengths + name.Length + value.Length;

    /// <summary>Adds a field; what is longer than a frame can say is left out.</summary>
    public static void Append(ref ByteBag list, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.Length > ushort.MaxValue || value.Length > ushort.MaxValue)
        {
            return;
        }

        Span<byte> lengths = stackalloc byte[Lengths];
        BinaryPrimitives.WriteUInt16BigEndian(lengths, (ushort)name.Length);
        BinaryPrimitives.WriteUInt16BigEndian(lengths[sizeof(ushort)..], (ushort)value.Length);
        list.Append(lengths);
        list.Append(name);
        list.Append(value);
    }

    /// <summary>Looks for the first field of a name.</summary>
    public static bool TryGet(ReadOnlySpan<byte> list, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (int at = 0; at < list.Length;)
        {
            at = Read(list, at, out ReadOnlySpan<byte> found, out value);
            if (found.SequenceEqual(name))
            {
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Reads the field at a place.</summary>
    /// <returns>The place of the next.</returns>
    public static int Read(ReadOnlySpan<byte> list, int at, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int nameLength = BinaryPrimitives.ReadUInt16BigEndian(list[at..]);
        int valueLength = BinaryPrimitives.ReadUInt16BigEndian(list[(at + sizeof(ushort))..]);
        name = list.Slice(at + Lengths, nameLength);
        value = list.Slice(at + Lengths + nameLength, valueLength);
        return at + Lengths + nameLength + valueLength;
    }
}
