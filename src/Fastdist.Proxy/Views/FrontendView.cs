using System;
using System.Linq;
using Fastdist.Proxy.Counters;
using Fastdist.Settings;

namespace Fastdist.Proxy.Views;

/// <summary>
/// One frontend and protocol as whoever looks from outside the shards sees it; an address that answers over UDP and TCP
/// is two. The counters that each shard keeps for it are added up when asked for.
/// </summary>
public sealed class FrontendView
{
    private readonly FrontendCounters[] _counters;
    private readonly ConnectionCount? _connections;

    /// <param name="index">Number of the frontend in the configuration.</param>
    /// <param name="options">Its settings.</param>
    /// <param name="counters">What each shard counts.</param>
    /// <param name="connections">The process's count of its connections; null for datagrams.</param>
    internal FrontendView(int index, FrontendOptions options, FrontendCounters[] counters, ConnectionCount? connections) =>
        (Index, Options, _counters, _connections) = (index, options, counters, connections);

    /// <summary>Number of the frontend in the configuration; UDP and TCP of one address share it.</summary>
    public int Index { get; }

    /// <summary>Its settings.</summary>
    public FrontendOptions Options { get; }

    /// <summary>Where it listens: address, the interface it is kept to if any, and port.</summary>
    public string Address => Options.Name;

    /// <summary>Whether its queries come over TLS.</summary>
    public bool IsTls => Options.Tls is not null;

    /// <summary>What it speaks: UDP, TCP, DoT or DoH.</summary>
    public string Protocol => Options switch
    {
        { Doh: not null } => "DoH",
        { Tls: not null } => "DoT",
        _ => _connections is null ? "UDP" : "TCP",
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
    public int MaxConnections => _connections?.Greatest ?? 0;

    /// <summary>A counter's value, of all shards together.</summary>
    public long Sum(Func<FrontendCounters, long> read) => _counters.Sum(read);

    /// <summary>A sum over connections that have ended, divided by their number; 0 while none has.</summary>
    public double MeanOfEnded(Func<FrontendCounters, long> sum) => Sum(c => c.EndedConnections) is > 0 and long ended ? (double)Sum(sum) / ended : 0;

    /// <summary>A counter of its HTTP, of all shards together; 0 when it speaks none.</summary>
    public long SumDoh(Func<DohCounters, long> read) => _counters.Sum(c => c.Doh is { } doh ? read(doh) : 0);

    /// <summary>How long queries took that a backend answered.</summary>
    public LatencyHistogram Latency() => LatencyHistogram.SumOf(_counters.Select(c => c.Latency));
}
