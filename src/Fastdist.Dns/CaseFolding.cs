using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Fastdist.Dns;

/// <summary>
/// ASCII case folding (RFC 4343) over whole wire names. A label's length byte is at most 63 and 'A' is 65, so in a
/// name that was validated folding every byte touches letters only; and since no letter folds to 63 or less, a
/// name that was not validated can only equal a validated one when its length bytes are the same too.
/// </summary>
internal static class CaseFolding
{
    private const byte CaseBit = 0x20;
    private const ulong HighBits = 0x8080808080808080;
    private const ulong LowBits = ~HighBits;
    private const ulong FromA = 0x3F3F3F3F3F3F3F3F;
    private const ulong PastZ = 0x2525252525252525;

    internal static bool Equals(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        if (!Vector128.IsHardwareAccelerated || a.Length < Vector128<byte>.Count)
        {
            return EqualsPortable(a, b);
        }

        ref byte left = ref MemoryMarshal.GetReference(a);
        ref byte right = ref MemoryMarshal.GetReference(b);
        nuint last = (nuint)(a.Length - Vector128<byte>.Count);
        for (nuint offset = 0; offset < last; offset += (nuint)Vector128<byte>.Count)
        {
            if (Fold(Vector128.LoadUnsafe(ref left, offset)) != Fold(Vector128.LoadUnsafe(ref right, offset)))
            {
                return false;
            }
        }

        // The last sixteen bytes overlap the ones before, which spares a byte-wise tail.
        return Fold(Vector128.LoadUnsafe(ref left, last)) == Fold(Vector128.LoadUnsafe(ref right, last));
    }

    /// <summary>The same without vectors, and the definition that the vectors are tested against.</summary>
    internal static bool EqualsPortable(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (; a.Length >= sizeof(ulong); a = a[sizeof(ulong)..], b = b[sizeof(ulong)..])
        {
            if (Fold(BinaryPrimitives.ReadUInt64LittleEndian(a)) != Fold(BinaryPrimitives.ReadUInt64LittleEndian(b)))
            {
                return false;
            }
        }

        for (int index = 0; index < a.Length; index++)
        {
            if (Fold(a[index]) != Fold(b[index]))
            {
                return false;
            }
        }

        return true;
    }

    internal static byte Fold(byte value) => (uint)(value - 'A') <= 'Z' - 'A' ? (byte)(value | CaseBit) : value;

    /// <summary>Folds bytes to another place of the same length.</summary>
    internal static void Fold(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int offset = 0;
        for (; Vector128.IsHardwareAccelerated && source.Length - offset >= Vector128<byte>.Count; offset += Vector128<byte>.Count)
        {
            Fold(Vector128.Create(source[offset..])).CopyTo(destination[offset..]);
        }

        for (; source.Length - offset >= sizeof(ulong); offset += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination[offset..], Fold(BinaryPrimitives.ReadUInt64LittleEndian(source[offset..])));
        }

        for (; offset < source.Length; offset++)
        {
            destination[offset] = Fold(source[offset]);
        }
    }

    /// <summary>Folds eight bytes at once.</summary>
    internal static ulong Fold(ulong value)
    {
        // With the high bits out of the way no sum carries into its neighbour: 'A' + 0x3F and 'Z' + 1 + 0x25 are 0x80.
        ulong low = value & LowBits;
        ulong isUpper = ((low + FromA) ^ (low + PastZ)) & ~value & HighBits;
        return value | (isUpper >> 2);
    }

    private static Vector128<byte> Fold(Vector128<byte> value)
    {
        Vector128<byte> isUpper = Vector128.LessThanOrEqual(
            value - Vector128.Create((byte)'A'), Vector128.Create((byte)('Z' - 'A')));
        return value | (isUpper & Vector128.Create(CaseBit));
    }
}
