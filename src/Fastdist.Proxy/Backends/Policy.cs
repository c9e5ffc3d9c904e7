using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Chooses a backend for a query, among those that are the most ready: nobody is sent to a silent
/// backend while another has a working connection.
/// </summary>
internal sealed class Policy
{
    private const int PointsPerWeight = 100;

    private readonly PolicyKind _kind;
    private readonly Backend[] _backends;
    private readonly TokenBucket[] _rates;
    private readonly (uint Hash, int Position)[] _ring;
    private readonly Random _random;
    private readonly uint _seed;
    private uint _turn;

    /// <param name="kind">How to choose.</param>
    /// <param name="backends">Whom to choose from.</param>
    /// <param name="shards">Shards of the process: a backend's qps is divided among them.</param>
    /// <param name="seed">Seed of the name hash, the same in every shard.</param>
    /// <param name="random">The shard's.</param>
    public Policy(PolicyKind kind, Backend[] backends, int shards, uint seed, Random random)
    {
        _kind = kind;
        _backends = backends;
        _random = random;
        _seed = seed;
        _rates = [.. backends.Select(b => new TokenBucket((double)b.Options.Qps / shards))];
        _ring = kind == PolicyKind.ConsistentHash ? CreateRing(backends) : [];
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

    private static (uint Hash, int Position)[] CreateRing(Backend[] backends)
    {
        var points = new List<(uint Hash, int Position)>();
        for (int position = 0; position < backends.Length; position++)
        {
            // Derived from the address, so that adding a backend moves only its own share of the names.
            string address = backends[position].Options.Address.ToString();
            for (int i = 0; i < Math.Min(backends[position].Options.Weight, 1000) * PointsPerWeight; i++)
            {
                points.Add((Names.Hash(System.Text.Encoding.ASCII.GetBytes($"{address}#{i}"), 0), position));
            }
        }

        points.Sort();
        return [.. points];
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
        int best = -1;
        for (int position = 0; position < _backends.Length; position++)
        {
            Backend backend = _backends[position];
            if (backend.Readiness == tier && (best < 0 || backend.Options.Order < _backends[best].Options.Order)
                && _rates[position].HasToken(now))
            {
                best = position;
            }
        }

        if (best < 0)
        {
            return null;
        }

        _rates[best].Take();
        return _backends[best];
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
        uint hash = Names.Hash(name, _seed);
        int low = 0;
        int high = _ring.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ring[middle].Hash < hash)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        while (true)
        {
            Backend candidate = _backends[_ring[low % _ring.Length].Position];
            if (candidate.Readiness == tier)
            {
                return candidate;
            }

            low++;
        }
    }
}
