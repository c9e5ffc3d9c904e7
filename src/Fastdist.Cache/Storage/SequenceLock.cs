using System.Runtime.CompilerServices;

namespace Fastdist.Cache.Storage;

/// <summary>
/// A number beside data by which readers know, without writing anything, that what they have read was not being changed: even at rest, odd while somebody
/// changes the data, and another one after each change.
/// </summary>
/// <remarks>
/// One at a time may change the data, which is for others to see to. Also covered is memory that the data refers to, if it is written anew only after what
/// referred to it was changed: its stores are behind <see cref="BeginChange"/>'s barrier, too, so that whoever has seen one of them sees the number changed.
/// The number begins anew after two thousand million changes, which no reader is slow enough to sleep through exactly.
/// </remarks>
internal static class SequenceLock<TMemory>
    where TMemory : struct, ISharedMemory
{
    /// <summary>Begins to read; whatever is loaded from here on means nothing until <see cref="IsUnchanged"/> has said so.</summary>
    /// <param name="address">Where the number is.</param>
    /// <param name="sequence">The number, for <see cref="IsUnchanged"/>.</param>
    /// <returns>False while somebody changes the data.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryBegin(nuint address, out uint sequence)
    {
        sequence = TMemory.LoadAcquire(address);
        return (sequence & 1) == 0;
    }

    /// <summary>Whether all that was loaded since <see cref="TryBegin"/> was there at one time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsUnchanged(nuint address, uint sequence)
    {
        TMemory.ReadBarrier();
        return TMemory.Load(address) == sequence;
    }

    /// <summary>Begins to change the data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void BeginChange(nuint address)
    {
        TMemory.Store(address, TMemory.Load(address) + 1);
        TMemory.WriteBarrier();
    }

    /// <summary>Has changed the data.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void EndChange(nuint address) => TMemory.StoreRelease(address, TMemory.Load(address) + 1);
}
