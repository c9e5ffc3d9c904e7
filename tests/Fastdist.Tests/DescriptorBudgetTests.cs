using System.Linq;
using System.Net;
using Fastdist.Control.Consoles;
using Fastdist.Control.Web;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Tests;

/// <summary>Clients get the descriptors that nobody else needs.</summary>
[Trait("Row", "A1")]
public class DescriptorBudgetTests
{
    private static readonly FrontendOptions s_plain = new() { Address = IPEndPoint.Parse("192.0.2.1:53") };
    private static readonly FrontendOptions s_doh = new() { Address = IPEndPoint.Parse("192.0.2.1:443"), Doh = new DohFrontendOptions(), AdditionalAddresses = [IPEndPoint.Parse("192.0.2.2:443")] };

    [Theory]
    [InlineData(1, 64 + 3 + 4 + 2)]
    [InlineData(4, 64 + (4 * (3 + 4 + 2)))]
    public void A_shard_has_a_ring_its_sockets_and_a_connection_to_each_backend_and_one_to_replace_it(int shards, int expected) =>
        Assert.Equal(expected, Reserve(shards, Backend()));

    [Fact]
    public void Connections_and_spares_that_are_asked_for_are_kept_room_for()
    {
        int bare = Reserve(2);
        Assert.Equal(bare + 8 + (2 * (1 + 3)), Reserve(2, Backend() with { Connections = 8, SpareConnections = 3 }));
        Assert.Equal(bare + 5, Reserve(2, Backend() with { Connections = 8, SpareConnections = 3, MaxConcurrentTcpConnections = 5 }));
        Assert.Equal(bare + (3 * 4), Reserve(2, Backend(), Backend(), Backend()));
    }

    [Fact]
    public void UDP_sockets_of_backends_are_kept_room_for_twice_as_each_is_replaced_while_answers_are_still_due_on_it()
    {
        BackendOptions udp = Backend() with { Tls = BackendTransport.Udp };
        int overTcp = Reserve(2, udp with { TcpOnly = true });
        Assert.Equal(overTcp + (2 * 2 * BackendOptions.SocketsPerShard), Reserve(2, udp));
        Assert.Equal(overTcp + (2 * 2 * 5), Reserve(2, udp with { Sockets = 9 }));
    }

    [Theory]
    [InlineData(100_000, 1_048_576, 300, 100_000)]
    [InlineData(100_000, 1_024, 124, 900)]
    [InlineData(100_000, 256, 250, 64)]
    [InlineData(100_000, 3, 250, 1)]
    [InlineData(50, 256, 100, 50)]
    public void Clients_have_what_they_may_or_what_is_left_and_never_less_than_a_quarter(int wanted, int limit, int reserve, int expected) =>
        Assert.Equal(expected, DescriptorBudget.Fit(wanted, limit, reserve));

    [Theory]
    [InlineData(100, 17)]
    [InlineData(5, 6)]
    [InlineData(0, 17)]
    public void A_console_has_its_listener_and_some_of_its_connections(int mostConnections, int expected)
    {
        ProxyOptions proxy = Proxy(shards: 1);
        var console = new ConsoleOptions { Address = IPEndPoint.Parse("127.0.0.1:5199"), MaxConnections = mostConnections };
        Assert.Equal(expected, DescriptorBudget.Of(proxy, console, web: null, int.MaxValue).Reserve - Reserve(proxy));
    }

    [Fact]
    public void A_web_server_has_its_listener_and_some_of_its_connections()
    {
        ProxyOptions proxy = Proxy(shards: 1);
        var web = new WebServerOptions { Address = IPEndPoint.Parse("127.0.0.1:8083") };
        Assert.Equal(17, DescriptorBudget.Of(proxy, console: null, web, int.MaxValue).Reserve - Reserve(proxy));
    }

    private static BackendOptions Backend() => new() { Address = IPEndPoint.Parse("192.0.2.9:853"), Name = "x" };

    private static ProxyOptions Proxy(int shards, params BackendOptions[] backends) =>
        new() { Frontends = [s_plain, s_doh], Backends = [.. backends.Select((b, i) => b with { Name = $"{i}" })], Shards = shards };

    private static int Reserve(int shards, params BackendOptions[] backends) => Reserve(Proxy(shards, backends));

    private static int Reserve(ProxyOptions proxy) => DescriptorBudget.Of(proxy, console: null, web: null, int.MaxValue).Reserve;
}
