using System;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.Pools;
using Fastdist.Rules.Blocks;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Shards;

/// <summary>What the control thread has a shard change between two turns, on the shard's own thread.</summary>
internal sealed partial class Shard
{
    private CompiledRules _rules = CompiledRules.None;

    /// <summary>Other clients are served from now on; connections that are open stay.</summary>
    public void SetAcl(NetmaskSet acl) => _context.Acl = acl;

    /// <summary>Goes by other settings of the process.</summary>
    public void Use(ProxyOptions options)
    {
        if (options.Balancing != _context.Options.Balancing)
        {
            _pools.Balance(options.Balancing);
        }

        _context.Options = options;
        Judge();
        _dispatcher.Use(options);
        _tcp.Use(options);
    }

    /// <summary>Has other rules decide about queries and answers; the pools that they name are there.</summary>
    public void Use(CompiledRules rules)
    {
        _rules = rules;
        Judge();
        _gate.Own.Use(rules);
        _gate.Hits.Use(rules);
        _dispatcher.Use(rules);
    }

    /// <summary>Others are blocked from now on.</summary>
    public void Use(BlockSnapshot blocks) => _context.Blocks.Snapshot = blocks;

    /// <summary>Counts for groups of blocking rules from now on.</summary>
    public void Count(BlockCounter[] counters) => _context.Blocks.Use(counters);

    private void Judge() => _gate.Use(Gate.JudgesOf(_context.Options, _rules, _context), _context.Options.UdpMaxSize);

    /// <summary>Takes in a backend.</summary>
    /// <param name="shared">What all shards share of it.</param>
    /// <param name="context">For its sessions; null for plain TCP.</param>
    /// <param name="pools">Numbers of the pools that it is in.</param>
    public void AddBackend(SharedBackend shared, TlsContext? context, params ReadOnlySpan<int> pools)
    {
        BackendOptions options = shared.Options;
        int share = options.Connections == 0 ? 1
            : (options.Connections / _all.Length) + (_context.Id < options.Connections % _all.Length ? 1 : 0);
        var backend = new Backend(_context, shared, context, share, _backends);
        _backends.Add(backend);
        foreach (int pool in pools)
        {
            _pools.Join(backend, pool);
        }

        _health.Add(backend);
        backend.EnsureConnected();
    }

    /// <summary>New connections to a backend are made with another context.</summary>
    public void Renew(SharedBackend shared, TlsContext context) => _backends[shared.Slot].Renew(context);

    /// <summary>Has a backend go by other settings; its connections stay.</summary>
    public void Edit(SharedBackend shared, BackendOptions options)
    {
        Backend backend = _backends[shared.Slot];
        _pools.Disband(backend);
        backend.Edit(options);
        _health.Edited(backend);
    }

    /// <summary>Lets a backend go: it gets no further query, and what it has been asked is waited for.</summary>
    public void RemoveBackend(SharedBackend shared)
    {
        _pools.Part(_backends[shared.Slot]);
        _backends.Remove(shared.Slot);
    }

    /// <summary>Makes a pool, which gets the next number.</summary>
    public void AddPool(PolicyKind policy) => _pools.Add(new Pool(policy, _context.Options.Balancing, _context.Clock, _context.Random));

    /// <summary>Has a backend be asked what a pool is asked, too.</summary>
    public void JoinPool(SharedBackend shared, int pool) => _pools.Join(_backends[shared.Slot], pool);

    /// <summary>Has a backend be asked no longer what a pool is asked; what it has of that it answers.</summary>
    public void PartPool(SharedBackend shared, int pool) => _pools.Part(_backends[shared.Slot], pool);

    /// <summary>Has a pool consist of the backends in these slots, in this order.</summary>
    public void Fill(int pool, int[] slots) => _pools.Fill(pool, Array.ConvertAll(slots, slot => _backends[slot]));

    /// <summary>Chooses among a pool's members in another way.</summary>
    /// <param name="pool">Its number.</param>
    /// <param name="policy">The way.</param>
    /// <param name="circle">Whose the names are, where it goes by names.</param>
    public void Use(int pool, PolicyKind policy, HashCircle circle) => _pools[pool].Use(policy, circle);

    /// <summary>Gives a pool another packet cache.</summary>
    /// <param name="pool">Its number.</param>
    /// <param name="cache">The cache; null for none.</param>
    public void UseCache(int pool, PacketCache? cache)
    {
        _context.Caches.Use(pool, cache);
        _dispatcher.CachesChanged();
    }

    /// <summary>Looks into a packet cache no more, as its memory is freed.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="pass">Says that this is so.</param>
    public void LetGo(PacketCache cache, Action pass)
    {
        _context.Caches.LetGo(cache);
        _dispatcher.CachesChanged();
        pass();
    }

    /// <summary>Has the operator decide whether a backend is up, or its health checks again.</summary>
    public void SetMode(SharedBackend shared, HealthCheckMode mode)
    {
        Backend backend = _backends[shared.Slot];
        backend.SetMode(mode);
        backend.EnsureConnected();
        if (mode.IsChecked)
        {
            _health.Restart(shared.Slot);
        }
    }

    private void PublishState(Backend backend, bool isUp)
    {
        backend.Judge(isUp);
        backend.Shared.IsUp = isUp;
        foreach (Shard shard in _all.Where(s => s != this))
        {
            PostTo(shard._context.Id, new Message(MessageKind.BackendState, backend.Index, IsUp: isUp));
        }
    }
}
