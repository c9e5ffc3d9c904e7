using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Cache;
using Fastdist.Control.Figures;
using Fastdist.Proxy;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Tables;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>
/// /live.json, what the page asks for each second: counters since the start, of which it makes rates and percentiles by
/// comparing with what it saw before.
/// </summary>
internal static class LiveJson
{
    private static readonly (string Key, Func<FrontendCounters, long> Read)[] s_protocol =
    [
        ("queries", c => c.Queries),
        ("responses", c => c.Responses),
        ("servfail", c => c.ServFail),
        ("dropped", c => c.AclDrops + c.NoncompliantQueries + c.DroppedOverload + c.DroppedNoBackend + c.TruncationFailures + c.LostResponses),
        ("connections", c => c.CurrentConnections),
        ("refused", c => c.RefusedConnections),
        ("newSessions", c => c.TlsNewSessions),
        ("resumptions", c => c.TlsResumptions),
    ];

    private static readonly (string Key, Func<BackendCounters, long> Read)[] s_backend =
    [
        ("queries", c => c.ClientQueries),
        ("responses", c => c.ClientResponses),
        ("outstanding", c => c.Outstanding),
        ("connections", c => c.CurrentConnections),
        ("newConnections", c => c.NewConnections),
        ("timeouts", c => c.Timeouts - c.CheckTimeouts),
        ("lost", c => c.LostConnections),
        ("connectFailures", c => c.ConnectFailures + c.ConnectTimeouts),
        ("tlsFailures", c => c.TlsFailures),
        ("checkFailures", c => c.HealthCheckFailures),
        ("newSessions", c => c.TlsNewSessions),
        ("resumptions", c => c.TlsResumptions),
    ];

    private static readonly (string Name, Func<FrontendCounters, long> Read)[] s_failures =
        [.. FrontendCounters.TlsTable.Where(row => row.Name.StartsWith(FailurePrefix, StringComparison.Ordinal))];

    private const string FailurePrefix = "handshake-";

    /// <summary>More than these nobody reads on a page; jsonstat has them all.</summary>
    private const int MostBlocks = 50;

    /// <summary>Sends it.</summary>
    public static Task AnswerAsync(HttpContext context, WebSource source) => JsonAnswer.SendAsync(context, json => Write(json, source));

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, WebSource source)
    {
        IReadOnlyList<FrontendView> frontends = source.CountedFrontends;
        json.WriteStartObject();
        json.WriteString("run", source.Run);
        json.WriteString("version", source.Version);
        json.WriteNumber("uptimeMs", source.UptimeMilliseconds);
        json.WriteNumber("memory", Environment.WorkingSet);
        json.WriteNumber("shards", source.Shards.Count);
        json.WriteNumber("inFlight", source.Shards.Sum(s => s.Counters.InFlight));
        JsonAnswer.Array(json, "protocols", frontends.GroupBy(f => f.Protocol), protocol => WriteProtocol(json, protocol));
        WriteFailures(json, frontends);
        JsonAnswer.Array(json, "pools", source.Pools, pool => WritePool(json, pool));
        JsonAnswer.Array(json, "backends", source.Backends, backend => WriteBackend(json, backend));
        WriteBlocks(json, source.Blocks);
        json.WriteEndObject();
    }

    private static void WriteProtocol(Utf8JsonWriter json, IGrouping<string, FrontendView> protocol)
    {
        json.WriteString("name", protocol.Key);
        json.WriteBoolean("tls", protocol.Any(f => f.IsTls));
        foreach ((string key, Func<FrontendCounters, long> read) in s_protocol)
        {
            json.WriteNumber(key, protocol.Sum(f => f.Sum(read)));
        }

        var latency = new LatencyHistogram();
        foreach (FrontendView frontend in protocol)
        {
            latency.Add(frontend.Latency());
        }

        WriteLatency(json, latency);
    }

    /// <summary>Every reason met so far, with its count, the commonest first.</summary>
    private static void WriteFailures(Utf8JsonWriter json, IReadOnlyList<FrontendView> frontends)
    {
        var met = from row in s_failures
                  let count = frontends.Sum(f => f.Sum(row.Read))
                  where count > 0
                  orderby count descending
                  select (Reason: row.Name[FailurePrefix.Length..], Count: count);
        JsonAnswer.Array(json, "failures", met, failure =>
        {
            json.WriteString("reason", failure.Reason);
            json.WriteNumber("count", failure.Count);
        });
    }

    private static void WritePool(Utf8JsonWriter json, PoolView pool)
    {
        json.WriteString("name", pool.Name);
        json.WriteString("policy", PolicyNames.Of(pool.Policy));
        json.WriteNumber("servers", pool.Backends.Count);
        json.WriteNumber("up", pool.Backends.Count(b => b.IsUsable));
        CacheFigures figures = pool.Cache?.Figures ?? default;
        json.WriteNumber("cacheSize", pool.Cache?.Options.MaxEntries ?? 0);
        json.WriteNumber("cacheEntries", figures.Entries);
        json.WriteNumber("cacheBytes", figures.Bytes);
        json.WriteNumber("cacheHits", figures.Hits + figures.StaleHits);
        json.WriteNumber("cacheStaleHits", figures.StaleHits);
        json.WriteNumber("cacheMisses", figures.Misses);
    }

    /// <summary>How many blocks there are, and those that were met most.</summary>
    private static void WriteBlocks(Utf8JsonWriter json, DynamicBlocks blocks)
    {
        IReadOnlyList<Block> all = blocks.All;
        json.WriteNumber("blockCount", all.Count);
        JsonAnswer.Array(json, "blocks", all.OrderByDescending(static block => block.Hits).Take(MostBlocks), block =>
        {
            json.WriteString("what", block.What);
            json.WriteNumber("seconds", block.SecondsLeft(blocks.Now));
            json.WriteNumber("hits", block.Hits);
            json.WriteString("action", BlockTexts.Of(blocks.ActionOf(block)));
            json.WriteBoolean("warning", block.Terms.IsWarning);
            json.WriteString("reason", block.Terms.Reason);
        });
    }

    private static void WriteBackend(Utf8JsonWriter json, BackendView backend)
    {
        json.WriteString("id", backend.Id);
        json.WriteString("name", backend.Name);
        json.WriteString("address", backend.Address);
        json.WriteString("state", backend.State.ToString());
        json.WriteString("reason", backend.State == BackendState.Down ? backend.DownReason : "");
        json.WriteStartArray("pools");
        foreach (string pool in backend.Pools)
        {
            json.WriteStringValue(pool);
        }

        json.WriteEndArray();
        json.WriteBoolean("tls", backend.Options.IsTls);
        foreach ((string key, Func<BackendCounters, long> read) in s_backend)
        {
            json.WriteNumber(key, backend.Sum(read));
        }

        WriteLatency(json, backend.Latency());
    }

    /// <summary>The buckets that are not empty, as pairs: the greatest latency in it, microseconds, and how many.</summary>
    private static void WriteLatency(Utf8JsonWriter json, LatencyHistogram histogram)
    {
        json.WriteStartArray("latency");
        foreach ((long last, long count) in histogram.Buckets())
        {
            json.WriteNumberValue(last);
            json.WriteNumberValue(count);
        }

        json.WriteEndArray();
    }
}
