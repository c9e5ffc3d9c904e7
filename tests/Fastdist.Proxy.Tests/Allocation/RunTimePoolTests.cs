using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Proxy.Views;
using Fastdist.Ring;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>Pools that change under load.</summary>
public class RunTimePoolTests
{
    [Fact]
    public async Task No_query_is_lost_while_servers_join_and_leave_its_pool_and_policies_change()
    {
        using var backend = new EchoBackend(BackendTransport.None);
        using var proxy = new ProxyUnderTest(backend, BackendTransport.None, editQueries: false, RingMode.Auto);
        ProxyServer server = proxy.Server;
        BackendView one = server.Backends[0];

        // Two servers at one address are two.
        Assert.True(server.TryAddBackend(one.Options with { Name = "other", Pools = ["spare"] }, out BackendView? other, out string error), error);
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

        PolicyKind[] policies = Enum.GetValues<PolicyKind>();
        for (int i = 0; i < 3 * policies.Length; i++)
        {
            (BackendView comes, BackendView goes) = i % 2 == 0 ? (other, one) : (one, other);
            Assert.True(server.TryJoinPool(comes, "", out error), error);
            server.SetPolicy(policies[i % policies.Length]);
            Assert.True(server.TryPartPool(goes, "", out error), error);
            long asked = comes.Sum(c => c.ClientQueries);
            proxy.WaitUntil(() => load.IsCompleted || comes.Sum(c => c.ClientQueries) > asked, "a query of the one that came");
        }

        await over.CancelAsync();
        await load;
        Assert.Equal((0, 0), (proxy.Counter("frontend", "servfail"), proxy.Counter("frontend", "no-backend")));
        Assert.Equal(0, one.Sum(c => c.Timeouts) + other.Sum(c => c.Timeouts));
    }

    [Fact]
    public void Pools_are_seen_as_they_are()
    {
        using var backend = new EchoBackend(BackendTransport.None);
        using var proxy = new ProxyUnderTest(backend, BackendTransport.None, editQueries: false, RingMode.Auto);
        ProxyServer server = proxy.Server;
        BackendView one = server.Backends[0];
        Assert.Equal([("", PolicyKind.LeastOutstanding, 1)], Seen(server));

        Assert.True(server.TryJoinPool(one, "b", out _));
        Assert.True(server.TryJoinPool(one, "b", out _));
        Assert.True(server.TrySetPolicy("a", PolicyKind.ConsistentHash, out _));
        Assert.Equal([("", PolicyKind.LeastOutstanding, 1), ("a", PolicyKind.ConsistentHash, 0), ("b", PolicyKind.LeastOutstanding, 1)], Seen(server));
        Assert.Equal(["", "b"], one.Pools);

        server.SetPolicy(PolicyKind.WeightedHash);
        Assert.True(server.TryPartPool(one, "b", out _));
        Assert.True(server.TryPartPool(one, "none", out _));
        Assert.Equal([("", PolicyKind.WeightedHash, 1), ("a", PolicyKind.ConsistentHash, 0), ("b", PolicyKind.WeightedHash, 0)], Seen(server));
        Assert.Equal([""], one.Pools);

        Assert.True(server.TryAddBackend(one.Options with { Name = "first", Order = 0, Pools = ["", "c"] }, out BackendView? first, out _));
        Assert.Equal(["first", "backend"], server.Pools[0].Backends.Select(b => b.Name));
        Assert.True(server.RemoveBackend(first));
        Assert.Equal([("", 1), ("a", 0), ("b", 0), ("c", 0)], server.Pools.Select(p => (p.Name, p.Backends.Count)));
        Assert.False(server.TryJoinPool(first, "a", out string error));
        Assert.Equal("the server 'first' was removed before", error);
        Load.OverUdp(proxy.Address, 100);
    }

    [Fact]
    public void There_are_no_more_pools_than_there_may_be()
    {
        using var backend = new EchoBackend(BackendTransport.None);
        using var proxy = new ProxyUnderTest(backend, BackendTransport.None, editQueries: false, RingMode.Auto);
        ProxyServer server = proxy.Server;
        for (int i = 1; i < ProxyOptions.MostPools; i++)
        {
            Assert.True(server.TrySetPolicy($"p{i}", PolicyKind.RoundRobin, out string none), none);
        }

        Assert.False(server.TrySetPolicy("more", PolicyKind.RoundRobin, out string error));
        Assert.Equal("there are 1024 pools, and 1024 are the most", error);
        Assert.False(server.TryJoinPool(server.Backends[0], "more", out error));
        Assert.Equal("there are 1024 pools, and 1024 are the most", error);
        Assert.False(server.TryAddBackend(server.Backends[0].Options with { Name = "other", Pools = ["p1", "more"] }, out _, out error));
        Assert.Equal("there are 1024 pools, and 1024 are the most", error);
        Assert.True(server.TryJoinPool(server.Backends[0], "p1023", out _));
        Load.OverUdp(proxy.Address, 100);
    }

    private static (string Name, PolicyKind Policy, int Servers)[] Seen(ProxyServer server) => [.. server.Pools.Select(p => (p.Name, p.Policy, p.Backends.Count))];
}
