using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Pools;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy;

/// <summary>Pools: who is in them, and how they choose.</summary>
public sealed partial class ProxyServer
{
    private readonly PoolRoster _pools;

    /// <summary>The pools of the moment, sorted by name, the default pool first.</summary>
    public IReadOnlyList<PoolView> Pools =>
        [.. _pools.All.OrderBy(pool => pool.Name, StringComparer.Ordinal).Select(pool => new PoolView(pool.Name, _pools.PolicyOf(pool), [.. MembersOf(pool.Name).OrderBy(b => b.Options.Order)], CacheOf(pool.Name)))];

    /// <summary>How backends are chosen in pools that have no way of their own.</summary>
    public PolicyKind Policy => _pools.Policy;

    /// <summary>Tells of pools that a flag names and no backend is in: the name may be another by mistake.</summary>
    public static void WarnOfEmptyPools(ProxyOptions options, ILogger log)
    {
        HashSet<string> filled = [.. options.Backends.SelectMany(backend => backend.Pools)];
        foreach (string pool in options.Pools.Select(pool => pool.Name).Concat(options.Frontends.Select(frontend => frontend.Pool)).Distinct())
        {
            if (!filled.Contains(pool))
            {
                log.PoolEmpty(Describe(pool));
            }
        }
    }

    /// <summary>Has a backend be asked what a pool is asked, too. A pool that there is not is made.</summary>
    /// <returns>False, with the reason, when it cannot be.</returns>
    public bool TryJoinPool(BackendView backend, string pool, out string error)
    {
        lock (_control)
        {
            error = !_backends.Contains(backend) ? $"the server '{backend.Name}' was removed before" : _pools.ProblemWith([pool]);
            if (error.Length > 0 || backend.Pools.Contains(pool))
            {
                return error.Length == 0;
            }

            int number = EnsurePool(pool);
            backend.Pools = [.. backend.Pools.Append(pool).Order(StringComparer.Ordinal)];
            PostToAll(shard => shard.JoinPool(backend.Shared, number));
            ShareOut(number);
            TellPools(backend);
            return true;
        }
    }

    /// <summary>Has a backend be asked no longer what a pool is asked. Nothing changes where it was not.</summary>
    /// <returns>False, with the reason, when it cannot be.</returns>
    public bool TryPartPool(BackendView backend, string pool, out string error)
    {
        lock (_control)
        {
            error = _backends.Contains(backend) ? "" : $"the server '{backend.Name}' was removed before";
            if (error.Length > 0 || !backend.Pools.Contains(pool))
            {
                return error.Length == 0;
            }

            int number = _pools.NumberOf(pool);
            backend.Pools = [.. backend.Pools.Where(other => other != pool)];
            PostToAll(shard => shard.PartPool(backend.Shared, number));
            ShareOut(number);
            TellPools(backend);
            return true;
        }
    }

    /// <summary>Has all pools choose in this way that have none of their own.</summary>
    public void SetPolicy(PolicyKind policy)
    {
        lock (_control)
        {
            _pools.Policy = policy;
            for (int number = 0; number < _pools.Count; number++)
            {
                if (_pools[number].Policy is null)
                {
                    Use(number);
                }
            }

            _log.PolicySet("pools without a policy of their own", PolicyNames.Of(policy));
        }
    }

    /// <summary>Has a pool choose in a way of its own. One that there is not is made.</summary>
    /// <returns>False, with the reason, when it cannot be.</returns>
    public bool TrySetPolicy(string pool, PolicyKind policy, out string error)
    {
        lock (_control)
        {
            error = _pools.ProblemWith([pool]);
            if (error.Length > 0)
            {
                return false;
            }

            int number = EnsurePool(pool);
            _pools.SetPolicy(number, policy);
            Use(number);
            _log.PolicySet(Describe(pool), PolicyNames.Of(policy));
            return true;
        }
    }

    private static string Describe(string pool) => pool.Length > 0 ? $"pool '{pool}'" : "the default pool";

    private void TellPools(BackendView backend) =>
        _log.PoolsChanged(backend.Name, backend.Pools.Count > 0 ? string.Join(", ", backend.Pools.Select(Describe)) : "no pool");

    private IEnumerable<BackendView> MembersOf(string pool) => Backends.Where(backend => backend.Pools.Contains(pool));

    /// <returns>The pool's number.</returns>
    private int EnsurePool(string name)
    {
        if (_pools.NumberOf(name) is >= 0 and int number)
        {
            return number;
        }

        number = _pools.Add(name, out bool isNumberNew);
        PolicyKind policy = _pools.Policy;
        if (isNumberNew)
        {
            PostToAll(shard => shard.AddPool(policy));
        }
        else
        {
            Use(number);
        }

        return number;
    }

    /// <summary>The members of a pool have changed: where names belong to members they are shared out anew.</summary>
    private void ShareOut(int number)
    {
        if (_pools.PolicyOf(_pools[number]) == PolicyKind.ConsistentHash)
        {
            Use(number);
        }
    }

    /// <summary>Has the shards know how a pool chooses.</summary>
    private void Use(int number)
    {
        // None runs when the settings are only checked.
        if (_shards[0] is null)
        {
            return;
        }

        PoolOptions pool = _pools[number];
        PolicyKind policy = _pools.PolicyOf(pool);
        HashCircle circle = policy == PolicyKind.ConsistentHash ? new HashCircle([.. MembersOf(pool.Name).Select(b => b.Shared)], _nameSeed) : HashCircle.Empty;
        PostToAll(shard => shard.Use(number, policy, circle));
    }
}
