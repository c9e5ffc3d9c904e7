using System;
using System.Collections.Generic;
using Fastdist.Proxy.Counters;
using Fastdist.Settings;
using Fastdist.Tls;

namespace Fastdist.Proxy.Frontends;

/// <summary>One frontend as one shard sees it: what it presents and counts, how its clients ask, and the sockets they come by. Changed between turns only.</summary>
/// <param name="shared">What all shards share of it.</param>
/// <param name="shard">The shard.</param>
/// <param name="pool">Number of the pool that its queries go to.</param>
/// <param name="tls">What it presents, which it comes to own; null where it speaks plain TCP.</param>
internal sealed class Frontend(SharedFrontend shared, int shard, int pool, TlsContext? tls) : IDisposable
{
    private long _arrived = -1;

    /// <summary>What all shards share of it.</summary>
    public SharedFrontend Shared => shared;

    /// <summary>Its number in the shard's <see cref="FrontendSet"/>.</summary>
    public int Number => shared.Slot;

    /// <summary>Its settings, as far as this shard has heard of them.</summary>
    public FrontendOptions Options { get; private set; } = shared.Options;

    /// <summary>Number of the pool that its queries go to.</summary>
    public int Pool { get; private set; } = pool;

    /// <summary>Where this shard counts its datagrams; what is never written where there are none.</summary>
    public FrontendCounters Udp { get; } = shared.Udp.Count > 0 ? shared.Udp[shard] : new FrontendCounters();

    /// <summary>Where this shard counts its connections.</summary>
    public FrontendCounters Tcp { get; } = shared.Tcp[shard];

    /// <summary>What new connections are presented; null where it speaks plain TCP.</summary>
    public TlsContext? Tls { get; private set; } = tls;

    /// <summary>How its clients ask over a stream.</summary>
    public StreamProtocol Protocol { get; set; } = null!;

    /// <summary>The ring's numbers of its listeners, one for each of its addresses.</summary>
    public List<int> Listeners { get; } = [];

    /// <summary>The ring's numbers of its datagram sockets; none once they are closed.</summary>
    public List<int> DatagramSockets { get; } = [];

    /// <summary>Answers over UDP that rules have wait, and that leave by its sockets.</summary>
    public int Delayed { get; set; }

    /// <summary>Listeners that may still bring connections.</summary>
    public int OpenListeners { get; set; }

    /// <summary>Whether it was removed: it takes nothing new, and ends what it has.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Whether nothing of it is left: no socket, client, or query of one.</summary>
    public bool HasLeft => IsLeaving && OpenListeners == 0 && DatagramSockets.Count == 0
        && Tcp.CurrentConnections == 0 && Tcp.InFlight == 0 && Udp.InFlight == 0;

    /// <summary>Goes by other settings.</summary>
    /// <param name="options">The settings, of the same addresses and protocol.</param>
    /// <param name="toPool">Number of the pool that its queries go to.</param>
    public void Edit(FrontendOptions options, int toPool)
    {
        (Options, Pool) = (options, toPool);
        Protocol.SettingsChanged();
    }

    /// <summary>Has new connections use another context; established ones keep theirs.</summary>
    public void Present(TlsContext context)
    {
        Tls!.Dispose();
        Tls = context;
    }

    /// <summary>Whether its datagram sockets, to which nothing comes any more, were empty for the time between two calls and owe nothing.</summary>
    public bool AreDatagramsOver()
    {
        long before = _arrived;
        _arrived = Udp.Queries + Udp.AclDrops;
        return _arrived == before && Udp.InFlight == 0 && Delayed == 0;
    }

    /// <summary>Lets go of what it presents.</summary>
    public void Dispose() => Tls?.Dispose();
}
