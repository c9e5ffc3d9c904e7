using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Views;
using Fastdist.Ring;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>Backends that come and go under load.</summary>
public class RunTimeBackendTests
{
    private const int Changes = 20;

    [Theory]
    [InlineData(RingMode.IoUring, BackendTransport.OpenSsl)]
    [InlineData(RingMode.IoUring, BackendTransport.Udp)]
    [InlineData(RingMode.Epoll, BackendTransport.None)]
    [InlineData(RingMode.Epoll, BackendTransport.Udp)]
    public async Task No_query_is_lost_while_backends_are_added_and_removed(RingMode ring, BackendTransport transport)
    {
        using var backend = new EchoBackend(transport);
        using var proxy = new ProxyUnderTest(backend, transport, editQueries: false, ring);
        using var over = new CancellationTokenSource();
        Task load = Task.Run(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    Load.OverTcp(proxy.Address, 500);
                    Load.OverUdp(proxy.Address, 500);
                }
            },
            TestContext.Current.CancellationToken);

        var removed = new List<BackendView>();
        for (int i = 0; i < Changes; i++)
        {
            BackendView old = Assert.Single(proxy.Server.Backends);
            Assert.True(proxy.Server.TryAddBackend(old.Options with { Name = $"next{i}" }, out BackendView? next, out string error), error);
            proxy.WaitUntil(() => load.IsCompleted || next.Sum(c => c.ClientQueries) > 0, "a query of the next backend");
            Assert.True(proxy.Server.RemoveBackend(old));
            proxy.WaitUntil(() => load.IsCompleted || old.Shared.IsGone, "the end of the one removed");
            removed.Add(old);
        }

        await over.CancelAsync();
        await load;
        Assert.All(removed.Skip(1), b => Assert.True(b.Sum(c => c.Queries) > 0));
        Assert.All(removed, b => Assert.Equal((0, 0, 0), (b.Sum(c => c.Outstanding), b.Sum(c => c.CurrentConnections), b.Sum(c => c.Timeouts))));
        Assert.InRange(proxy.Server.Backends[0].Shared.Slot, 0, 1);
        Assert.False(proxy.Server.RemoveBackend(removed[0]));
    }

    [Fact]
    public void A_backend_is_refused_for_a_name_that_is_taken_or_a_file_that_is_not_there()
    {
        using var backend = new EchoBackend(BackendTransport.None);
        using var proxy = new ProxyUnderTest(backend, BackendTransport.None, editQueries: false, RingMode.Auto);
        BackendOptions options = proxy.Server.Backends[0].Options;

        Assert.False(proxy.Server.TryAddBackend(options, out _, out string error));
        Assert.Contains("'backend' already", error, StringComparison.Ordinal);
        Assert.False(proxy.Server.TryAddBackend(
            options with { Name = "other", Tls = BackendTransport.OpenSsl, ValidateCertificates = true, SubjectName = "a.example", CaStore = "/none" }, out _, out error));
        Assert.Contains("/none", error, StringComparison.Ordinal);
        Assert.Single(proxy.Server.Backends);
    }

    [Fact]
    public void A_forced_state_is_seen_at_once_and_health_checks_take_over_again()
    {
        using var backend = new EchoBackend(BackendTransport.None);
        using var proxy = new ProxyUnderTest(backend, BackendTransport.None, editQueries: false, RingMode.Auto);
        BackendView view = proxy.Server.Backends[0];

        Assert.True(proxy.Server.SetMode(view, HealthCheckMode.Down));
        Assert.Equal((BackendState.ForcedDown, false), (view.State, view.IsUsable));

        Assert.True(proxy.Server.SetMode(view, HealthCheckMode.Auto));
        proxy.WaitUntil(() => view.State == BackendState.Up, "the verdict of a check");
        Load.OverUdp(proxy.Address, 100);

        Assert.True(proxy.Server.SetMode(view, HealthCheckMode.Up));
        Assert.Equal(BackendState.ForcedUp, view.State);
        Load.OverUdp(proxy.Address, 100);
        Assert.Equal(200, proxy.Counter("process", "responses"));
    }
}
