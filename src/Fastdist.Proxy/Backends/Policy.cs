using System;
using System.Linq;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Chooses a backend for a query, among those that are the most ready: nobody is sent to a silent
/// backend while another has a working connection.
/// </summary>
internal sealed class Policy
{
    private readonly PolicyKind _kind;
    private readonly Backend[] _backends;
    private readonly Backend?[] _bySlot;
    private readonly HashRing _ring;
    private readonly Random _random;
    private uint _turn;

    /// <param name="kind">How to choose.</param>
    /// <param name="backends">Whom to choose from.</param>
    /// <param name="ring">For <see cref="PolicyKind.ConsistentHash"/>.</param>
    /// <param name="random">The shard's.</param>
    public Policy(PolicyKind kind, Backend[] backends, HashRing ring, Random random)
    {
        _kind = kind;
        _backends = backends;
        _random = random;
        _ring = ring;
        _bySlot = new Backend?[backends.Length == 0 ? 0 : backends.Max(b => b.Index) + 1];
        Array.ForEach(backends, b => _bySlot[b.Index] = b);
    }

    /// <summary>Chooses.</summary>
    /// <param name="name">The query's name, wire form.</param>
    /// <param name="now">Microseconds.</param>
    /// <param name="isFull">When nobody can be chosen: whether some could be if they had room.</param>
    public Backend? Choose(ReadOnlySpan<byte> name, long now, out bool isFull)
    {
        Readiness tier = Readiness.Unavailable;
        foreach (Backend backend in _backends)
        {
            tier = (Readiness)Math.Max((byte)tier, (byte)backend.Readiness);
        }

        isFull = tier == Readiness.Full;
        if (tier <= Readiness.Full)
        {
            return null;
        }

        if (_backends.Length == 1)
        {
            return _backends[0];
        }

        return _kind switch
        {
            PolicyKind.FirstAvailable => FirstAvailable(tier, now) ?? LeastOutstanding(tier),
            PolicyKind.RoundRobin => RoundRobin(tier),
            PolicyKind.WeightedRandom => WeightedRandom(tier),
            PolicyKind.ConsistentHash => ConsistentHash(tier, name),
            _ => LeastOutstanding(tier),
        };
    }

    private Backend LeastOutstanding(Readiness tier)
    {
        Backend? best = null;
        foreach (Backend backend in _backends)
        {
            if (backend.Readiness == tier && (best is null || IsLess(backend, best)))
            {
                best = backend;
            }
        }

        return best!;
    }

    private static bool IsLess(Backend candidate, Backend best)
    {
        int order = candidate.Outstanding.CompareTo(best.Outstanding);
        order = order != 0 ? order : candidate.Options.Order.CompareTo(best.Options.Order);
        order = order != 0 ? order : candidate.Counters.LatencyMicroseconds.CompareTo(best.Counters.LatencyMicroseconds);
        return order < 0;
    }

    private Backend? FirstAvailable(Readiness tier, long now)
    {
        Backend? best = null;
        foreach (Backend backend in _backends)
        {
            if (backend.Readiness == tier && (best is null || backend.Options.Order < best.Options.Order) && backend.Rate.HasToken(now))
            {
                best = backend;
            }
        }

        best?.Rate.Take();
        return best;
    }

    private Backend RoundRobin(Readiness tier)
    {
        while (true)
        {
            Backend candidate = _backends[(int)(_turn++ % (uint)_backends.Length)];
            if (candidate.Readiness == tier)
            {
                return candidate;
            }
        }
    }

    private Backend WeightedRandom(Readiness tier)
    {
        long total = 0;
        foreach (Backend backend in _backends)
        {
            total += backend.Readiness == tier ? backend.Options.Weight : 0;
        }

        long drawn = _random.NextInt64(total);
        foreach (Backend backend in _backends)
        {
            if (backend.Readiness == tier && (drawn -= backend.Options.Weight) < 0)
            {
                return backend;
            }
        }

        return _backends[0];
    }

    private Backend ConsistentHash(Readiness tier, ReadOnlySpan<byte> name)
    {
        int first = _ring.PointOf(name);
        for (int i = 0; i < _ring.Count; i++)
        {
            if (Find(_ring.SlotAt(first + i)) is { } candidate && candidate.Readiness == tier)
            {
                return candidate;
            }
        }

        // Those on the ring are gone or not ready, and the ring that knows the others is on its way.
        return LeastOutstanding(tier);
    }

    private Backend? Find(int slot) => slot < _bySlot.Length ? _bySlot[slot] : null;
}
