using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fastdist.Cache.Answers;

/// <summary>
/// SipHash-1-3 (Aumasson and Bernstein, 2012; one round a word and three at the end, as Rust's and Python's tables have it): whoever does not know the key cannot
/// choose questions that fall into one place.
/// </summary>
public static class SipHash
{
    /// <summary>Hashes bytes.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="key0">The key's first eight bytes, little endian.</param>
    /// <param name="key1">Its last eight.</param>
    public static ulong Hash(ReadOnlySpan<byte> data, ulong key0, ulong key1)
    {
        ulong v0 = key0 ^ 0x736f6d6570736575, v1 = key1 ^ 0x646f72616e646f6d, v2 = key0 ^ 0x6c7967656e657261, v3 = key1 ^ 0x7465646279746573;
        ulong last = (ulong)data.Length << 56;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            Absorb(BinaryPrimitives.ReadUInt64LittleEndian(data), ref v0, ref v1, ref v2, ref v3);
        }

        for (int index = 0; index < data.Length; index++)
        {
            last |= (ulong)data[index] << (8 * index);
        }

        Absorb(last, ref v0, ref v1, ref v2, ref v3);
        v2 ^= 0xFF;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    // In line the state is in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Absorb(ulong word, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= word;
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= word;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
