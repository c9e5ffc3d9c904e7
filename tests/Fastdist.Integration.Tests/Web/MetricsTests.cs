using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Web;

/// <summary>The metrics as Prometheus and its tools read them.</summary>
[Trait("Stage", "5")]
public sealed class MetricsTests
{
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0";

    [Fact]
    public async Task Promtool_finds_no_fault_but_dnsdists_names_without_total()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab, "--cache-size", "1000");
        await traffic.SendAsync(lab);
        Curl metrics = await traffic.Site.AskWithPasswordAsync("/metrics");
        string file = lab.Scratch.Write("metrics", Encoding.UTF8.GetString(metrics.Body));

        await using ChildProcess promtool = await ChildProcess.RunAsync("sh", "-c", $"promtool check metrics < {file}");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics["content-type"]);
        Assert.DoesNotContain(
            promtool.Log.Snapshot().Concat(promtool.Output.Snapshot()), line => !(line.StartsWith("dnsdist_", StringComparison.Ordinal) && IsTheirHabit(line)));
    }

    [Fact]
    public async Task A_strict_reader_of_openmetrics_understands_all_of_it()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab, "--cache-size", "1000");
        await traffic.SendAsync(lab);
        Curl metrics = await traffic.Site.AskWithPasswordAsync("/metrics", "--header", $"Accept: {OpenMetrics}");
        string file = lab.Scratch.Write("metrics", Encoding.UTF8.GetString(metrics.Body));
        string script = lab.Scratch.Write("read.py", $"""
            from prometheus_client.openmetrics.parser import text_string_to_metric_families
            for family in text_string_to_metric_families(open("{file}").read()):
                for sample in family.samples:
                    print(sample.name, sample.labels.get("proto") or sample.labels.get("protocol") or "-", sample.value, family.type)
            """);

        // The system's own, which has the packages of the system.
        await using ChildProcess reader = await ChildProcess.RunAsync("/usr/bin/python3", script);

        Assert.Equal($"{OpenMetrics}; charset=utf-8", metrics["content-type"]);
        Assert.True(await reader.ExitAsync() == 0, $"{reader.Log}");
        string[] samples = reader.Output.Snapshot();
        Assert.Contains($"dnsdist_frontend_queries UDP {Traffic.Udp} unknown", samples);
        Assert.Contains($"fastdist_frontend_queries_total udp {Traffic.Udp} counter", samples);
        Assert.Contains($"dnsdist_pool_cache_hits - {Traffic.Udp + Traffic.Tcp + Traffic.Dot + Traffic.Doh - 1}", samples.Select(WithoutType));
        Assert.Contains($"fastdist_latency_seconds_count dot {Traffic.Dot} histogram", samples.Select(s => s.Replace(".0 ", " ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("text/plain", false)]
    [InlineData("*/*", false)]
    [InlineData("", false)]
    [InlineData("application/openmetrics-text; version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.4,text/plain;version=0.0.4;q=0.5", false)]
    [InlineData("nonsense;;;", false)]
    public async Task The_scraper_chooses_the_form(string accept, bool isOpenMetrics)
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);

        Curl metrics = await traffic.Site.AskWithPasswordAsync("/metrics", "--header", $"Accept: {accept}");

        string text = Encoding.UTF8.GetString(metrics.Body);
        Assert.Equal(isOpenMetrics, metrics["content-type"].StartsWith("application/openmetrics-text", StringComparison.Ordinal));
        Assert.Equal(isOpenMetrics, text.EndsWith("# EOF\n", StringComparison.Ordinal));
        Assert.Equal(isOpenMetrics, text.Contains("# TYPE dnsdist_queries unknown\n", StringComparison.Ordinal));
        Assert.Equal(!isOpenMetrics, text.Contains("# TYPE dnsdist_queries counter\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Known_counts_are_what_they_say()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);
        await traffic.SendAsync(lab);

        Dictionary<string, double> metrics = await ReadAsync(traffic.Site);

        string listen = $"{traffic.Fastdist.Listen}";
        string secure = $"{traffic.Fastdist.Tls}";
        string web = $"{traffic.Fastdist.Doh}";
        Assert.Equal(Traffic.Udp + Traffic.Tcp + Traffic.Dot + Traffic.Doh, metrics["dnsdist_queries"]);
        Assert.Equal(Traffic.Udp, metrics[$$"""dnsdist_frontend_queries{frontend="{{listen}}",proto="UDP",thread="0"}"""]);
        Assert.Equal(Traffic.Tcp, metrics[$$"""dnsdist_frontend_responses{frontend="{{listen}}",proto="TCP",thread="0"}"""]);
        Assert.Equal(Traffic.Dot, metrics[$$"""dnsdist_frontend_tlsqueries{frontend="{{secure}}",proto="TCP (DNS over TLS)",thread="0",tls="tls13"}"""]);
        Assert.Equal(Traffic.Doh, metrics[$$"""dnsdist_frontend_tlsnewsessions{frontend="{{web}}",proto="TCP (DNS over HTTPS)",thread="0"}"""]);
        Assert.Equal(Traffic.Tcp, metrics[$$"""dnsdist_frontend_tcpavgqueriesperconnection{frontend="{{listen}}",proto="TCP",thread="0"}"""]);
        Assert.Equal(Traffic.PlainHttp, metrics[$$"""fastdist_frontend_handshake_failures_total{frontend="{{secure}}",protocol="dot",reason="http"}"""]);
        Assert.Equal((2, 1), (metrics["""dnsdist_pool_servers{pool="_default_"}"""], metrics["""dnsdist_pool_active_servers{pool="_default_"}"""]));
        Assert.Equal((1, 0), (metrics["""dnsdist_pool_servers{pool="spare"}"""], metrics["""dnsdist_pool_active_servers{pool="spare"}"""]));
        Assert.Equal(1, metrics["""dnsdist_server_status{server="one_test",address="ADDRESS"}""".Replace("ADDRESS", AddressOf(metrics, "one_test"), StringComparison.Ordinal)]);
        Assert.Equal(0, metrics["""dnsdist_server_status{server="away",address="ADDRESS"}""".Replace("ADDRESS", AddressOf(metrics, "away"), StringComparison.Ordinal)]);
        Assert.Equal(1, metrics["""dnsdist_pool_active_servers{pool="_default_"}"""]);
        Assert.Equal(Traffic.Doh, metrics["""fastdist_latency_seconds_bucket{protocol="doh",le="+Inf"}"""]);
        Assert.Equal(Traffic.Doh, metrics["""fastdist_latency_seconds_count{protocol="doh"}"""]);
        Assert.Equal(metrics["dnsdist_queries"], metrics["dnsdist_latency_count"]);
        Assert.Equal(2, metrics.Keys.Count(name => name.StartsWith("fastdist_shard_turns_total", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Buckets_only_grow_and_the_last_is_the_count()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);
        await traffic.SendAsync(lab);

        Dictionary<string, double> metrics = await ReadAsync(traffic.Site);

        foreach (string protocol in (string[])["udp", "tcp", "dot", "doh"])
        {
            double[] buckets = [.. metrics.Where(m => m.Key.StartsWith($"fastdist_latency_seconds_bucket{{protocol=\"{protocol}\"", StringComparison.Ordinal)).Select(m => m.Value)];
            Assert.Equal(buckets.Order(), buckets);
            Assert.Equal(metrics[$"fastdist_latency_seconds_count{{protocol=\"{protocol}\"}}"], buckets[^1]);
        }
    }

    [Fact]
    public async Task Prometheus_scrapes_it_and_knows_the_numbers()
    {
        await using var lab = new Lab();
        Traffic traffic = await Traffic.StartAsync(lab);
        await traffic.SendAsync(lab);
        IPEndPoint api = Ports.Next();
        string configuration = lab.Scratch.Write("prometheus.yml", $$"""
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: fastdist
                basic_auth: { username: prometheus, password_file: {{lab.Scratch.PathOf("web-password")}} }
                static_configs: [ { targets: [ "{{traffic.Site.Address}}" ] } ]
            """);
        lab.Keep(new ChildProcess(
            ["prometheus", $"--config.file={configuration}", $"--storage.tsdb.path={lab.Scratch.PathOf("tsdb")}", $"--web.listen-address={api}"]));

        await Patience.UntilAsync(async () => await QueryAsync(api, "up") == 1, "a scrape by Prometheus");

        Assert.Equal(Traffic.Dot, await QueryAsync(api, "dnsdist_frontend_queries{proto=\"TCP (DNS over TLS)\"}"));
        Assert.Equal(Traffic.Udp, await QueryAsync(api, "fastdist_frontend_queries_total{protocol=\"udp\"}"));
        Assert.Equal(Traffic.PlainHttp, await QueryAsync(api, "sum(fastdist_frontend_handshake_failures_total)"));
        Assert.Equal(Traffic.Tcp, await QueryAsync(api, "fastdist_latency_seconds_count{protocol=\"tcp\"}"));
        Assert.True(await QueryAsync(api, "histogram_quantile(0.99, sum by (le) (fastdist_latency_seconds_bucket))") > 0);
    }

    /// <summary>A sample as it is printed, without its type and whether its value is a whole number.</summary>
    private static string WithoutType(string sample) => sample[..sample.LastIndexOf(' ')].Replace(".0", "", StringComparison.Ordinal);

    /// <summary>The lint's complaints about names that are dnsdist's, not ours.</summary>
    private static bool IsTheirHabit(string line) =>
        line.EndsWith("counter metrics should have \"_total\" suffix", StringComparison.Ordinal)
        || line.Contains("metric names should not contain abbreviated units", StringComparison.Ordinal)
        || line.Contains("use base unit", StringComparison.Ordinal);

    private static string AddressOf(Dictionary<string, double> metrics, string server)
    {
        string name = metrics.Keys.First(key => key.StartsWith($"dnsdist_server_order{{server=\"{server}\"", StringComparison.Ordinal));
        return name.Split("address=\"")[1].TrimEnd('}').TrimEnd('"');
    }

    /// <summary>Every sample, by its name and labels.</summary>
    internal static async Task<Dictionary<string, double>> ReadAsync(Site site)
    {
        Curl metrics = await site.AskWithPasswordAsync("/metrics");
        Assert.True(metrics.Status == 200, metrics.Text);
        return Encoding.UTF8.GetString(metrics.Body).Split('\n').Where(line => line.Length > 0 && line[0] != '#')
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>The single value of a query; NaN without one.</summary>
    private static async Task<double> QueryAsync(IPEndPoint api, string query)
    {
        using var client = new HttpClient();
        try
        {
            using JsonDocument answer = JsonDocument.Parse(await client.GetStringAsync($"http://{api}/api/v1/query?query={Uri.EscapeDataString(query)}"));
            JsonElement result = answer.RootElement.GetProperty("data").GetProperty("result");
            return result.GetArrayLength() == 1 ? double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture) : double.NaN;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return double.NaN;
        }
    }
}
