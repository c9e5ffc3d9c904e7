using System;
using System.Buffers;
using System.Text;
using System.Text.Json;
using Fastdist.Control.Tests.Commands;
using Fastdist.Control.Web;
using Fastdist.Proxy;
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
        backend.Mode = mode;

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
        (backend.Mode, backend.IsUp) = (HealthCheckMode.Auto, false);

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
