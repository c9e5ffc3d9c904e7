using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Figures;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;

namespace Fastdist.Control.Web;

/// <summary>Metrics of backends under dnsdist's names.</summary>
internal static class BackendMetrics
{
    private const string Prefix = "dnsdist_server_";

    private static readonly (string Name, MetricKind Kind, string Help, Func<BackendView, Rates, double?> Read)[] s_rows =
    [
        ("status", MetricKind.Gauge, "1 when it is used, 0 when it is down.", (b, _) => b.IsUsable ? 1 : 0),
        ("queries", MetricKind.NamedCounter, "Queries sent to it, health checks not counted.", (b, _) => Rates.QueriesOf(b)),
        ("responses", MetricKind.NamedCounter, "Answers of it that matched a query.", (b, _) => b.Sum(c => c.ClientResponses)),
        ("noncompliantresponses", MetricKind.NamedCounter, "Messages of it that were no answer.", (b, _) => b.Sum(c => c.NoncompliantResponses)),
        ("drops", MetricKind.NamedCounter, "Queries it left unanswered.", (b, _) => Rates.DropsOf(b)),
        ("latency", MetricKind.Gauge, "Milliseconds from a query to its answer, on average, while it is used.", LatencyOf),
        ("tcplatency", MetricKind.Gauge, "Milliseconds from a query to its answer, on average, while it is used; every query goes over a stream.", LatencyOf),
        ("senderrors", MetricKind.NamedCounter, "Connections that broke while queries were being sent.", (b, _) => b.Sum(c => c.DiedSendingQuery)),
        ("outstanding", MetricKind.Gauge, "Queries it has not answered yet.", (b, _) => b.Sum(c => c.Outstanding)),
        ("order", MetricKind.Gauge, "Its order among the backends.", (b, _) => b.Options.Order),
        ("weight", MetricKind.Gauge, "Its weight among the backends.", (b, _) => b.Options.Weight),
        ("tcpdiedsendingquery", MetricKind.NamedCounter, "Connections that broke while queries were being sent.", (b, _) => b.Sum(c => c.DiedSendingQuery)),
        ("tcpdiedreadingresponse", MetricKind.NamedCounter, "Connections that broke while answers were due.", (b, _) => b.Sum(c => c.DiedReadingResponse)),
        ("tcpgaveup", MetricKind.NamedCounter, "Queries given up after too many tries.", (b, _) => b.Sum(c => c.GaveUp)),
        ("tcpreadtimeouts", MetricKind.NamedCounter, "Connections given up because answers were due and nothing came.", (b, _) => b.Sum(c => c.ReadTimeouts)),
        ("tcpwritetimeouts", MetricKind.NamedCounter, "Connections given up because a send made no progress.", (b, _) => b.Sum(c => c.WriteTimeouts)),
        ("tcpconnecttimeouts", MetricKind.NamedCounter, "Connection attempts that took too long, the handshake included.", (b, _) => b.Sum(c => c.ConnectTimeouts)),
        ("tcpcurrentconnections", MetricKind.Gauge, "Connections open now.", (b, _) => b.Sum(c => c.CurrentConnections)),
        ("tcpmaxconcurrentconnections", MetricKind.Gauge, "Most connections open at once.", (b, _) => b.MaxConnections),
        ("tcptoomanyconcurrentconnections", MetricKind.NamedCounter, "Connections not attempted because there were as many as there may be.", (b, _) => b.Sum(c => c.TooManyConnections)),
        ("tcpnewconnections", MetricKind.NamedCounter, "Connections attempted.", (b, _) => b.Sum(c => c.NewConnections)),
        ("tcpreusedconnections", MetricKind.NamedCounter, "Queries put on a connection that had carried one before.", (b, _) => b.Sum(c => c.ReusedConnections)),
        ("tcpavgqueriesperconn", MetricKind.Gauge, "Queries of a connection that ended, on average.", (b, _) => b.MeanOfEnded(c => c.EndedQueries)),
        ("tcpavgconnduration", MetricKind.Gauge, "Milliseconds that a connection that ended lived, on average.", (b, _) => b.MeanOfEnded(c => c.EndedMilliseconds)),
        ("tlsresumptions", MetricKind.NamedCounter, "TLS handshakes completed by resuming a session.", (b, _) => b.Sum(c => c.TlsResumptions)),
        ("healthcheckfailures", MetricKind.NamedCounter, "Health checks that failed.", (b, _) => b.Sum(c => c.HealthCheckFailures)),
        ("healthcheckfailuresparsing", MetricKind.NamedCounter, "Health checks answered with less than a header.", (b, _) => b.FailedChecks(HealthCheckFailure.Parsing)),
        ("healthcheckfailurestimeout", MetricKind.NamedCounter, "Health checks not answered in time.", (b, _) => b.FailedChecks(HealthCheckFailure.Timeout)),
        ("healthcheckfailuresnetwork", MetricKind.NamedCounter, "Health checks whose connection failed.", (b, _) => b.FailedChecks(HealthCheckFailure.Network)),
        ("healthcheckfailuresmismatch", MetricKind.NamedCounter, "Health checks answered for another question.", (b, _) => b.FailedChecks(HealthCheckFailure.Mismatch)),
        ("healthcheckfailuresinvalid", MetricKind.NamedCounter, "Health checks answered with an error or with a query.", (b, _) => b.FailedChecks(HealthCheckFailure.Invalid)),
        ("healthchecklatency", MetricKind.Gauge, "Milliseconds that the last successful health check took.", (b, _) => b.LastCheckMilliseconds),
    ];

    /// <summary>The last value of each of the reference's latency buckets, microseconds, and of all.</summary>
    private static readonly long[] s_lastOfBuckets = [.. ProcessMetrics.LatencyBounds.Select(bound => (long)bound * 1000), long.MaxValue];

    /// <summary>Writes them.</summary>
    public static void Write(ExpositionWriter writer, IReadOnlyList<BackendView> backends, Rates rates)
    {
        Dictionary<BackendView, string> names = NamesOf(backends);
        foreach ((string name, MetricKind kind, string help, Func<BackendView, Rates, double?> read) in s_rows)
        {
            writer.Family(Prefix + name, kind, help);
            foreach (BackendView backend in backends)
            {
                if (read(backend, rates) is { } value)
                {
                    writer.Sample([("server", names[backend]), ("address", backend.Address)], value);
                }
            }
        }

        WriteCheckLatency(writer, backends, names);
    }

    private static void WriteCheckLatency(ExpositionWriter writer, IReadOnlyList<BackendView> backends, Dictionary<BackendView, string> names)
    {
        writer.Family(Prefix + "healthchecklatency_histo", MetricKind.Histogram, "Milliseconds that successful health checks took.");
        foreach (BackendView backend in backends)
        {
            writer.Latencies([("server", names[backend]), ("address", backend.Address)], ProcessMetrics.LatencyBounds, s_lastOfBuckets, backend.CheckLatency(), 1000);
        }
    }

    /// <summary>
    /// The reference writes dots as underscores, a habit from its Graphite days that dashboards know; names of one address
    /// that would become the same keep their dots, as a series must be of one backend.
    /// </summary>
    private static Dictionary<BackendView, string> NamesOf(IReadOnlyList<BackendView> backends)
    {
        ILookup<(string, string), BackendView> alike = backends.ToLookup(b => (b.Name.Replace('.', '_'), b.Address));
        return backends.ToDictionary(b => b, b => b.Name.Replace('.', '_') is var name && alike[(name, b.Address)].Count() == 1 ? name : b.Name);
    }

    /// <summary>As the reference has it, what is not used has no latency.</summary>
    private static double? LatencyOf(BackendView backend, Rates rates) => backend.IsUsable ? rates.Of(backend).LatencyMilliseconds : null;
}
