using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Threading;

namespace Fastdist.Cache.Storage;

/// <summary>
/// The machine's own memory. Invariant on which every line here rests: an address is that of a byte of a bucket or a block of a <see cref="NativeArea"/> that
/// is not disposed of, and so are as many bytes behind it as are asked for. <see cref="StoreMap"/> makes addresses, of bucket numbers below its count of
/// buckets and block numbers that it has compared with its count of blocks; offsets within a bucket or block are constants, or bounded by
/// <see cref="ChainReader{TMemory}"/> and <see cref="ChainWriter{TMemory}"/> by what is left of the block.
/// </summary>
internal readonly unsafe struct NativeShared : ISharedMemory
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LoadAcquire(nuint address) => Volatile.Read(ref *(uint*)address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Load(nuint address) => *(uint*)address;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte LoadByte(nuint address) => *(byte*)address;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ChainHead LoadHead(nuint address) => *(ChainHead*)address;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Match(nuint address, ushort tag)
    {
        Vector128<ushort> equal = Vector128.Equals(Vector128.Load((ushort*)address), Vector128.Create(tag));
        return Vector128.ExtractMostSignificantBits(equal);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy(nuint address, Span<byte> destination) => new ReadOnlySpan<byte>((void*)address, destination.Length).CopyTo(destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreEqual(nuint address, ReadOnlySpan<byte> bytes) => new ReadOnlySpan<byte>((void*)address, bytes.Length).SequenceEqual(bytes);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(nuint address, uint value) => *(uint*)address = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreRelease(nuint address, uint value) => Volatile.Write(ref *(uint*)address, value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTag(nuint address, ushort value) => *(ushort*)address = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreByte(nuint address, byte value) => *(byte*)address = value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreHead(nuint address, in ChainHead head) => *(ChainHead*)address = head;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(nuint address, ReadOnlySpan<byte> source) => source.CopyTo(new Span<byte>((void*)address, source.Length));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadBarrier() => Volatile.ReadBarrier();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteBarrier() => Volatile.WriteBarrier();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(nuint address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((void*)address);
        }
    }
}
