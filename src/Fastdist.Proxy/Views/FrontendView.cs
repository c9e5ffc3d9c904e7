using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;

namespace Fastdist.Proxy.Views;

/// <summary>
/// One frontend and protocol as whoever looks from outside the shards sees it; an address that answers over UDP and TCP
/// is two. The counters that each shard keeps for it are added up when asked for.
/// </summary>
public sealed class FrontendView
{
    private readonly bool _isDatagrams;

    /// <param name="shared">What the shards share of it.</param>
    /// <param name="isDatagrams">Whether its datagrams are seen, and not its connections.</param>
    internal FrontendView(SharedFrontend shared, bool isDatagrams) => (Shared, _isDatagrams) = (shared, isDatagrams);

    /// <summary>A number that UDP and TCP of one address share, and no other frontend of the moment has.</summary>
    public int Index => Shared.Slot;

    /// <summary>Its settings.</summary>
    public FrontendOptions Options => Shared.Options;

    /// <summary>Where it listens: address, the interface it is kept to if any, and port.</summary>
    public string Address => Options.Name;

    /// <summary>Whether its queries come over TLS.</summary>
    public bool IsTls => Options.Tls is not null;

    /// <summary>What it speaks: UDP, TCP, DoT or DoH.</summary>
    public string Protocol => Options switch
    {
        { Doh: not null } => "DoH",
        { Tls: not null } => "DoT",
        _ => _isDatagrams ? "UDP" : "TCP",
    };

    /// <summary>What it speaks, in dnsdist's words.</summary>
    public string Type => Options switch
    {
        { Doh: not null, Tls: not null } => "TCP (DNS over HTTPS)",
        { Doh: not null } => "TCP (DNS over HTTP)",
        { Tls: not null } => "TCP (DNS over TLS)",
        _ => Protocol,
    };

    /// <summary>Most connections that were open at once; 0 for UDP.</summary>
    public int MaxConnections => _isDatagrams ? 0 : Shared.Limit.Greatest;

    /// <summary>What the shards share of it.</summary>
    internal SharedFrontend Shared { get; }

    private IReadOnlyList<FrontendCounters> Counters => _isDatagrams ? Shared.Udp : Shared.Tcp;

    /// <summary>A counter's value, of all shards together.</summary>
    public long Sum(Func<FrontendCounters, long> read) => Counters.Sum(read);

    /// <summary>A sum over connections that have ended, divided by their number; 0 while none has.</summary>
    public double MeanOfEnded(Func<FrontendCounters, long> sum) => Sum(c => c.EndedConnections) is > 0 and long ended ? (double)Sum(sum) / ended : 0;

    /// <summary>A counter of its HTTP, of all shards together; 0 when it speaks none.</summary>
    public long SumDoh(Func<DohCounters, long> read) => Counters.Sum(c => c.Doh is { } doh ? read(doh) : 0);

    /// <summary>How long queries took that a backend answered.</summary>
    public LatencyHistogram Latency() => LatencyHistogram.SumOf(Counters.Select(c => c.Latency));
}
