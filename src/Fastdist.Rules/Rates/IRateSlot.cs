using System.Diagnostics.CodeAnalysis;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Rates;

/// <summary>A place of <see cref="RateTable{TSlot}"/>: a client and its bucket, side by side. Changed by any thread at any time, and never under a lock.</summary>
internal interface IRateSlot
{
    /// <summary>What changes with whose it is; 0 when it is nobody's. Others' slots may have the same.</summary>
    ulong Owner { get; }

    /// <summary>Whose it is, unless it is nobody's.</summary>
    AddressKey Key { get; }

    /// <summary>The bucket.</summary>
    [UnscopedRef]
    ref long Word { get; }

    /// <summary>Whether it is a client's.</summary>
    bool IsOf(AddressKey key);

    /// <summary>Makes it a client's, unless the owner is no more who it was. The bucket stays as it is: what is given away is full.</summary>
    bool TryClaim(AddressKey key, ulong owner);

    /// <summary>Makes it nobody's, unless the owner is no more who it was.</summary>
    bool TryFree(ulong owner);
}
