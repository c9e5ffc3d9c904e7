using System;
using System.Collections.Generic;
using Fastdist.Control.Figures;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;
using Fastdist.Tls;

namespace Fastdist.Control.Web;

/// <summary>Metrics of frontends under dnsdist's names.</summary>
internal static class FrontendMetrics
{
    private const string Prefix = "dnsdist_frontend_";

    private static readonly (string Name, MetricKind Kind, string Help, Func<FrontendView, double> Read)[] s_all =
    [
        ("queries", MetricKind.NamedCounter, "Queries received.", f => f.Sum(c => c.Queries)),
        ("noncompliantqueries", MetricKind.NamedCounter, "Messages dropped because they were no query.", f => f.Sum(c => c.NoncompliantQueries)),
        ("responses", MetricKind.NamedCounter, "Answers sent.", f => f.Sum(c => c.Responses)),
    ];

    private static readonly (string Name, MetricKind Kind, string Help, Func<FrontendView, double> Read)[] s_streams =
    [
        ("tcpdiedreadingquery", MetricKind.NamedCounter, "Connections that ended inside a query.", f => f.Sum(c => c.DiedReadingQuery)),
        ("tcpdiedsendingresponse", MetricKind.NamedCounter, "Connections that failed while an answer was being sent.", f => f.Sum(c => c.DiedSendingResponse)),
        ("tcpgaveup", MetricKind.NamedCounter, "Queries given up after too many tries at a backend.", f => f.Sum(c => c.GaveUp)),
        ("tcpclienttimeouts", MetricKind.NamedCounter, "Connections closed because the client was silent or did not read.", f => f.Sum(c => c.ClientTimeouts)),
        ("tcpdownstreamtimeouts", MetricKind.NamedCounter, "Queries that no backend answered in time.", f => f.Sum(c => c.DownstreamTimeouts)),
        ("tcpcurrentconnections", MetricKind.Gauge, "Connections open now.", f => f.Sum(c => c.CurrentConnections)),
        ("tcpmaxconcurrentconnections", MetricKind.Gauge, "Most connections open at once.", f => f.MaxConnections),
        ("tcpavgqueriesperconnection", MetricKind.Gauge, "Queries of a connection that ended, on average.", f => f.MeanOfEnded(c => c.EndedQueries)),
        ("tcpavgconnectionduration", MetricKind.Gauge, "Milliseconds that a connection that ended lived, on average.", f => f.MeanOfEnded(c => c.EndedMilliseconds)),
        ("tcpavgreadios", MetricKind.Gauge, "Reads of a connection that ended, on average.", f => f.MeanOfEnded(c => c.EndedReadIos)),
    ];

    private static readonly (string Name, MetricKind Kind, string Help, Func<FrontendView, double> Read)[] s_tls =
    [
        ("tlsnewsessions", MetricKind.NamedCounter, "Full TLS handshakes completed.", f => f.Sum(c => c.TlsNewSessions)),
        ("tlsresumptions", MetricKind.NamedCounter, "TLS handshakes completed by resuming a session.", f => f.Sum(c => c.TlsResumptions)),
        ("tlsunknownticketkeys", MetricKind.NamedCounter, "Tickets whose key is not known.", f => f.Sum(c => c.TlsUnknownTicketKeys)),
        ("tlsinactiveticketkeys", MetricKind.NamedCounter, "Tickets of a key that is kept but not the active one.", f => f.Sum(c => c.TlsInactiveTicketKeys)),
    ];

    private static readonly (string Version, Func<FrontendCounters, long> Read)[] s_versions =
    [
        ("tls10", c => c.Tls10Queries), ("tls11", c => c.Tls11Queries), ("tls12", c => c.Tls12Queries), ("tls13", c => c.Tls13Queries), ("unknown", _ => 0),
    ];

    /// <summary>Writes them.</summary>
    public static void Write(ExpositionWriter writer, IReadOnlyList<FrontendView> frontends)
    {
        WriteRows(writer, s_all, frontends, _ => true);
        WriteRows(writer, s_streams, frontends, f => f.Protocol != "UDP");
        WriteRows(writer, s_tls, frontends, f => f.IsTls);
        writer.Family(Prefix + "tlsqueries", MetricKind.NamedCounter, "Queries over TLS, by its version.");
        foreach (FrontendView frontend in frontends)
        {
            foreach ((string version, Func<FrontendCounters, long> read) in frontend.IsTls ? s_versions : [])
            {
                writer.Sample([.. LabelsOf(frontend), ("tls", version)], frontend.Sum(read));
            }
        }

        writer.Family(Prefix + "tlshandshakefailures", MetricKind.NamedCounter, "TLS handshakes that failed, by the reasons that dnsdist counts.");
        foreach (FrontendView frontend in frontends)
        {
            foreach ((_, string label, _, TlsFailure failure) in frontend.IsTls ? TlsReasons.All : [])
            {
                writer.Sample([.. LabelsOf(frontend), ("error", label)], frontend.Sum(c => c.HandshakeFailures[(int)failure]));
            }
        }
    }

    private static void WriteRows(
        ExpositionWriter writer, (string Name, MetricKind Kind, string Help, Func<FrontendView, double> Read)[] rows, IReadOnlyList<FrontendView> frontends, Func<FrontendView, bool> has)
    {
        foreach ((string name, MetricKind kind, string help, Func<FrontendView, double> read) in rows)
        {
            writer.Family(Prefix + name, kind, help);
            foreach (FrontendView frontend in frontends)
            {
                if (has(frontend))
                {
                    writer.Sample(LabelsOf(frontend), read(frontend));
                }
            }
        }
    }

    /// <summary>The reference's labels; an address has one frontend for all shards, so the thread is always the first.</summary>
    private static (string, string)[] LabelsOf(FrontendView frontend) => [("frontend", frontend.Address), ("proto", frontend.Type), ("thread", "0")];
}
