using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Views;

/// <summary>The process's figures by dnsdist's names.</summary>
public class GlobalStatisticsTests
{
    [Fact]
    public void Counters_of_all_shards_and_frontends_are_added_up()
    {
        FrontendCounters[] udp = [new FrontendCounters { Queries = 3, Responses = 2, AclDrops = 1 }, new FrontendCounters { Queries = 4 }];
        FrontendCounters[] tcp = [new FrontendCounters { Queries = 10, FormErr = 1, NotImp = 2, RefusedXfr = 4, ServFail = 8, ServFailAnswers = 16, ResolverArpa = 32 }];

        Dictionary<string, Statistic> all = Read([View(0, udp), View(1, tcp)], []);

        Assert.Equal(17, all["queries"].Value);
        Assert.Equal(2, all["responses"].Value);
        Assert.Equal(1, all["acl-drops"].Value);
        Assert.Equal(47, all["self-answered"].Value);
        Assert.Equal(24, all["frontend-servfail"].Value);
        Assert.Equal(16, all["servfail-responses"].Value);
    }

    [Fact]
    public void What_backends_counted_that_are_gone_is_still_in_the_sum()
    {
        var backend = new BackendView(new SharedBackend(0, new BackendOptions { Address = new IPEndPoint(IPAddress.Loopback, 853), Name = "b" }, shards: 2));
        backend.Shared.Counters[0].NoncompliantResponses = 3;
        backend.Shared.Counters[1].NoncompliantResponses = 4;
        backend.Shared.Counters[1].DiedSendingQuery = 5;

        Dictionary<string, Statistic> all = Read([], [backend]);

        Assert.Equal((107, 1005), (all["noncompliant-responses"].Value, all["downstream-send-errors"].Value));
    }

    [Fact]
    public void Latencies_fall_into_dnsdists_buckets()
    {
        var counters = new FrontendCounters();
        long[] milliseconds = [0, 5, 6, 20, 70, 500, 2000, 3000];
        Array.ForEach(milliseconds, ms => counters.Latency.Record(ms * 1000));

        Dictionary<string, Statistic> all = Read([View(0, [counters])], []);

        string[] names = ["latency0-1", "latency1-10", "latency10-50", "latency50-100", "latency100-1000", "latency-slow"];
        Assert.Equal([1, 2, 1, 1, 1, 2], names.Select(name => all[name].Value));
        Assert.Equal((8, 5601), (all["latency-count"].Value, all["latency-sum"].Value));
    }

    [Fact]
    public void They_are_sorted_by_name_and_none_comes_twice()
    {
        string[] names = [.. GlobalStatistics.Read([], [], default, new LatencyAverages(), TimeSpan.FromSeconds(90), isThorough: true).Select(s => s.Name)];

        Assert.Equal(names.Order(StringComparer.Ordinal).Distinct(), names);
        Assert.Contains("udp6-recvbuf-errors", names);
        Assert.Contains("tcp-listen-overflows", names);
    }

    [Theory]
    [InlineData("queries", "Messages received from clients that the ACL admits.")]
    [InlineData("latency-doh-avg1000", "Moving average of the latency over the last 1000 answers, microseconds.")]
    [InlineData("latency10-50", "Answers that took 10-50 milliseconds.")]
    [InlineData("udp6-recvbuf-errors", "The kernel's count of recvbuf-errors over UDP and IPv6, whole machine.")]
    [InlineData("cache-hits", "Queries answered from a packet cache.")]
    [InlineData("tcp-query-pipe-full", "Counts what is not here; always 0.")]
    public void Each_is_explained(string name, string text) => Assert.Equal(text, Read([], [])[name].Help);

    [Fact]
    public void Only_what_is_not_here_is_said_to_be_always_0()
    {
        string[] absent = [.. Read([], []).Values.Where(s => s.Help.Contains("always 0", StringComparison.Ordinal)).Select(s => s.Name)];

        Assert.Equal(16, absent.Length);
        Assert.DoesNotContain("queries", absent);
        Assert.Contains("security-status", absent);
    }

    [Fact]
    public void The_kernels_figures_are_there()
    {
        Dictionary<string, Statistic> all = Read([], []);

        Assert.True(all["fd-usage"].Value > 2);
        Assert.True(all["real-memory-usage"].Value > 1 << 20);
        Assert.True(all["special-memory-usage"].Value > 1 << 20);
        Assert.Equal(90, all["uptime"].Value);
    }

    [Theory]
    [InlineData(17.26, false, "17")]
    [InlineData(17.26, true, "17.3")]
    [InlineData(1e15, false, "1000000000000000")]
    public void A_figure_is_printed_whole_or_with_a_decimal(double value, bool isFraction, string text) =>
        Assert.Equal(text, new Statistic("any", value, IsCounter: false, isFraction).Text);

    [Fact]
    public void An_average_moves_with_every_answer_as_if_each_had_been_seen()
    {
        var counters = new FrontendCounters();
        FrontendView[] frontends = [View(0, [counters])];
        var averages = new LatencyAverages();
        double expected = 0;
        foreach (int latency in (int[])[1000, 1000, 5000])
        {
            for (int i = 0; i < 50; i++)
            {
                counters.Latency.Record(latency);
                expected = (expected * 0.99) + (latency * 0.01);
            }

            averages.Update(frontends);
        }

        Assert.Equal(expected, averages.Of("TCP", 100), 6);
        averages.Update(frontends);
        Assert.Equal(expected, averages.Of("TCP", 100), 6);
        Assert.Equal(0, averages.Of("UDP", 100));
    }

    [Fact]
    public void Answers_are_counted_by_their_rcode()
    {
        var counters = new FrontendCounters();
        foreach (Rcode rcode in (Rcode[])[Rcode.NoError, Rcode.NoError, Rcode.NXDomain, Rcode.ServFail, Rcode.Refused])
        {
            counters.CountAnswer(rcode);
        }

        Assert.Equal((2, 1, 1), (counters.NoErrorAnswers, counters.NXDomainAnswers, counters.ServFailAnswers));
    }

    private static Dictionary<string, Statistic> Read(IReadOnlyList<FrontendView> frontends, IReadOnlyList<BackendView> backends) =>
        GlobalStatistics.Read(frontends, backends, new BackendTotals(100, 1000), new LatencyAverages(), TimeSpan.FromSeconds(90.7), isThorough: true).ToDictionary(s => s.Name);

    private static FrontendView View(int index, FrontendCounters[] counters) =>
        new(new SharedFrontend(index, new FrontendOptions { Address = new IPEndPoint(IPAddress.Loopback, 53) }, udp: [], counters), isDatagrams: false);
}
