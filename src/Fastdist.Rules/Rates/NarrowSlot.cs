using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Rates;

/// <summary>16 bytes for clients that 64 bits tell apart: IPv4, and IPv6 up to /64.</summary>
internal struct NarrowSlot : IRateSlot
{
    // The complement of the key, which is never 0.
    private ulong _owner;
    private long _word;

    /// <inheritdoc/>
    public ulong Owner => Volatile.Read(ref _owner);

    /// <inheritdoc/>
    public AddressKey Key => new(~Owner, 0);

    /// <inheritdoc/>
    [UnscopedRef]
    public ref long Word => ref _word;

    /// <inheritdoc/>
    public bool IsOf(AddressKey key) => Volatile.Read(ref _owner) == ~key.High;

    /// <inheritdoc/>
    public bool TryClaim(AddressKey key, ulong owner) => Interlocked.CompareExchange(ref _owner, ~key.High, owner) == owner;

    /// <inheritdoc/>
    public bool TryFree(ulong owner) => Interlocked.CompareExchange(ref _owner, 0, owner) == owner;
}
