using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Ring;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>Other frontends, and other settings of the process, for a proxy that runs.</summary>
public sealed class ApplyFrontendTests : IDisposable
{
    private readonly EchoBackend _backend = new(BackendTransport.None);
    private readonly CertificateFiles _files = new();
    private readonly ProxyUnderTest _proxy;

    public ApplyFrontendTests() => _proxy = new ProxyUnderTest(_backend, BackendTransport.None, editQueries: false, RingMode.Auto);

    private ProxyServer Server => _proxy.Server;

    private FrontendOptions Configured => Server.Frontends[0].Options;

    public void Dispose()
    {
        _proxy.Dispose();
        _backend.Dispose();
        _files.Dispose();
    }

    [Fact]
    public void One_comes_and_is_answered_and_another_goes_without_its_counts()
    {
        var other = new FrontendOptions { Address = Ports.Next() };
        Load.OverUdp(_proxy.Address, 100);
        Apply(Server.Options with { Frontends = [Configured, other] });
        Load.OverUdp(other.Address, 50);
        Load.OverTcp(other.Address, 50);
        Load.OverUdp(_proxy.Address, 100);
        SharedFrontend gone = Server.Frontends[0].Shared;

        Apply(Server.Options with { Frontends = [other] });
        Assert.Equal([("UDP", other.Name), ("TCP", other.Name)], Server.Frontends.Select(f => (f.Protocol, f.Address)));
        Await(gone);
        Assert.Throws<SocketException>(() => Load.OverTcp(_proxy.Address, 1));
        Load.OverUdp(other.Address, 50);
        Server.Maintain();
        Assert.Equal((350, 350), (_proxy.Counter("process", "queries"), _proxy.Counter("process", "responses")));
        Assert.Equal(350, Server.CountedFrontends.Sum(f => f.Latency().Count));
        Assert.Equal(350, Server.GlobalStatistics(isThorough: false).Single(s => s.Name == "queries").Value);

        Apply(Server.Options with { Frontends = [other, new FrontendOptions { Address = _proxy.Address }] });
        Load.OverUdp(_proxy.Address, 50);
        Assert.Equal((400, 50), (_proxy.Counter("process", "queries"), (int)Server.Frontends[2].Sum(c => c.Queries)));
    }

    [Fact]
    public void A_client_of_one_that_goes_is_ended_in_order_and_those_of_the_others_stay()
    {
        var other = new FrontendOptions { Address = Ports.Next() };
        Apply(Server.Options with { Frontends = [Configured, other] });
        using TcpClient stays = Asked(other.Address);
        using TcpClient goes = Asked(_proxy.Address);
        SharedFrontend gone = Server.Frontends[0].Shared;
        Apply(Server.Options with { Frontends = [other with { MaxInFlight = 7, TcpListenQueueSize = 16, MaxConcurrentTcpConnections = 5 }] });
        Assert.Equal(0, goes.GetStream().Read(new byte[10]));
        goes.Close();
        Await(gone);
        Load.AskOnce(stays);
        FrontendView tcp = Server.Frontends[1];
        Assert.Equal((1, 0, 7), (tcp.Sum(c => c.NewConnections), tcp.Sum(c => c.EndedConnections), tcp.Options.MaxInFlight));
    }

    [Theory]
    [InlineData(RingMode.IoUring)]
    [InlineData(RingMode.Epoll)]
    public async Task Nothing_is_lost_at_an_address_that_goes_from_one_frontend_to_another(RingMode ring)
    {
        using var proxy = new ProxyUnderTest(_backend, BackendTransport.None, editQueries: false, ring);
        using var over = new CancellationTokenSource();
        Task load = Task.Run(
            () =>
            {
                while (!over.IsCancellationRequested)
                {
                    Load.OverUdp(proxy.Address, 500);
                }
            },
            TestContext.Current.CancellationToken);
        for (int i = 0; i < 10; i++)
        {
            FrontendView before = proxy.Server.Frontends[0];
            FrontendOptions next = new() { Address = proxy.Address, AdditionalAddresses = [Ports.Next()] };
            Apply(proxy.Server, proxy.Server.Options with { Frontends = [next] });
            FrontendView after = proxy.Server.Frontends[0];
            proxy.WaitUntil(() => load.IsCompleted || (before.Shared.IsGone && after.Sum(c => c.Queries) > 500), "queries of the next, and the end of the one before");
        }

        await over.CancelAsync();
        await load;
    }

    [Fact]
    public void Where_one_cannot_be_bound_or_loaded_nothing_changes_and_each_is_named()
    {
        IPEndPoint free = Ports.Next();
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(Ports.Next());
        var busy = new FrontendOptions { Address = (IPEndPoint)taken.LocalEndPoint! };
        Assert.False(Server.TryApply(Server.Options with { Frontends = [new FrontendOptions { Address = free }, busy] }, out IReadOnlyList<string> problems));
        Assert.StartsWith($"--local {busy.Address}: cannot bind to {busy.Address}: ", Assert.Single(problems), StringComparison.Ordinal);

        FrontendOptions tls = Tls(new() { CertificateFile = "/none" });
        Assert.False(Server.TryApply(Server.Options with { Frontends = [Configured, tls, Configured] }, out problems));
        Assert.Equal(2, problems.Count);
        Assert.StartsWith("--local ", problems[0], StringComparison.Ordinal);
        Assert.StartsWith($"--tls-local {tls.Address}: ", problems[1], StringComparison.Ordinal);

        Assert.Equal(2, Server.Frontends.Count);
        using var still = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        still.Bind(free);
        Load.OverUdp(_proxy.Address, 100);
    }

    [Fact]
    public void One_that_may_be_left_out_is_and_the_rest_is_applied()
    {
        FrontendOptions tls = Tls(new() { CertificateFile = "/none" });
        var other = new FrontendOptions { Address = Ports.Next() };
        Apply(Server.Options with { Frontends = [Configured, tls with { Tls = tls.Tls! with { IgnoreConfigurationErrors = true } }, other] });
        Assert.Equal([Configured.Flag, Configured.Flag, other.Flag, other.Flag], Server.Frontends.Select(f => f.Options.Flag));
        Load.OverUdp(other.Address, 10);
    }

    [Fact]
    public void One_that_may_be_left_out_stays_as_it_was_when_it_is_there_and_its_certificate_cannot_be_loaded()
    {
        FrontendOptions tls = Tls(_files.Make("one.example"));
        tls = tls with { Tls = tls.Tls! with { IgnoreConfigurationErrors = true } };
        Apply(Server.Options with { Frontends = [Configured, tls] });
        File.Delete(tls.Tls!.Certificates[0].CertificateFile);
        Apply(Server.Options with { TcpIdleTimeout = 9 });
        Apply(Server.Options with { Frontends = [Configured, tls with { Tls = tls.Tls! with { MinTlsVersion = Fastdist.Tls.TlsVersion.Tls13 } }] });
        using SslStream client = Secured(tls.Address, "first.example", out string name);
        Assert.Equal(("CN=one.example", 3), (name, Server.Frontends.Count));
    }

    [Fact]
    public void Other_certificates_are_presented_to_new_clients_while_those_that_are_there_go_on()
    {
        FrontendOptions tls = Tls(_files.Make("one.example"));
        Apply(Server.Options with { Frontends = [Configured, tls] });
        using SslStream before = Secured(tls.Address, "first.example", out string name);
        Assert.Equal("CN=one.example", name);
        TicketKeyStatus? keys = Server.TicketKeysOf(Server.Frontends[2]);
        Assert.True(Server.TryRotateTicketKeys(Server.Frontends[2], out _));

        Apply(Server.Options with { Frontends = [Configured, tls with { Tls = tls.Tls! with { Certificates = [_files.Make("two.example")] } }] });
        using SslStream after = Secured(tls.Address, "second.example", out name);
        Assert.Equal("CN=two.example", name);
        Load.AskOnce(before);
        Load.AskOnce(after);
        FrontendView view = Server.Frontends[2];
        Assert.Equal((2, 0), (view.Sum(c => c.NewConnections), view.Sum(c => c.EndedConnections)));
        Secured(tls.Address, "first.example", out _).Close();
        Assert.Equal((2, 1), (view.Sum(c => c.TlsNewSessions), view.Sum(c => c.TlsResumptions)));
        Assert.Equal(keys!.Count + 1, Server.TicketKeysOf(view)!.Count);
        Assert.True(Server.TryReload(view, out string error), error);

        SharedFrontend gone = view.Shared;
        Apply(Server.Options with { Frontends = [Configured] });
        Assert.False(Server.TryReload(view, out error));
        Assert.EndsWith(" was removed before", error, StringComparison.Ordinal);
        Assert.Equal(0, before.Read(new byte[10]));
        before.Close();
        after.Close();
        Await(gone);
    }

    [Fact]
    public void Its_pool_changes_where_it_is()
    {
        Apply(Server.Options with { Frontends = [Configured with { Pool = "p" }] });
        using TcpClient client = Asked(_proxy.Address, isRefused: true);
        Apply(Server.Options with { Backends = [Server.Options.Backends[0] with { Pools = ["p"] }] });
        Load.AskOnce(client);
        Load.OverUdp(_proxy.Address, 10);
        Apply(Server.Options with { Frontends = [Configured with { Pool = "" }], Backends = [Server.Options.Backends[0] with { Pools = [""] }], Pools = [] });
        Load.AskOnce(client);
        Load.OverUdp(_proxy.Address, 10);
        Assert.Equal([""], Server.Pools.Select(p => p.Name));
    }

    [Fact]
    public void Settings_of_the_process_hold_at_once_for_clients_that_are_there()
    {
        using TcpClient client = Asked(_proxy.Address);
        Apply(Server.Options with { MaxTcpQueriesPerConnection = 2, MaxTurn = 64, UdpMaxSize = 512, ClientLimits = new ClientLimitOptions { MaxConnectionsPerClient = 1 } });
        Load.AskOnce(client);
        Assert.Equal(0, client.GetStream().Read(new byte[10]));
        client.Close();
        Assert.False(Server.TryApply(Server.Options with { UdpMaxSize = 4096, ClientLimits = new ClientLimitOptions { MaskV4 = 24 }, MaxInFlight = 1 }, out IReadOnlyList<string> problems));
        Assert.Equal(
            [
                "--max-in-flight is 262144 until the process is restarted, and cannot become 1 before",
                "--tcp-connections-mask-v4 is 32 until the process is restarted, and cannot become 24 before",
                "--udp-max-size is 1232 at most until the process is restarted, and cannot become 4096 before",
            ],
            problems);
        Apply(Server.Options with { UdpMaxSize = 1232 });
    }

    [Fact]
    public void A_thousand_applied_leave_nothing_behind()
    {
        const int Applied = 1000;
        const int Whole = 25;

        // A socket for datagrams and one that listens; the backend's that listens, and both ends of a connection to it.
        const int Sockets = 5;

        // Of the backends: the one there was, two others, and the next.
        const int MostAtOnce = 4;
        ProxyOptions one = Server.Options;
        ProxyOptions edited = one with
        {
            Backends = [one.Backends[0] with { Weight = 3, QueryTimeout = 4000, CheckInterval = 2, Pools = ["", "p"] }],
            Frontends = [one.Frontends[0] with { MaxInFlight = 50 }],
            Pools = [new PoolOptions { Name = "q", Policy = PolicyKind.ConsistentHash }],
            Policy = PolicyKind.WeightedRandom,
            TcpIdleTimeout = 7,
        };
        ProxyOptions other = edited with
        {
            Backends = [edited.Backends[0] with { MaxInFlight = 100, Id = null }, edited.Backends[0] with { Name = "other", Id = null }],
            Frontends = [edited.Frontends[0], new FrontendOptions { Address = Ports.Next() }, Tls(_files.Make("one.example"))],
        };

        Replace(one, other);
        IPEndPoint[] places = [_backend.Address, .. other.Frontends.Select(f => f.Address)];
        int pools = Server.Pools.Count;
        for (int i = 1; i <= Applied; i++)
        {
            if (i % (Applied / Whole) == 0)
            {
                Replace(one, other);
            }
            else
            {
                Apply(i % 2 == 0 ? one : edited);
            }
        }

        Replace(one, other);
        _proxy.WaitUntil(() => CountSockets(places) == Sockets, $"{Sockets} sockets being all that are held, and not {CountSockets(places)}");
        Assert.Equal(pools, Server.Pools.Count);

        // Which number is free when the next one comes depends on who is gone by then.
        Assert.InRange(Math.Max(Server.Backends.Max(b => b.Shared.Slot), Server.Frontends.Max(f => f.Shared.Slot)), 0, MostAtOnce - 1);
        Load.OverUdp(_proxy.Address, 100);
    }

    /// <summary>Sockets that somebody holds at either end of which is one of these places.</summary>
    private static int CountSockets(IPEndPoint[] places)
    {
        const int Local = 1;
        const int Remote = 2;
        const int Inode = 9;
        string[] ends = [.. places.Select(static place => $"{BitConverter.ToUInt32(place.Address.GetAddressBytes()):X8}:{place.Port:X4}")];
        return new[] { "tcp", "udp" }.SelectMany(static protocol => File.ReadLines($"/proc/net/{protocol}").Skip(1))
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(words => words[Inode] != "0" && (ends.Contains(words[Local]) || ends.Contains(words[Remote])));
    }

    /// <summary>Has all be replaced, and again, and waits for the end of who was there.</summary>
    private void Replace(ProxyOptions one, ProxyOptions other)
    {
        Apply(other);
        (BackendView[] backends, SharedFrontend[] frontends) = ([.. Server.Backends], [.. Server.Frontends.Select(f => f.Shared)]);
        Apply(one);
        _proxy.WaitUntil(
            () => backends.Except(Server.Backends).All(b => b.Shared.IsGone) && frontends.Except(Server.Frontends.Select(f => f.Shared)).All(f => f.IsGone)
                && Server.Backends[0].Sum(c => c.CurrentConnections) == 1,
            "the end of those before");
    }

    private static FrontendOptions Tls(Fastdist.Tls.Certificates.TlsCertificateFile file) =>
        new() { Address = Ports.Next(), Tls = new TlsFrontendOptions { Certificates = [file] } };

    private static TcpClient Asked(IPEndPoint address, bool isRefused = false)
    {
        var client = new TcpClient();
        client.Connect(address);
        if (isRefused)
        {
            Assert.Throws<InvalidDataException>(() => Load.AskOnce(client));
        }
        else
        {
            Load.AskOnce(client);
        }

        return client;
    }

    private static SslStream Secured(IPEndPoint address, string name, out string subject)
    {
        var client = new TcpClient();
        client.Connect(address);
        string seen = "";
        var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) =>
        {
            seen = certificate is X509Certificate shown ? shown.Subject : "";
            return true;
        });
        stream.AuthenticateAsClient(name);
        Load.AskOnce(stream);
        subject = seen;
        return stream;
    }

    private void Await(SharedFrontend frontend) => _proxy.WaitUntil(() => frontend.IsGone, "the end of the one that went");

    private void Apply(ProxyOptions next) => Apply(Server, next);

    private static void Apply(ProxyServer server, ProxyOptions next) =>
        Assert.True(server.TryApply(next, out IReadOnlyList<string> problems), string.Join('\n', problems));
}
