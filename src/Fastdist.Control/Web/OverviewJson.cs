using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Control.Figures;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;
using Fastdist.Settings.Rules;
using Fastdist.Tls;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>/api/v1/servers/localhost, with the reference's keys as far as there is something to say.</summary>
internal static class OverviewJson
{
    private static readonly (string Key, Func<FrontendView, double> Read)[] s_frontend =
    [
        ("queries", f => f.Sum(c => c.Queries)),
        ("responses", f => f.Sum(c => c.Responses)),
        ("nonCompliantQueries", f => f.Sum(c => c.NoncompliantQueries)),
        ("tcpDiedReadingQuery", f => f.Sum(c => c.DiedReadingQuery)),
        ("tcpDiedSendingResponse", f => f.Sum(c => c.DiedSendingResponse)),
        ("tcpGaveUp", f => f.Sum(c => c.GaveUp)),
        ("tcpClientTimeouts", f => f.Sum(c => c.ClientTimeouts)),
        ("tcpDownstreamTimeouts", f => f.Sum(c => c.DownstreamTimeouts)),
        ("tcpCurrentConnections", f => f.Sum(c => c.CurrentConnections)),
        ("tcpMaxConcurrentConnections", f => f.MaxConnections),
        ("tcpAvgQueriesPerConnection", f => f.MeanOfEnded(c => c.EndedQueries)),
        ("tcpAvgConnectionDuration", f => f.MeanOfEnded(c => c.EndedMilliseconds)),
        ("tlsNewSessions", f => f.Sum(c => c.TlsNewSessions)),
        ("tlsResumptions", f => f.Sum(c => c.TlsResumptions)),
        ("tlsUnknownTicketKey", f => f.Sum(c => c.TlsUnknownTicketKeys)),
        ("tlsInactiveTicketKey", f => f.Sum(c => c.TlsInactiveTicketKeys)),
        ("tls10Queries", f => f.Sum(c => c.Tls10Queries)),
        ("tls11Queries", f => f.Sum(c => c.Tls11Queries)),
        ("tls12Queries", f => f.Sum(c => c.Tls12Queries)),
        ("tls13Queries", f => f.Sum(c => c.Tls13Queries)),
        ("tlsUnknownQueries", _ => 0),
    ];

    private static readonly (string Key, Func<BackendView, Rates, double?> Read)[] s_backend =
    [
        ("qps", (b, rates) => rates.Of(b).Queries),
        ("dropRate", (b, rates) => rates.Of(b).Drops),
        ("sendErrors", (b, _) => b.Sum(c => c.DiedSendingQuery)),
        ("qpsLimit", (b, _) => b.Options.Qps),
        ("outstanding", (b, _) => b.Sum(c => c.Outstanding)),
        ("reuseds", (b, _) => Rates.DropsOf(b)),
        ("weight", (b, _) => b.Options.Weight),
        ("order", (b, _) => b.Options.Order),
        ("latency", LatencyOf),
        ("queries", (b, _) => Rates.QueriesOf(b)),
        ("responses", (b, _) => b.Sum(c => c.ClientResponses)),
        ("nonCompliantResponses", (b, _) => b.Sum(c => c.NoncompliantResponses)),
        ("tcpDiedSendingQuery", (b, _) => b.Sum(c => c.DiedSendingQuery)),
        ("tcpDiedReadingResponse", (b, _) => b.Sum(c => c.DiedReadingResponse)),
        ("tcpGaveUp", (b, _) => b.Sum(c => c.GaveUp)),
        ("tcpConnectTimeouts", (b, _) => b.Sum(c => c.ConnectTimeouts)),
        ("tcpReadTimeouts", (b, _) => b.Sum(c => c.ReadTimeouts)),
        ("tcpWriteTimeouts", (b, _) => b.Sum(c => c.WriteTimeouts)),
        ("tcpCurrentConnections", (b, _) => b.Sum(c => c.CurrentConnections)),
        ("tcpMaxConcurrentConnections", (b, _) => b.MaxConnections),
        ("tcpTooManyConcurrentConnections", (b, _) => b.Sum(c => c.TooManyConnections)),
        ("tcpNewConnections", (b, _) => b.Sum(c => c.NewConnections)),
        ("tcpReusedConnections", (b, _) => b.Sum(c => c.ReusedConnections)),
        ("tcpAvgQueriesPerConnection", (b, _) => b.MeanOfEnded(c => c.EndedQueries)),
        ("tcpAvgConnectionDuration", (b, _) => b.MeanOfEnded(c => c.EndedMilliseconds)),
        ("tlsResumptions", (b, _) => b.Sum(c => c.TlsResumptions)),
        ("tcpLatency", LatencyOf),
        ("healthCheckFailures", (b, _) => b.Sum(c => c.HealthCheckFailures)),
        .. Enum.GetValues<HealthCheckFailure>().Select(reason => ($"healthCheckFailures{reason}", new Func<BackendView, Rates, double?>((b, _) => b.FailedChecks(reason)))),
        ("healthCheckLatency", (b, _) => b.LastCheckMilliseconds),
    ];

    private static readonly (string Name, ChainKind Kind)[] s_chains =
    [
        ("rules", ChainKind.Query), ("response-rules", ChainKind.Response), ("cache-hit-response-rules", ChainKind.CacheHitResponse),
        ("self-answered-response-rules", ChainKind.SelfAnsweredResponse),
    ];

    /// <summary>Sends it.</summary>
    public static Task AnswerAsync(HttpContext context, WebSource source) => JsonAnswer.SendAsync(context, json => Write(json, source));

    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter json, WebSource source)
    {
        IReadOnlyList<FrontendView> frontends = source.Frontends;
        IReadOnlyList<BackendView> backends = source.Backends;
        json.WriteStartObject();

        // What reads this expects the reference's kind of server.
        json.WriteString("daemon_type", "dnsdist");
        json.WriteString("version", source.Version);
        JsonAnswer.Array(json, "servers", backends.Index(), item => WriteBackend(json, item.Index, item.Item, source.Rates));
        JsonAnswer.Array(json, "frontends", frontends.Index(), item => WriteFrontend(json, item.Index, item.Item));
        JsonAnswer.Array(json, "pools", source.Pools.Index(), item => WritePool(json, item.Index, item.Item));
        foreach ((string name, ChainKind kind) in s_chains)
        {
            JsonAnswer.Array(json, name, source.Rules[kind].Index(), item => WriteRule(json, item.Index, item.Item));
        }

        json.WriteStartArray("dohFrontends");
        json.WriteEndArray();

        json.WriteString("acl", source.Acl);
        json.WriteString("local", string.Join(", ", frontends.Select(f => f.Address).Distinct()));
        json.WriteStartObject("statistics");
        StatisticsJson.WriteMembers(json, source);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteRule(Utf8JsonWriter json, int id, Rule rule)
    {
        json.WriteNumber("id", id);
        json.WriteNumber("creationOrder", rule.CreationOrder);
        json.WriteString("uuid", rule.Id);
        json.WriteString("name", rule.Name);
        json.WriteNumber("matches", rule.Hits.Total);
        json.WriteString("rule", $"{rule.Selector}");
        json.WriteString("action", $"{rule.Action}");
    }

    private static void WritePool(Utf8JsonWriter json, int id, PoolView pool)
    {
        json.WriteNumber("id", id);
        PoolJson.WriteMembers(json, pool);
    }

    private static void WriteFrontend(Utf8JsonWriter json, int id, FrontendView frontend)
    {
        json.WriteNumber("id", id);
        json.WriteString("address", frontend.Address);
        json.WriteBoolean("udp", frontend.Protocol == "UDP");
        json.WriteBoolean("tcp", frontend.Protocol != "UDP");
        json.WriteString("type", frontend.Type);
        foreach ((string key, Func<FrontendView, double> read) in s_frontend)
        {
            json.WriteNumber(key, read(frontend));
        }

        if (!frontend.IsTls)
        {
            return;
        }

        json.WriteStartObject("tlsHandshakeFailures");
        foreach ((_, _, string key, TlsFailure failure) in TlsReasons.All)
        {
            json.WriteNumber(key, frontend.Sum(c => c.HandshakeFailures[(int)failure]));
        }

        json.WriteEndObject();
    }

    /// <summary>Writes what there is to say of a backend into the object that is open.</summary>
    internal static void WriteBackend(Utf8JsonWriter json, int id, BackendView backend, Rates rates)
    {
        json.WriteNumber("id", id);
        json.WriteString("uuid", backend.Id);
        json.WriteString("name", backend.Name);
        json.WriteString("address", backend.Address);
        json.WriteString("state", StateOf(backend));
        json.WriteString("protocol", backend.Options.IsTls ? "DoT" : backend.Options.HasDatagrams ? "UDP" : "TCP");
        json.WriteStartArray("pools");
        foreach (string pool in backend.Pools)
        {
            json.WriteStringValue(pool);
        }

        json.WriteEndArray();
        foreach ((string key, Func<BackendView, Rates, double?> read) in s_backend)
        {
            if (read(backend, rates) is { } value)
            {
                json.WriteNumber(key, value);
            }
            else
            {
                json.WriteNull(key);
            }
        }
    }

    /// <summary>As the reference has it, null for what the operator took down, and the last one for what its checks did.</summary>
    private static double? LatencyOf(BackendView backend, Rates rates) => backend.State == BackendState.ForcedDown ? null : rates.Of(backend).LatencyMilliseconds;

    /// <summary>The reference's words: in capitals when the operator decided.</summary>
    private static string StateOf(BackendView backend) => backend.State switch
    {
        BackendState.Up => "up",
        BackendState.Down => "down",
        BackendState.ForcedUp => "UP",
        _ => "DOWN",
    };
}
