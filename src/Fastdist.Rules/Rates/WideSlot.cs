using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Threading;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Rates;

/// <summary>
/// 32 bytes for clients that it takes up to 128 bits to tell apart. The two halves of the key are not changed at once: while they are, the slot is nobody's, and who
/// looks waits for the few instructions. Should the writer be halted in between he waits no longer than <see cref="Patience"/>, and its client may come to have two
/// buckets for a while.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct WideSlot : IRateSlot
{
    private const ulong Busy = 1;
    private const int Patience = 100;

    // The complement of the key's first half, which is neither 0 nor 1.
    private ulong _owner;
    private ulong _low;
    private long _word;

    /// <inheritdoc/>
    public ulong Owner
    {
        get
        {
            ulong owner = Volatile.Read(ref _owner);
            for (int i = 0; owner == Busy && i < Patience; i++)
            {
                Thread.SpinWait(1);
                owner = Volatile.Read(ref _owner);
            }

            return owner;
        }
    }

    /// <inheritdoc/>
    public AddressKey Key => new(~Owner, Volatile.Read(ref _low));

    /// <inheritdoc/>
    [UnscopedRef]
    public ref long Word => ref _word;

    /// <inheritdoc/>
    public bool IsOf(AddressKey key) => Owner == ~key.High && Volatile.Read(ref _low) == key.Low;

    /// <inheritdoc/>
    public bool TryClaim(AddressKey key, ulong owner)
    {
        if (owner == Busy || Interlocked.CompareExchange(ref _owner, Busy, owner) != owner)
        {
            return false;
        }

        Volatile.Write(ref _low, key.Low);
        Volatile.Write(ref _owner, ~key.High);
        return true;
    }

    /// <inheritdoc/>
    public bool TryFree(ulong owner) => owner != Busy && Interlocked.CompareExchange(ref _owner, 0, owner) == owner;
}
