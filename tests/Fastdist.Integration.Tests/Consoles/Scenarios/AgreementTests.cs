using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Fastdist.Integration.Tests.Web;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>The console, the counters in the log and the metrics say the same.</summary>
[Trait("Stage", "5")]
public sealed class AgreementTests
{
    private const int Broken = 3;

    /// <summary>The column of showTCPStats(), the key in the log, the metric.</summary>
    private static readonly (string Column, string Key, string Metric)[] s_plain =
    [
        ("Connections", "current-connections", "tcpcurrentconnections"), ("Max concurrent conn", "max-connections", "tcpmaxconcurrentconnections"),
        ("Died reading query", "died-reading-query", "tcpdiedreadingquery"), ("Died sending response", "died-sending-response", "tcpdiedsendingresponse"),
        ("Gave up", "gave-up", "tcpgaveup"), ("Client timeouts", "client-timeouts", "tcpclienttimeouts"),
        ("Downstream timeouts", "downstream-timeouts", "tcpdownstreamtimeouts"),
    ];

    private static readonly (string Column, string Key, string Metric)[] s_means =
        [("Avg queries/conn", "ended-queries", "tcpavgqueriesperconnection"), ("Avg duration", "ended-milliseconds", "tcpavgconnectionduration")];

    private static readonly (string Column, string Key, string Metric)[] s_tls =
    [
        ("TLS new sessions", "tls-new-sessions", "tlsnewsessions"), ("TLS Resumptions", "tls-resumptions", "tlsresumptions"),
        ("TLS unknown ticket keys", "tls-unknown-ticket-keys", "tlsunknownticketkeys"), ("TLS inactive ticket keys", "tls-inactive-ticket-keys", "tlsinactiveticketkeys"),
        ("TLS 1.0", "tls10-queries", "tls10"), ("TLS 1.1", "tls11-queries", "tls11"), ("TLS 1.2", "tls12-queries", "tls12"), ("TLS 1.3", "tls13-queries", "tls13"),
    ];

    [Fact]
    public async Task For_each_frontend_and_for_all_of_them_together()
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        Traffic traffic = await Traffic.StartAsync(lab, "--control-socket", console);
        await traffic.SendAsync(lab);
        for (int i = 0; i < Broken; i++)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(traffic.Fastdist.Listen);
            await client.SendRawAsync([0, 50, 1, 2, 3]);
            client.FinishSending();
            await client.UntilClosedAsync();
        }

        await traffic.Fastdist.CountedAsync(counters => counters.Tcp("ended-connections") == 1 + Broken, "every connection ended");
        TcpStats stats = await TcpStats.AskAsync(console);
        Counters log = await traffic.Fastdist.CountersAsync();
        Dictionary<string, double> metrics = await MetricsTests.ReadAsync(traffic.Site);

        (PrintedRow Row, Func<string, long> Log, string Labels, bool IsTls)[] frontends =
        [
            (stats.Frontends[0], log.Udp, $"frontend=\"{traffic.Fastdist.Listen}\",proto=\"UDP\",thread=\"0\"", false),
            (stats.Frontends[1], log.Tcp, $"frontend=\"{traffic.Fastdist.Listen}\",proto=\"TCP\",thread=\"0\"", false),
            (stats.Frontends[2], log.Dot, $"frontend=\"{traffic.Fastdist.Tls}\",proto=\"TCP (DNS over TLS)\",thread=\"0\"", true),
            (stats.Frontends[3], log.Doh, $"frontend=\"{traffic.Fastdist.Doh}\",proto=\"TCP (DNS over HTTPS)\",thread=\"0\"", true),
        ];
        var all = new Dictionary<string, double>();
        foreach ((PrintedRow row, Func<string, long> read, string labels, bool isTls) in frontends)
        {
            foreach ((string column, string key, string metric) in isTls ? [.. s_plain, .. s_tls] : s_plain)
            {
                string sample = metric.StartsWith("tls1", StringComparison.Ordinal) ? $"dnsdist_frontend_tlsqueries{{{labels},tls=\"{metric}\"}}" : $"dnsdist_frontend_{metric}{{{labels}}}";
                double printed = double.Parse(row[column], CultureInfo.InvariantCulture);
                // The metrics have nothing about connections for UDP, which has none.
                double scraped = labels.Contains("\"UDP\"", StringComparison.Ordinal) ? metrics.GetValueOrDefault(sample) : metrics[sample];
                Assert.Equal((column, printed, printed), (column, read(key), scraped));
                all[column] = all.GetValueOrDefault(column) + printed;
            }

            foreach ((string column, string key, string metric) in labels.Contains("\"UDP\"", StringComparison.Ordinal) ? [] : s_means)
            {
                double mean = (double)read(key) / read("ended-connections");
                Assert.Equal((column, row[column]), (column, mean.ToString("F6", CultureInfo.InvariantCulture)));
                Assert.Equal(mean, metrics[$"dnsdist_frontend_{metric}{{{labels}}}"], 6);
            }
        }

        Assert.Equal((Broken, 1.0 + Traffic.Doh, Traffic.Dot + Traffic.Doh), (all["Died reading query"], all["TLS new sessions"] + all["TLS Resumptions"], all["TLS 1.3"]));
        Assert.Equal(0, all["Connections"]);
    }
}
