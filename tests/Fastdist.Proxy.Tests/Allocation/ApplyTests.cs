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

/// <summary>Other settings for a proxy that runs.</summary>
public sealed class ApplyTests : IDisposable
{
    private readonly EchoBackend _backend = new(BackendTransport.None);
    private readonly ProxyUnderTest _proxy;

    public ApplyTests() => _proxy = new ProxyUnderTest(_backend, BackendTransport.None, editQueries: false, RingMode.Auto);

    private ProxyServer Server => _proxy.Server;

    private BackendOptions Configured => Server.Backends[0].Options;

    public void Dispose()
    {
        _proxy.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void The_settings_in_use_change_nothing_when_they_are_applied()
    {
        Assert.True(Server.TrySetPolicy("p", PolicyKind.RoundRobin, out _));
        Assert.True(Server.TrySetPolicy("", PolicyKind.WeightedHash, out _));
        Server.SetPolicy(PolicyKind.FirstAvailable);
        Assert.True(Server.TryJoinPool(Server.Backends[0], "p", out _));
        BackendView before = Server.Backends[0];
        ProxyOptions options = Server.Options;
        Apply(options);
        Assert.Same(before, Assert.Single(Server.Backends));
        Assert.Equal([("", PolicyKind.WeightedHash, 1), ("p", PolicyKind.RoundRobin, 1)], Server.Pools.Select(p => (p.Name, p.Policy, p.Backends.Count)));
        Assert.Equal(PolicyKind.FirstAvailable, Server.Policy);
        Assert.DoesNotContain("to other settings", _proxy.Log, StringComparison.Ordinal);
        Load.OverUdp(_proxy.Address, 100);
        Assert.Equal((1, 1), (before.Sum(c => c.CurrentConnections), before.MaxConnections));
    }

    [Fact]
    public void Backends_come_and_go_and_stand_in_the_order_of_the_settings()
    {
        BackendView one = Server.Backends[0];
        BackendOptions other = Configured with { Name = "other" };
        Apply(Server.Options with { Backends = [other, .. Server.Options.Backends] });
        Assert.Equal(["other", "backend"], Server.Backends.Select(b => b.Name));
        Assert.Same(one, Server.Backends[1]);
        Assert.Equal(["other", "backend"], Server.Pools[0].Backends.Select(b => b.Name));

        BackendView came = Server.Backends[0];
        Apply(Server.Options with { Backends = [other] });
        Assert.Same(came, Assert.Single(Server.Backends));
        _proxy.WaitUntil(() => one.Shared.IsGone, "the end of the one that went");
        Load.OverUdp(_proxy.Address, 100);
        Assert.Equal(100, came.Sum(c => c.ClientQueries));
    }

    [Fact]
    public void An_edit_keeps_the_connection_and_the_counters()
    {
        Load.OverUdp(_proxy.Address, 100);
        BackendView one = Server.Backends[0];
        Apply(Server.Options with { Backends = [Configured with { Name = "renamed", Id = one.Id, Weight = 7, Order = 3, Qps = 1000, Pools = ["p"], QueryTimeout = 3000, CheckName = "example." }] });
        Assert.Same(one, Assert.Single(Server.Backends));
        Assert.Equal(("renamed", 7, 3, 1000), (one.Name, one.Options.Weight, one.Options.Order, one.Options.Qps));
        Assert.Equal(["p"], one.Pools);
        Assert.Equal([("", 0), ("p", 1)], Server.Pools.Select(p => (p.Name, p.Backends.Count)));

        Apply(Server.Options with { Backends = [Server.Options.Backends[0] with { Pools = [""] }], Pools = [] });
        Load.OverUdp(_proxy.Address, 100);
        Assert.Equal((200, 1, 0), (one.Sum(c => c.ClientQueries), one.Sum(c => c.NewConnections), one.Sum(c => c.EndedConnections)));
        Assert.Equal([""], Server.Pools.Select(p => p.Name));
    }

    [Fact]
    public async Task Nothing_is_lost_while_backends_are_replaced_and_pools_and_policies_change()
    {
        using var over = new CancellationTokenSource();
        Task load = Task.Run(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    Load.OverTcp(_proxy.Address, 500);
                    Load.OverUdp(_proxy.Address, 500);
                }
            },
            TestContext.Current.CancellationToken);

        PolicyKind[] policies = Enum.GetValues<PolicyKind>();
        var gone = new List<BackendView>();
        for (int i = 0; i < 3 * policies.Length; i++)
        {
            BackendView old = Assert.Single(Server.Backends);

            // What a connection may carry is no edit.
            Apply(Server.Options with { Backends = [Configured with { MaxInFlight = 999 - i }], Policy = policies[i % policies.Length], Pools = [new PoolOptions { Name = $"p{i % 2}" }] });
            BackendView next = Assert.Single(Server.Backends);
            Assert.NotSame(old, next);
            _proxy.WaitUntil(() => load.IsCompleted || (next.Sum(c => c.ClientQueries) > 0 && old.Shared.IsGone), "a query of the next backend and the end of the one before");
            gone.Add(old);
        }

        await over.CancelAsync();
        await load;
        Assert.All(gone, b => Assert.Equal((0, 0, 0), (b.Sum(c => c.Outstanding), b.Sum(c => c.CurrentConnections), b.Sum(c => c.Timeouts))));
        Assert.Equal((0, 0), (_proxy.Counter("frontend", "servfail"), _proxy.Counter("frontend", "no-backend")));
    }

    [Fact]
    public void What_is_wrong_is_said_line_by_line_and_nothing_changes()
    {
        ProxyOptions before = Server.Options;
        BackendOptions tls = Configured with { Name = "tls", Tls = BackendTransport.OpenSsl, ValidateCertificates = true, SubjectName = "a.example", CaStore = "/none" };
        ProxyOptions next = before with
        {
            Backends = [Configured with { Weight = 5 }, Configured, tls, Configured with { Name = "wide", MaxConcurrentTcpConnections = 1, Connections = 2 }],
            Policy = PolicyKind.RoundRobin,
            Shards = 2,
        };
        Assert.False(Server.TryApply(next, out IReadOnlyList<string> problems));
        Assert.Equal(
            [
                "--shards is 1 until the process is restarted, and cannot become 2 before",
                "--server backend: 2 servers have this name: give each another",
            ],
            problems.Take(2));
        Assert.Contains("--server wide: maxConcurrentTCPConnections=1", problems[2], StringComparison.Ordinal);
        Assert.Contains("/none", problems[3], StringComparison.Ordinal);
        Assert.StartsWith("--server tls: ", problems[3], StringComparison.Ordinal);
        Assert.Equal(4, problems.Count);
        Assert.Equal((PolicyKind.LeastOutstanding, 1, 1), (Server.Policy, Server.Backends.Count, Configured.Weight));
        Load.OverUdp(_proxy.Address, 100);
    }

    [Fact]
    public void Two_servers_of_one_id_are_refused()
    {
        var id = Guid.NewGuid();
        Assert.False(Server.TryApply(Server.Options with { Backends = [Configured with { Id = id }, Configured with { Id = id, Name = "other" }] }, out IReadOnlyList<string> problems));
        Assert.Equal([$"--server backend: 2 servers have the id {id}: give each another"], problems);
        Assert.True(Server.TryAddBackend(Configured with { Id = id, Name = "other" }, out BackendView? other, out string error), error);
        Assert.Equal(id, other.Id);
        Assert.False(Server.TryAddBackend(Configured with { Id = id, Name = "third" }, out _, out error));
        Assert.Equal($"there is a server with the id {id} already: give this one another", error);
    }

    [Fact]
    public void A_state_that_was_forced_stays_also_with_who_replaces_it_until_the_settings_say_another()
    {
        Assert.True(Server.SetMode(Server.Backends[0], HealthCheckMode.Down));
        Apply(Server.Options with { Backends = [Configured with { Weight = 2 }] });
        Assert.Equal(BackendState.ForcedDown, Server.Backends[0].State);
        Apply(Server.Options with { Backends = [Configured with { MaxInFlight = 10 }] });
        Assert.Equal(BackendState.ForcedDown, Server.Backends[0].State);
        Apply(Server.Options with { Backends = [Configured with { HealthCheckMode = HealthCheckMode.Up }] });
        Assert.Equal(BackendState.ForcedUp, Server.Backends[0].State);
        Apply(Server.Options with { Backends = [Configured with { HealthCheckMode = HealthCheckMode.Auto }] });
        _proxy.WaitUntil(() => Server.Backends[0].State == BackendState.Up, "the verdict of a check");
        Load.OverUdp(_proxy.Address, 100);
    }

    [Fact]
    public void Clients_pools_and_what_becomes_of_queries_without_a_server_are_others_at_once()
    {
        Assert.True(NetmaskSet.TryParse(["192.0.2.0/24"], out NetmaskSet nobody, out _));
        ProxyOptions before = Server.Options;
        Apply(before with { Acl = nobody, Pools = [new PoolOptions { Name = "p", Policy = PolicyKind.RoundRobin }] });
        Assert.Equal(nobody.Networks, Server.Acl.Networks);
        Assert.Equal([("", PolicyKind.LeastOutstanding), ("p", PolicyKind.RoundRobin)], Server.Pools.Select(p => (p.Name, p.Policy)));
        Apply(before);
        Assert.Equal([("", PolicyKind.LeastOutstanding)], Server.Pools.Select(p => (p.Name, p.Policy)));
        Apply(before with { Backends = [Configured with { Pools = ["p"] }] });
        Assert.Throws<System.IO.InvalidDataException>(() => Load.OverUdp(_proxy.Address, 1));
        Apply(before with { Backends = [Configured with { Pools = ["p"] }], ServFailWhenNoServer = false });
        Assert.False(Server.Options.ServFailWhenNoServer);
        Apply(before);
        Load.OverUdp(_proxy.Address, 100);
    }

    [Fact]
    public void Names_are_shared_out_anew_when_a_weight_changes()
    {
        const int Names = 256;
        Apply(Server.Options with { Backends = [Configured, Configured with { Name = "other" }], Policy = PolicyKind.ConsistentHash });
        BackendView other = Server.Backends[1];
        _proxy.WaitUntil(() => other.Sum(c => c.CurrentConnections) == 1, "a connection to the other");
        Assert.True(Server.SetWeight(other, 1000));
        Load.OfNames(_proxy.Address, Names);
        Assert.InRange(other.Sum(c => c.ClientQueries), Names * 9 / 10, Names);
        Apply(Server.Options with { Backends = [Configured with { Weight = 1000 }, Server.Options.Backends[1] with { Weight = 1 }] });
        Load.OfNames(_proxy.Address, Names);
        Assert.InRange(Server.Backends[0].Sum(c => c.ClientQueries), Names * 9 / 10, 2 * Names);
    }

    [Fact]
    public void A_single_setting_is_edited_while_it_runs()
    {
        BackendView one = Server.Backends[0];
        Assert.True(Server.SetWeight(one, 4) && Server.SetOrder(one, 5) && Server.SetQps(one, 6));
        Assert.Equal((4, 5, 6), (Server.Options.Backends[0].Weight, Server.Options.Backends[0].Order, Server.Options.Backends[0].Qps));
        Assert.True(Server.TryAddBackend(Configured with { Name = "other" }, out BackendView? other, out _));
        Assert.True(Server.RemoveBackend(other));
        Assert.False(Server.SetWeight(other, 2));
    }

    [Fact]
    public async Task Many_threads_apply_and_change_one_at_a_time()
    {
        Task[] threads = [.. Enumerable.Range(0, 4).Select(number => Task.Run(
            () =>
            {
                for (int i = 0; i < 10; i++)
                {
                    Apply(Server.Options with { Backends = [Configured, Configured with { Name = $"t{number}" }] });
                    Assert.True(Server.TryAddBackend(Configured with { Name = $"a{number}.{i}" }, out BackendView? added, out string error), error);
                    Server.RemoveBackend(added);
                }
            },
            TestContext.Current.CancellationToken))];
        await Task.WhenAll(threads);
        Assert.Equal(2, Server.Backends.Count);
        Load.OverUdp(_proxy.Address, 100);
    }

    private void Apply(ProxyOptions next) =>
        Assert.True(Server.TryApply(next, out IReadOnlyList<string> problems), string.Join('\n', problems));
}
