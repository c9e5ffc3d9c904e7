using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Pools;
using Fastdist.Proxy.Shards;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Fastdist.Simulation.Models;
using Fastdist.Simulation.Tls;
using Fastdist.Tls;

namespace Fastdist.Simulation;

/// <summary>Other settings for the process, of which each shard makes all changes between the same two turns.</summary>
internal sealed partial class World
{
    private readonly List<SharedFrontend> _removedFrontends = [];

    /// <summary>The frontends that there are or were.</summary>
    public IEnumerable<SharedFrontend> AllFrontends => _frontends.Concat(_removedFrontends);

    /// <summary>The frontends that were removed.</summary>
    public IReadOnlyList<SharedFrontend> RemovedFrontends => _removedFrontends;

    /// <summary>The number that one of the two frontends has at present.</summary>
    public int NumberOf(int frontend) => _frontends[frontend].Slot;

    /// <summary>Makes a few changes together.</summary>
    public void ApplyOthers(params Func<World, Action<Shard>>[] changes)
    {
        Note("apply", changes.Length);
        Action<Shard>[] made = [.. changes.Select(change => change(this)), FillPools(), Use()];
        PostToAll(shard => Array.ForEach(made, change => change(shard)));
    }

    /// <summary>Other rules decide.</summary>
    public void Use(RuleChains rules)
    {
        Note("rules", rules.All.Count());
        CompiledRules compiled = CompiledRules.Compile(rules, _shards.Count, name => name.Length == 0 ? 0 : HasTwoPools ? 1 : -1);
        PostToAll(shard => shard.Use(compiled));
        HasRules = true;
    }

    /// <summary>Whether rules decide, which know what names are for.</summary>
    public bool HasRules { get; private set; }

    /// <summary>A backend goes by other settings that it can be edited to.</summary>
    public static Func<World, Action<Shard>> Edit(SimBackend backend, Func<BackendOptions, BackendOptions> change) => world =>
    {
        world.Note("edit", backend.Slot);
        BackendOptions options = backend.Shared.Options = change(backend.Shared.Options);
        world.Require(EditableSettings.Lead(backend.Options, options), "a backend was edited to what it cannot be");
        return shard => shard.Edit(backend.Shared, options);
    };

    /// <summary>A backend takes the place of another.</summary>
    public static Func<World, Action<Shard>> Replace(SimBackend old, SimBackend next) => world =>
    {
        world.Note("replace", old.Slot);
        Action<Shard> add = world.Adding(next, world._shards.Count, isFirst: false);
        old.IsRemoved = true;
        return shard =>
        {
            add(shard);
            shard.RemoveBackend(old.Shared);
        };
    };

    /// <summary>A frontend goes by other settings.</summary>
    public static Func<World, Action<Shard>> EditFrontend(int frontend, Func<FrontendOptions, FrontendOptions> change) => world =>
    {
        world.Note("edit frontend", frontend);
        SharedFrontend shared = world._frontends[frontend];
        FrontendOptions options = shared.Options = change(shared.Options);
        world._options = world._options with { Frontends = [.. world._frontends.Select(static f => f.Options)] };
        int pool = options.Pool == PoolOptions.Default ? 0 : 1;
        return shard => shard.Edit(shared, options, pool);
    };

    /// <summary>A frontend takes the place of another at the same address.</summary>
    public static Func<World, Action<Shard>> ReplaceFrontend(int frontend) => world =>
    {
        world.Note("replace frontend", frontend);
        SharedFrontend old = world._frontends[frontend];
        int slot = 0;
        while (world.AllFrontends.Any(f => f.Slot == slot && !f.IsGone))
        {
            slot++;
        }

        SharedFrontend next = world._frontends[frontend] = new SharedFrontend(slot, old.Options, world._shards.Count);
        world._removedFrontends.Add(old);
        int pool = old.Options.Pool == PoolOptions.Default ? 0 : 1;
        TlsContext?[] contexts = [.. world._shards.Select((_, id) => frontend == TlsFrontend ? world._presented[id] = world.Tls.Ours(new SimTlsOptions { IsServer = true }) : null)];
        return shard =>
        {
            shard.AddFrontend(next, frontend == TlsFrontend ? new ShardSockets { Listeners = { 0 } } : new ShardSockets { Datagrams = { 0 }, Listeners = { 0 } }, contexts[shard.Context.Id], pool);
            shard.RemoveFrontend(old);
        };
    };

    /// <summary>The process goes by other settings.</summary>
    public static Func<World, Action<Shard>> EditProcess(Func<ProxyOptions, ProxyOptions> change) => world =>
    {
        world.Note("edit process");
        world._options = change(world._options);
        world._limits.Use(world._options.ClientLimits);
        NetmaskSet acl = world._options.Acl;
        return shard => shard.SetAcl(acl);
    };

    /// <summary>The pools have the backends that are there, in any order, and choose as the settings say.</summary>
    private Action<Shard> FillPools()
    {
        SimBackend[] there = [.. _backends.Where(static b => !b.IsRemoved)];
        Random.Shuffle(there);
        PolicyKind policy = _options.Policy;
        HashCircle circle = policy == PolicyKind.ConsistentHash ? new HashCircle([.. there.Select(static b => b.Shared)], (uint)Seed) : HashCircle.Empty;
        int[] slots = [.. there.Select(static b => b.Slot)];
        int pools = HasTwoPools ? 2 : 1;
        _circle = circle;
        return shard =>
        {
            for (int pool = 0; pool < pools; pool++)
            {
                shard.Fill(pool, slots);
                shard.Use(pool, policy, circle);
            }
        };
    }

    private Action<Shard> Use()
    {
        ProxyOptions options = _options;
        return shard => shard.Use(options);
    }
}
