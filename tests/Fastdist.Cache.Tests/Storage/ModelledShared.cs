using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fastdist.Cache.Storage;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>
/// A <see cref="WeakMemory"/> as the store sees memory, so that its own code runs on it. Tags and bits are locations of their own, everything else is words:
/// keys and values are of four bytes or a multiple.
/// </summary>
internal readonly struct ModelledShared : ISharedMemory
{
    /// <summary>The memory; tests that run side by side have one each.</summary>
    [ThreadStatic]
    public static WeakMemory? Current;

    private static WeakMemory Memory => Current!;

    public static uint LoadAcquire(nuint address) => Memory.Load(address, true);

    public static uint Load(nuint address) => Memory.Load(address, false);

    public static byte LoadByte(nuint address) => (byte)Memory.Load(address, false);

    public static ChainHead LoadHead(nuint address)
    {
        ChainHead head = default;
        Copy(address, MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref head, 1)));
        return head;
    }

    public static uint Match(nuint address, ushort tag)
    {
        uint equal = 0;
        for (int way = 0; way < 8; way++)
        {
            equal |= Memory.Load(address + (2 * (nuint)way), false) == tag ? 1u << way : 0;
        }

        return equal;
    }

    public static void Copy(nuint address, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i += 4)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(destination[i..], Memory.Load(address + (nuint)i, false));
        }
    }

    public static bool AreEqual(nuint address, ReadOnlySpan<byte> bytes)
    {
        byte[] found = new byte[bytes.Length];
        Copy(address, found);
        return bytes.SequenceEqual(found);
    }

    public static void Store(nuint address, uint value) => Memory.Store(address, value, false);

    public static void StoreRelease(nuint address, uint value) => Memory.Store(address, value, true);

    public static void StoreTag(nuint address, ushort value) => Memory.Store(address, value, false);

    public static void StoreByte(nuint address, byte value) => Memory.Store(address, value, false);

    public static void StoreHead(nuint address, in ChainHead head) => Put(address, MemoryMarshal.AsBytes(new ReadOnlySpan<ChainHead>(in head)));

    public static void Put(nuint address, ReadOnlySpan<byte> source)
    {
        for (int i = 0; i < source.Length; i += 4)
        {
            Memory.Store(address + (nuint)i, BinaryPrimitives.ReadUInt32LittleEndian(source[i..]), false);
        }
    }

    public static void ReadBarrier() => Memory.ReadBarrier();

    public static void WriteBarrier() => Memory.WriteBarrier();

    public static void Prefetch(nuint address)
    {
    }
}
