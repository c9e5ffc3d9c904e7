using System;
using System.Buffers;
using System.Text;
using System.Text.Json;
using Fastdist.Control.Figures;
using Fastdist.Control.Tests.Commands;
using Fastdist.Control.Web;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Control.Tests.Web;

/// <summary>Backends in the metrics and in the overview.</summary>
[Trait("Stage", "5")]
public sealed class BackendFiguresTests
{
    private readonly FakeProxy _proxy = new();
    private readonly Rates _rates = new();

    [Theory]
    [InlineData(HealthCheckMode.Up, true)]
    [InlineData(HealthCheckMode.Down, false)]
    public void What_the_operator_took_down_has_no_latency(HealthCheckMode mode, bool hasLatency)
    {
        BackendView backend = _proxy.AddBackend("192.0.2.1:853", "a");
        backend.Shared.Mode = mode;

        string metrics = Metrics();
        JsonElement overview = Overview(backend);

        Assert.Equal(hasLatency, metrics.Contains("\ndnsdist_server_latency{", StringComparison.Ordinal));
        Assert.Equal(hasLatency, metrics.Contains("\ndnsdist_server_tcplatency{", StringComparison.Ordinal));
        Assert.Equal(hasLatency ? JsonValueKind.Number : JsonValueKind.Null, overview.GetProperty("latency").ValueKind);
        Assert.Equal(hasLatency ? JsonValueKind.Number : JsonValueKind.Null, overview.GetProperty("tcpLatency").ValueKind);
    }

    [Fact]
    public void What_its_checks_took_down_has_a_latency_in_the_overview_only()
    {
        BackendView backend = _proxy.AddBackend("192.0.2.1:853", "a");
        (backend.Shared.Mode, backend.Shared.IsUp) = (HealthCheckMode.Auto, false);

        Assert.DoesNotContain("\ndnsdist_server_latency{", Metrics(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Number, Overview(backend).GetProperty("latency").ValueKind);
    }

    [Fact]
    public void Dots_in_a_name_become_underscores_unless_that_makes_two_backends_one()
    {
        _proxy.AddBackend("192.0.2.1:853", "a.b");
        _proxy.AddBackend("192.0.2.1:853", "a_b");
        _proxy.AddBackend("192.0.2.2:853", "a.b");

        string metrics = Metrics();

        Assert.Contains("\ndnsdist_server_status{server=\"a.b\",address=\"192.0.2.1:853\"} ", metrics, StringComparison.Ordinal);
        Assert.Contains("\ndnsdist_server_status{server=\"a_b\",address=\"192.0.2.1:853\"} ", metrics, StringComparison.Ordinal);
        Assert.Contains("\ndnsdist_server_status{server=\"a_b\",address=\"192.0.2.2:853\"} ", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public void Failed_checks_are_shown_by_reason()
    {
        const string where = "{server=\"a\",address=\"192.0.2.1:853\"}";
        BackendView backend = _proxy.AddBackend("192.0.2.1:853", "a");
        BackendCounters counters = backend.Shared.Counters[0];
        counters.HealthCheckFailures = 15;
        string[] reasons = ["Parsing", "Timeout", "Network", "Mismatch", "Invalid"];
        for (int i = 0; i < reasons.Length; i++)
        {
            counters.CheckFailures[(int)Enum.Parse<HealthCheckFailure>(reasons[i])] = i + 1;
        }

        string metrics = Metrics();
        JsonElement overview = Overview(backend);

        Assert.Contains($"\ndnsdist_server_healthcheckfailures{where} 15\n", metrics, StringComparison.Ordinal);
        Assert.All(reasons, (reason, i) => Assert.Contains($"\ndnsdist_server_healthcheckfailures{reason.ToLowerInvariant()}{where} {i + 1}\n", metrics, StringComparison.Ordinal));
        Assert.All(reasons, (reason, i) => Assert.Equal(i + 1, overview.GetProperty($"healthCheckFailures{reason}").GetInt32()));
    }

    [Fact]
    public void Latency_of_checks_is_the_last_ones_and_a_histogram_in_milliseconds()
    {
        const string where = "server=\"a\",address=\"192.0.2.1:853\"";
        BackendView backend = _proxy.AddBackend("192.0.2.1:853", "a");
        BackendCounters counters = backend.Shared.Counters[0];
        counters.LastCheckMicroseconds = 2500;
        foreach (int milliseconds in (int[])[0, 5, 6, 20, 70, 500, 2000])
        {
            counters.CheckLatency.Record(milliseconds * 1000);
        }

        string metrics = Metrics();

        Assert.Equal(2.5, Overview(backend).GetProperty("healthCheckLatency").GetDouble());
        Assert.Contains($"\ndnsdist_server_healthchecklatency{{{where}}} 2.5\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\n# TYPE dnsdist_server_healthchecklatency_histo histogram\n", metrics, StringComparison.Ordinal);
        Assert.All(
            [("1", 1), ("10", 3), ("50", 4), ("100", 5), ("1000", 6), ("+Inf", 7)],
            bucket => Assert.Contains($"\ndnsdist_server_healthchecklatency_histo_bucket{{{where},le=\"{bucket.Item1}\"}} {bucket.Item2}\n", metrics, StringComparison.Ordinal));
        Assert.Contains($"\ndnsdist_server_healthchecklatency_histo_sum{{{where}}} 2601\n", metrics, StringComparison.Ordinal);
        Assert.Contains($"\ndnsdist_server_healthchecklatency_histo_count{{{where}}} 7\n", metrics, StringComparison.Ordinal);
    }

    private string Metrics()
    {
        var output = new ArrayBufferWriter<byte>();
        BackendMetrics.Write(new ExpositionWriter(output, isOpenMetrics: false), _proxy.Backends, _rates);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private JsonElement Overview(BackendView backend)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            OverviewJson.WriteBackend(json, 0, backend, _rates);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(output.WrittenMemory).RootElement;
    }
}
