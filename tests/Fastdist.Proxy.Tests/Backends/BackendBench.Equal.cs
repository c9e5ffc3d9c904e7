using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Cache;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Rules.Chains;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Equal queries, which are asked once.</summary>
internal sealed partial class BackendBench
{
    private readonly List<PacketCache> _caches = [];
    private TcpClients? _tcp;

    /// <summary>Decides something about a query before it is kept.</summary>
    public delegate void Decide(ref Decision decision);

    /// <summary>Queries that waited for the answer to an equal one.</summary>
    public long Shared => _caches.Sum(static cache => cache.Figures.Shared);

    /// <summary>Answers that caches have kept.</summary>
    public long Kept => _caches.Sum(static cache => cache.Figures.Entries);

    /// <summary>Groups of equal queries.</summary>
    public int Groups => _dispatcher.EqualCount;

    /// <summary>Whole answers that clients got over UDP, in order.</summary>
    public List<byte[]> Datagrams => _ring.Datagrams;

    /// <summary>The whole answer to a query over UDP by its ID.</summary>
    public byte[] DatagramTo(ushort id) => _ring.Datagrams.Single(answer => Header.Id(answer) == id);

    /// <summary>What frontends over UDP counted.</summary>
    public FrontendCounters UdpCounters => _udp.CountersOf(0);

    /// <summary>What frontends over TCP counted.</summary>
    public FrontendCounters TcpCounters => _tcp!.CountersOf(0);

    /// <summary>Tags that queries in flight have.</summary>
    public int Tags(string name) => _shard.Rules.Tags.Set(0, name, "1");

    /// <summary>Has equal queries of some pools be asked once.</summary>
    public BackendBench Sharing(params int[] pools)
    {
        for (int pool = 0; pool < _pools.Count; pool++)
        {
            if (pools.Contains(pool))
            {
                _caches.Add(new PacketCache(new CacheOptions { MaxEntries = 100 }, shards: 1));
            }

            _shard.Caches.Use(pool, pools.Contains(pool) ? _caches[^1] : null);
        }

        _shard.Caches.TellsNetworks = pool => _pools[pool].TellsNetworks;
        _dispatcher.CachesChanged();
        return this;
    }

    /// <summary>Has rules decide about answers.</summary>
    public void UseRules(params Rule[] rules) => _dispatcher.Use(CompiledRules.Compile(RuleChains.None.With(ChainKind.Response, rules), shards: 1, static _ => -1));

    /// <summary>Has a client ask something.</summary>
    /// <param name="message">The query.</param>
    /// <param name="limit">What it takes, bytes.</param>
    /// <param name="peer">The client.</param>
    /// <param name="decide">What is decided about the query.</param>
    /// <returns>Whether it is on its way.</returns>
    public bool Ask(byte[] message, int limit = 512, string peer = "192.0.2.200", Decide? decide = null) =>
        Ask(_udp, message, SocketAddress.From(new IPEndPoint(IPAddress.Parse(peer), 4000)), limit, decide ?? (static (ref _) => { }));

    /// <summary>The same over a stream.</summary>
    public bool AskOverStream(byte[] message) => Ask(_streams, message);

    /// <summary>The same over a connection that is gone when the answer comes.</summary>
    public bool AskAndLeave(byte[] message)
    {
        if (_tcp is null)
        {
            _tcp = new TcpClients(_shard, _gate, TestFrontends.Plain(), new ClientLimits(_shard.Options.ClientLimits));
            _table.Register(_tcp);
            SocketAddress peer = default;
            _tcp.Adopt(descriptor: 9, 0, in peer, isProxied: false);
        }

        return Ask(_tcp, message);
    }
}
