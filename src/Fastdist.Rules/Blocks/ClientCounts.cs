using System;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// What one shard counts of clients in one second, in groups of eight places. Who finds a full group takes the place of the one that was seen least, once in as many
/// times as that one was seen, and one more: so a million addresses with a packet each only put out one another, and who sends many packets is soon in and then stays.
/// Counts may be too low that way, never too high.
/// </summary>
internal sealed class ClientCounts
{
    private const int Ways = 8;
    private const int CacheLine = 64;
    private static readonly int s_wordsPerKey = Unsafe.SizeOf<AddressKey>() / sizeof(uint);

    // A place's hash above, how often it was seen below: a group is a line of the cache, and all that is read of a full one by who does not get in. Pinned, so that it
    // stays one.
    private readonly ulong[] _heads;
    private readonly int _firstHead;

    // Key and columns of a place, in one line of the cache if there are at most twelve columns.
    private readonly uint[] _bodies;
    private readonly int _stride;
    private readonly int _groupMask;
    private ulong _random = (ulong)Random.Shared.NextInt64(1, long.MaxValue);

    /// <summary>An empty table.</summary>
    /// <param name="places">A power of two, 8 at least.</param>
    /// <param name="columns">What is counted of each client.</param>
    public ClientCounts(int places, int columns)
    {
        Debug.Assert(BitOperations.IsPow2(places) && places >= Ways, "the groups are a power of two");
        Columns = columns;
        _stride = (int)BitOperations.RoundUpToPowerOf2((uint)(s_wordsPerKey + columns));
        Places = places;
        _heads = GC.AllocateArray<ulong>(places + Ways, pinned: true);
        _firstHead = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_heads, 0) & (CacheLine - 1)) / sizeof(ulong);
        _bodies = new uint[places * _stride];
        _groupMask = (places / Ways) - 1;
    }

    /// <summary>Places; some are free.</summary>
    public int Places { get; }

    /// <summary>Columns of each.</summary>
    public int Columns { get; }

    /// <summary>Clients in it.</summary>
    public int Count { get; private set; }

    /// <summary>What is counted of a client, which is seen once more.</summary>
    /// <returns>Its columns; empty when it does not get in.</returns>
    public Span<uint> See(AddressKey key)
    {
        ulong hash = KeyHash.Of(key);
        int first = ((int)hash & _groupMask) * Ways;
        Span<ulong> heads = _heads.AsSpan(_firstHead + first, Ways);

        // Among those that were seen equally rarely it is another one each time.
        uint turn = (uint)(hash >> 29);
        ulong rarest = ulong.MaxValue;
        for (int way = 0; way < Ways; way++)
        {
            if (hash >> 32 == heads[way] >> 32 && (uint)heads[way] != 0 && KeyAt(first + way) == key)
            {
                heads[way] += (uint)heads[way] == uint.MaxValue ? 0u : 1;
                return ColumnsAt(first + way);
            }

            rarest = Math.Min(rarest, ((ulong)(uint)heads[way] * Ways) + (((uint)way + turn) % Ways));
        }

        uint seen = (uint)(rarest / Ways);
        int place = (int)((uint)rarest - turn) & (Ways - 1);
        if (seen != 0 && Draw() > uint.MaxValue / (seen + 1L))
        {
            return default;
        }

        Count += seen == 0 ? 1 : 0;
        heads[place] = (hash & ~(ulong)uint.MaxValue) | 1;
        KeyAt(first + place) = key;
        Span<uint> columns = ColumnsAt(first + place);
        columns.Clear();
        return columns;
    }

    /// <summary>A client by its place.</summary>
    /// <param name="place">Below <see cref="Places"/>.</param>
    /// <param name="columns">What was counted.</param>
    /// <param name="key">The client.</param>
    /// <returns>How often it was seen; 0 when the place is free.</returns>
    public uint Read(int place, out AddressKey key, out ReadOnlySpan<uint> columns)
    {
        key = KeyAt(place);
        columns = ColumnsAt(place);
        return (uint)_heads[_firstHead + place];
    }

    /// <summary>How often a client was seen at least that is among those seen most.</summary>
    /// <param name="most">So many, or fewer when several were seen equally often; of those seen 255 times or more all are.</param>
    public uint LeastOf(int most)
    {
        Span<int> bySeen = stackalloc int[256];
        bySeen.Clear();
        foreach (ulong head in _heads.AsSpan(_firstHead, Places))
        {
            bySeen[(int)Math.Min((uint)head, 255)]++;
        }

        int left = most;
        uint least = 255;
        for (; least > 0 && (left -= bySeen[(int)least]) >= 0; least--)
        {
        }

        return Math.Min(least + 1, 255);
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        Array.Clear(_heads);
        Count = 0;
    }

    // A place has room for a key and all columns, and there are as many as heads.
    private ref AddressKey KeyAt(int place) => ref Unsafe.As<uint, AddressKey>(ref _bodies[place * _stride]);

    private Span<uint> ColumnsAt(int place) => _bodies.AsSpan((place * _stride) + s_wordsPerKey, Columns);

    /// <summary>Xorshift (Marsaglia 2003): nobody outside sees a draw.</summary>
    private uint Draw()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return (uint)(_random >> 32);
    }
}
