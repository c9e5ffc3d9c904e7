using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Fastdist.Settings;

/// <summary>Prefixes of addresses of one family, each of which lets in or keeps out; the longest that an address has decides. For one thread.</summary>
/// <typeparam name="T">As of <see cref="AddressRanges{T}"/>.</typeparam>
internal sealed class PrefixTable<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private readonly Dictionary<(T Network, int Length), bool> _prefixes = [];
    private readonly int[] _byLength = new int[AddressRanges<T>.Bits + 1];

    /// <summary>Prefixes in it.</summary>
    public int Count => _prefixes.Count;

    /// <summary>All of them, those of a lower half before the network that both are of, those of its upper half behind it.</summary>
    public IEnumerable<(T Network, int Length, bool IsIn)> InOrder => _prefixes
        .Select(static prefix => (prefix.Key.Network, prefix.Key.Length, IsIn: prefix.Value))
        .OrderBy(static prefix => Middle(prefix.Network, prefix.Length)).ThenBy(static prefix => prefix.Length == AddressRanges<T>.Bits);

    /// <summary>Adds a prefix, or says anew what it does.</summary>
    public void Add(T network, int length, bool isIn)
    {
        _byLength[length] += _prefixes.ContainsKey((network, length)) ? 0 : 1;
        _prefixes[(network, length)] = isIn;
    }

    /// <summary>Takes all prefixes out.</summary>
    public void Clear()
    {
        _prefixes.Clear();
        Array.Clear(_byLength);
    }

    /// <summary>Whether the longest prefix of an address lets it in.</summary>
    public bool Contains(T address)
    {
        for (int length = AddressRanges<T>.Bits; length >= 0; length--)
        {
            if (_byLength[length] > 0 && _prefixes.TryGetValue((address & AddressRanges<T>.Mask(length), length), out bool isIn))
            {
                return isIn;
            }
        }

        return false;
    }

    /// <summary>The same as ranges, for threads that only read.</summary>
    public AddressRanges<T> ToRanges() => new(_prefixes.Select(static prefix => (prefix.Key.Network, prefix.Key.Length, prefix.Value)));

    /// <summary>The first address of a network's upper half.</summary>
    private static T Middle(T network, int length) => length == AddressRanges<T>.Bits ? network : network | (T.One << (AddressRanges<T>.Bits - 1 - length));
}
