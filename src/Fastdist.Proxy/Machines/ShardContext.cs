using System;
using System.Threading;
using Fastdist.Proxy.InFlight;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy.Machines;

/// <summary>What the parts of one shard share. Everything here is the shard's alone, but options and log.</summary>
internal sealed class ShardContext(int id, ProxyOptions options, Machine machine, ILogger log, InFlightTable table)
{
    private int _connections;

    public int Id => id;

    /// <summary>The proxy's settings of now.</summary>
    public ProxyOptions Options { get; set; } = options;

    public Machine Machine => machine;

    public ILogger Log => log;

    /// <summary>Clients that are served.</summary>
    public NetmaskSet Acl { get; set; } = options.Acl;

    public InFlightTable Table => table;

    public ShardClock Clock { get; } = new(machine);

    /// <summary>When the clocks of queries and connections are looked at next, microseconds of the shard's clock.</summary>
    public long NextTick { get; set; }

    public Random Random { get; } = machine.CreateRandom();

    /// <summary>What the shard's rules have in common.</summary>
    public ShardRules Rules => field ??= new ShardRules(id, Random);

    /// <summary>Its ways into the caches of its pools.</summary>
    public ShardCaches Caches => field ??= new ShardCaches(id, Random);

    /// <summary>The time by which caches go, seconds.</summary>
    public uint CacheNow => (uint)(Clock.Shared / 1_000_000);

    /// <summary>For what nobody may guess.</summary>
    public Lots Lots { get; } = new(machine.FillUnguessable);

    /// <summary>Who is blocked for a time, and what is counted so that others may be.</summary>
    public ShardBlocks Blocks { get; } = new();

    /// <summary>Set once the shard's thread runs: rings belong to the thread that makes them.</summary>
    public Ring.Ring Ring { get; set; } = null!;

    /// <summary>For connections to backends when there is no descriptor left.</summary>
    public DescriptorReserve Descriptors { get; } = new();

    /// <summary>Client connections given to this shard; whoever accepts looks for the smallest.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Has the clocks looked at no later than after a time, microseconds.</summary>
    public void TickWithin(long time) => NextTick = Math.Min(NextTick, Clock.Now + time);

    public void ConnectionAssigned() => Interlocked.Increment(ref _connections);

    public void ConnectionClosed() => Interlocked.Decrement(ref _connections);
}
