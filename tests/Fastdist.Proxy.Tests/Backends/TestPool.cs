using System;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Pools;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>A pool of which each choice is made in a turn of its own.</summary>
internal sealed class TestPool(BackendBench bench, Pool pool)
{
    /// <summary>Chooses.</summary>
    /// <param name="name">The query's name, wire form.</param>
    /// <param name="now">Microseconds since the bench was made, at least.</param>
    /// <param name="isFull">When nobody can be chosen: whether some could be if they had room.</param>
    public Backend? Choose(ReadOnlySpan<byte> name, long now, out bool isFull)
    {
        bench.Advance(Math.Max(now - bench.Age, 1));
        return pool.Choose(name, out isFull);
    }
}
