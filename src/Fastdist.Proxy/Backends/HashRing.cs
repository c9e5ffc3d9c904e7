using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Fastdist.Dns;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Consistent hashing: each backend has points on a circle of hashes, and a name belongs to the next point. A backend that
/// comes or goes moves its own share of the names only. It never changes: the control thread makes another one, as
/// thousands of points are too many to sort between two turns of a shard, and all shards share it.
/// </summary>
internal sealed class HashRing
{
    private const int PointsPerWeight = 100;
    private const int MostWeight = 1000;

    private readonly uint _seed;
    private readonly uint[] _hashes;
    private readonly int[] _slots;

    /// <param name="backends">Whom names are shared out to, by their weights.</param>
    /// <param name="seed">Seed of the name hash.</param>
    public HashRing(IReadOnlyList<BackendView> backends, uint seed)
    {
        _seed = seed;
        _hashes = new uint[backends.Sum(PointsOf)];
        _slots = new int[_hashes.Length];
        int first = 0;
        foreach (BackendView backend in backends)
        {
            int count = PointsOf(backend);
            WriteHashes(backend.Options.Address, _hashes.AsSpan(first, count));
            _slots.AsSpan(first, count).Fill(backend.Slot);
            first += count;
        }

        Array.Sort(_hashes, _slots);
    }

    /// <summary>A ring without a point.</summary>
    public static HashRing Empty { get; } = new([], 0);

    /// <summary>Points on it.</summary>
    public int Count => _hashes.Length;

    /// <summary>The point that a name belongs to, 0 to <see cref="Count"/>, where the first one comes again.</summary>
    public int PointOf(ReadOnlySpan<byte> name)
    {
        int point = _hashes.AsSpan().BinarySearch(Names.Hash(name, _seed));
        return point < 0 ? ~point : point;
    }

    /// <summary>The slot of the backend that a point is of, counted on around the circle.</summary>
    public int SlotAt(int point) => _slots[point % _slots.Length];

    private static int PointsOf(BackendView backend) => Math.Min(backend.Options.Weight, MostWeight) * PointsPerWeight;

    /// <summary>
    /// Derived from the address, so that they are the same whatever other backends there are. There may be millions, of which
    /// none may be garbage: to collect it stops the shards.
    /// </summary>
    private static void WriteHashes(IPEndPoint address, Span<uint> hashes)
    {
        Span<byte> text = stackalloc byte[128];
        int prefix = Encoding.ASCII.GetBytes($"{address}#", text);
        for (int i = 0; i < hashes.Length; i++)
        {
            Utf8Formatter.TryFormat(i, text[prefix..], out int digits);
            hashes[i] = Names.Hash(text[..(prefix + digits)], 0);
        }
    }
}
