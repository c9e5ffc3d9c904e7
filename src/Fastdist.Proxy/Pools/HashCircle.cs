using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// Consistent hashing: each backend has points on a circle of hashes, and a name belongs to the next point. A backend that
/// comes or goes moves its own share of the names only. It never changes and all shards share it: whoever changes the
/// backends makes another one, as millions of points are too many to sort between two turns of a shard.
/// </summary>
internal sealed class HashCircle
{
    private const int PointsPerWeight = 100;
    private const int MostWeight = 1000;
    private const int HashShift = 32;

    private readonly uint _seed;

    /// <summary>Sorted: a hash above the slot of its backend, so that of equal hashes the same one always comes first.</summary>
    private readonly ulong[] _points;

    /// <param name="backends">Whom names are shared out to, by their weights.</param>
    /// <param name="seed">Seed of the name hash.</param>
    public HashCircle(IReadOnlyList<SharedBackend> backends, uint seed)
    {
        _seed = seed;
        _points = new ulong[backends.Sum(PointsOf)];
        int first = 0;
        foreach (SharedBackend backend in backends)
        {
            int count = PointsOf(backend);
            Write(backend, _points.AsSpan(first, count));
            first += count;
        }

        Array.Sort(_points);
    }

    /// <summary>A circle without a point.</summary>
    public static HashCircle Empty { get; } = new([], 0);

    /// <summary>Points on it.</summary>
    public int Count => _points.Length;

    /// <summary>The point that a name belongs to, 0 to <see cref="Count"/>, where the first one comes again.</summary>
    public int PointOf(ReadOnlySpan<byte> name)
    {
        int point = _points.AsSpan().BinarySearch((ulong)Names.Hash(name, _seed) << HashShift);
        return point < 0 ? ~point : point;
    }

    /// <summary>The slot of the backend that a point is of, counted on around the circle.</summary>
    public int SlotAt(int point) => (int)(uint)_points[point % _points.Length];

    private static int PointsOf(SharedBackend backend) => Math.Min(backend.Options.Weight, MostWeight) * PointsPerWeight;

    /// <summary>
    /// Derived from name and address, so that they are the same whatever other backends there are. No text is made for each, as to
    /// collect the garbage of millions would stop the shards.
    /// </summary>
    private static void Write(SharedBackend backend, Span<ulong> points)
    {
        const int MostDigits = 10;
        byte[] text = new byte[Encoding.UTF8.GetMaxByteCount(backend.Name.Length + backend.Address.Length + 2) + MostDigits];
        int prefix = Encoding.UTF8.GetBytes($"{backend.Name}#{backend.Address}#", text);
        for (int i = 0; i < points.Length; i++)
        {
            Utf8Formatter.TryFormat(i, text.AsSpan(prefix), out int digits);
            points[i] = ((ulong)Names.Hash(text.AsSpan(0, prefix + digits), 0) << HashShift) | (uint)backend.Slot;
        }
    }
}
