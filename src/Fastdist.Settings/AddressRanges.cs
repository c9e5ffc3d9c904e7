using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fastdist.Settings;

/// <summary>
/// The addresses of one family, cut into ranges that are in or out as the longest prefix of each says: by halving, an address finds its
/// range among a hundred thousand in some twenty steps. Immutable, so every shard reads the same one.
/// </summary>
/// <typeparam name="T">An address as a number, the first bit the highest.</typeparam>
internal sealed class AddressRanges<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    // Ascending, in and out by turns; what is before the first is out.
    private readonly T[] _starts;

    /// <summary>The ranges that prefixes make.</summary>
    /// <param name="prefixes">In any order; the last of equal ones counts.</param>
    public AddressRanges(IEnumerable<(T Network, int Length, bool IsIn)> prefixes)
    {
        var starts = new List<T>();
        var open = new Stack<(T Last, bool IsIn)>();
        foreach ((T network, int length, bool isIn) in prefixes.OrderBy(static prefix => prefix.Network).ThenBy(static prefix => prefix.Length))
        {
            while (open.Count > 0 && open.Peek().Last < network)
            {
                Close(starts, open);
            }

            Begin(starts, network, isIn);
            open.Push((network | ~Mask(length), isIn));
        }

        while (open.Count > 0)
        {
            Close(starts, open);
        }

        _starts = [.. starts];
    }

    /// <summary>Bits of an address.</summary>
    public static int Bits => 8 * Unsafe.SizeOf<T>();

    /// <summary>The bits that a prefix has.</summary>
    public static T Mask(int length) => length == 0 ? T.Zero : T.MaxValue << (Bits - length);

    /// <summary>Whether an address is in.</summary>
    public bool Contains(T address)
    {
        int low = 0;
        for (int high = _starts.Length; low < high;)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _starts[middle] <= address ? (middle + 1, high) : (low, middle);
        }

        return (low & 1) != 0;
    }

    /// <summary>Ends the innermost prefix; what it is within goes on behind it.</summary>
    private static void Close(List<T> starts, Stack<(T Last, bool IsIn)> open)
    {
        T last = open.Pop().Last;
        if (last != T.MaxValue)
        {
            Begin(starts, last + T.One, open.Count > 0 && open.Peek().IsIn);
        }
    }

    private static void Begin(List<T> starts, T start, bool isIn)
    {
        // Of two that begin at one address the later one is further in, or what is left when both end.
        if (starts.Count > 0 && starts[^1] == start)
        {
            starts.RemoveAt(starts.Count - 1);
        }

        if (isIn != ((starts.Count & 1) != 0))
        {
            starts.Add(start);
        }
    }
}
