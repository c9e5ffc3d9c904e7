using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;

namespace Fastdist.Proxy.Pools;

/// <summary>
/// The pools of one shard by their numbers, the default pool first, and which of them each backend is in. A pool stays, with or without
/// members, as queries in flight name it. Changed between turns only.
/// </summary>
internal sealed class PoolSet
{
    private readonly List<Pool> _pools = [];

    /// <summary>The pools that the backend of each slot is in.</summary>
    private readonly List<Pool[]> _ofSlot = [];

    /// <summary>How many there are.</summary>
    public int Count => _pools.Count;

    /// <summary>The pool with a number.</summary>
    public Pool this[int number] => _pools[number];

    /// <summary>Takes in a pool under the next number.</summary>
    public void Add(Pool pool) => _pools.Add(pool);

    /// <summary>A backend becomes a member of a pool.</summary>
    public void Join(Backend backend, int number)
    {
        while (_ofSlot.Count <= backend.Index)
        {
            _ofSlot.Add([]);
        }

        _pools[number].Add(backend);
        _ofSlot[backend.Index] = [.. _ofSlot[backend.Index], _pools[number]];
    }

    /// <summary>A backend is a member of a pool no longer.</summary>
    public void Part(Backend backend, int number)
    {
        _pools[number].Remove(backend);
        _ofSlot[backend.Index] = Array.FindAll(_ofSlot[backend.Index], pool => pool != _pools[number]);
    }

    /// <summary>A pool has these members from now on, in this order.</summary>
    public void Fill(int number, Backend[] members)
    {
        foreach (Backend gone in _pools[number].Members.Except(members).ToArray())
        {
            Part(gone, number);
        }

        foreach (Backend come in members.Except(_pools[number].Members).ToArray())
        {
            Join(come, number);
        }

        _pools[number].Fill(members);
    }

    /// <summary>What policies go by of a backend has changed.</summary>
    public void Disband(Backend backend) => Array.ForEach(Of(backend), static pool => pool.Disband());

    /// <summary>What policies go by besides weights has changed.</summary>
    public void Balance(BalancingOptions balancing) => _pools.ForEach(pool => pool.Balance(balancing));

    /// <summary>A backend is a member of no pool any more.</summary>
    public void Part(Backend backend)
    {
        Array.ForEach(Of(backend), pool => pool.Remove(backend));
        if (backend.Index < _ofSlot.Count)
        {
            _ofSlot[backend.Index] = [];
        }
    }

    /// <summary>Whether a backend is a member of a pool.</summary>
    public bool IsMember(Backend backend, Pool pool) => Array.IndexOf(Of(backend), pool) >= 0;

    /// <summary>Whether some member of one of a backend's pools can take queries at once.</summary>
    public bool IsAnyReadyBeside(Backend backend) => Array.Exists(Of(backend), static pool => pool.IsAnyReady);

    private Pool[] Of(Backend backend) => backend.Index < _ofSlot.Count ? _ofSlot[backend.Index] : [];
}
