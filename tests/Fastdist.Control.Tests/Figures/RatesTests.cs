using System;
using Fastdist.Control.Figures;
using Fastdist.Control.Tests.Commands;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;
using Xunit;

namespace Fastdist.Control.Tests.Figures;

[Trait("Stage", "5")]
public class RatesTests
{
    private readonly FakeProxy _proxy = new();
    private readonly Rates _rates = new();

    [Fact]
    public void A_rate_is_what_came_since_the_last_tick_a_second()
    {
        BackendCounters counters = Add(out BackendView backend);
        counters.Queries = 1_000_000;
        Tick(1);
        Assert.Equal(new BackendRate(0, 0, 0), _rates.Of(backend));
        (counters.Queries, counters.Timeouts) = (1_000_300, 6);
        Tick(3);
        Assert.Equal(new BackendRate(150, 3, 0), _rates.Of(backend));
        Tick(4);
        Assert.Equal(new BackendRate(0, 0, 0), _rates.Of(backend));
    }

    [Fact]
    public void Health_checks_are_no_queries()
    {
        BackendCounters counters = Add(out BackendView backend);
        Tick(1);
        (counters.Queries, counters.CheckQueries) = (5, 5);
        Tick(2);
        Assert.Equal(0, _rates.Of(backend).Queries);
    }

    [Fact]
    public void Latency_is_that_of_the_last_interval_with_answers()
    {
        BackendCounters counters = Add(out BackendView backend);
        counters.Latency.Record(1000);
        Tick(1);
        Assert.Equal(1.0, _rates.Of(backend).LatencyMilliseconds);
        counters.Latency.Record(20_000);
        counters.Latency.Record(30_000);
        Tick(2);
        Assert.Equal(25.0, _rates.Of(backend).LatencyMilliseconds);
        Tick(3);
        Assert.Equal(25.0, _rates.Of(backend).LatencyMilliseconds);
    }

    [Fact]
    public void Two_ticks_at_once_do_not_divide_by_zero()
    {
        BackendCounters counters = Add(out BackendView backend);
        Tick(1);
        counters.Queries = 10;
        Tick(1);
        Assert.Equal(0, _rates.Of(backend).Queries);
    }

    [Fact]
    public void A_backend_that_is_gone_is_forgotten()
    {
        BackendCounters counters = Add(out BackendView backend);
        Tick(1);
        counters.Queries = 10;
        Tick(2);
        Assert.Equal(10, _rates.Of(backend).Queries);
        _rates.Tick([], TimeSpan.FromSeconds(3));
        Assert.Equal(default, _rates.Of(backend));
    }

    private BackendCounters Add(out BackendView backend)
    {
        backend = _proxy.AddBackend("192.0.2.1:853");
        return backend.Shared.Counters[1];
    }

    private void Tick(int seconds) => _rates.Tick(_proxy.Backends, TimeSpan.FromSeconds(seconds));
}
