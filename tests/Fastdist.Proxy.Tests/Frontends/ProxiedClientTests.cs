using System;
using System.Net;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>Connections through a load balancer.</summary>
public class ProxiedClientTests
{
    private const string Balancer = "10.0.0.1";

    [Fact]
    public void The_client_is_who_the_header_names_and_counts_from_then_on()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect(from: Balancer, isProxied: true);
        Assert.Equal((ClientState.AwaitingProxyHeader, 0), (caller.Connection.State, bench.Limits.Connections));
        caller.Send(Header("192.168.0.7"));
        Assert.Equal((ClientState.Open, 1), (caller.Connection.State, bench.Limits.Connections));
        Assert.Equal(Address("192.168.0.7"), caller.Connection.Peer);

        caller.Finish();
        bench.Settle();
        Assert.Equal(0, bench.Limits.Connections);
    }

    [Fact]
    public void A_header_may_come_in_any_pieces_and_what_follows_is_the_clients()
    {
        byte[] header = Header("192.168.0.7");
        byte[] bytes = [.. header, .. ClientBench.Frame(ClientBench.Query(1))];
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            using ClientBench bench = ClientBench.OverTcp();
            Caller caller = bench.Connect(from: Balancer, isProxied: true);
            caller.Send(bytes.AsSpan(0, cut));
            Assert.Equal(cut < header.Length ? ClientState.AwaitingProxyHeader : ClientState.Open, caller.Connection.State);
            caller.Send(bytes.AsSpan(cut));
            Assert.Single(bench.Forwarded);
        }
    }

    [Fact]
    public void A_balancer_that_speaks_for_itself_is_the_client()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect(from: Balancer, isProxied: true);
        caller.Send([.. Signature, 0x20, 0, 0, 0]);
        Assert.Equal(ClientState.Open, caller.Connection.State);
        Assert.Equal(Address(Balancer), caller.Connection.Peer);
    }

    [Fact]
    public void What_is_no_header_closes_the_connection_and_is_counted()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect(from: Balancer, isProxied: true);
        caller.Ask(1);
        Assert.Equal((true, 1, 0), (caller.Wire.IsClosed, bench.Counters[0].InvalidProxyHeaders, bench.Counters[0].Queries));
    }

    [Fact]
    public void Whom_the_ACL_keeps_out_it_keeps_out_behind_a_balancer_too()
    {
        using ClientBench bench = ClientBench.OverTcp();
        Caller caller = bench.Connect(from: Balancer, isProxied: true);
        caller.Send([.. Header("203.0.113.9"), .. ClientBench.Frame(ClientBench.Query(1))]);
        Assert.Equal((true, 1, 0), (caller.Wire.IsClosed, bench.Counters[0].AclDrops, bench.Counters[0].Queries));
    }

    [Fact]
    public void A_client_has_its_limit_however_many_balancers_it_comes_through()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { ClientLimits = new ClientLimitOptions { MaxConnectionsPerClient = 1 } });
        Caller first = bench.Connect(from: Balancer, isProxied: true);
        Caller second = bench.Connect(from: "10.0.0.2", isProxied: true);
        first.Send(Header("192.168.0.7"));
        second.Send(Header("192.168.0.7"));
        Assert.Equal((false, true, 1), (first.Wire.IsClosed, second.Wire.IsClosed, bench.Counters[0].RefusedPerClient));
    }

    [Fact]
    public void A_balancer_is_not_banned_for_a_client_it_has_not_named()
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Plain) with { ClientLimits = new ClientLimitOptions { MaxReadIosPerQuery = 1 } });
        Caller caller = bench.Connect(from: Balancer, isProxied: true);
        caller.Send(Signature[..3]);
        caller.Send(Signature[3..5]);
        Assert.Equal((true, 1), (caller.Wire.IsClosed, bench.Counters[0].TooManyReadIos));
        SocketAddress balancer = Address(Balancer);
        Assert.Equal(Admission.Admitted, bench.Limits.TryEnter(in balancer, bench.Shard.Clock.Now));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_header_comes_inside_the_session_or_before_it(bool isOutside)
    {
        using var bench = new ClientBench(ClientBench.With(ClientBench.Secure with { ProxyProtocolOutsideTls = isOutside }));
        Caller caller = bench.Connect(from: Balancer, isProxied: true);
        Assert.Equal(isOutside ? ClientState.AwaitingProxyHeader : ClientState.Handshaking, caller.Connection.State);
        if (isOutside)
        {
            byte[] header = Header("192.168.0.7");
            caller.Send(header[..9]);
            caller.Send(header[9..]);
            Assert.Equal(ClientState.Handshaking, caller.Connection.State);
        }

        caller.Secure(bench.Tls.Client.CreateSession());
        bench.Settle();
        if (!isOutside)
        {
            Assert.Equal(ClientState.AwaitingProxyHeader, caller.Connection.State);
            caller.Send(Header("192.168.0.7"));
        }

        Assert.Equal(ClientState.Open, caller.Connection.State);
        Assert.Equal(Address("192.168.0.7"), caller.Connection.Peer);
        caller.Ask(1);
        bench.AnswerAll();
        bench.Settle();
        Assert.Equal([(1, Rcode.NoError)], caller.Codes);
    }

    private static byte[] Signature => [0x0D, 0x0A, 0x0D, 0x0A, 0, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    /// <summary>A header that names a client at port 40000.</summary>
    private static byte[] Header(string source) =>
        [.. Signature, 0x21, 0x11, 0, 12, .. IPAddress.Parse(source).GetAddressBytes(), 192, 0, 2, 53, 0x9C, 0x40, 0, 53];

    private static SocketAddress Address(string text) => SocketAddress.From(new IPEndPoint(IPAddress.Parse(text), 40000));
}
