using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Fastdist.Ring.Interop;
using Xunit;

namespace Fastdist.Ring.Tests;

/// <summary>Where datagram sockets towards backends are bound: a forger has the port to guess (RFC 5452 section 9.2).</summary>
public class BackendSocketTests
{
    private const int Buffer = 1 << 20;

    [Theory]
    [InlineData(null)]
    [InlineData("127.0.0.2")]
    public void Ports_are_drawn_from_the_whole_range_each_as_likely_after_any_other(string? source)
    {
        const int Opens = 10_000, Parts = 8;
        int[] range = [.. File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split('\t').Select(int.Parse)];
        var pairs = new int[Parts * Parts];
        int last = 0;
        for (int i = 0; i < Opens; i++)
        {
            int port = PortOf(source);
            Assert.InRange(port, range[0], range[1]);
            int part = (port - range[0]) * Parts / (range[1] - range[0] + 1);
            pairs[(last * Parts) + part]++;
            last = part;
        }

        // Of 63 degrees of freedom; chance goes beyond these bounds less than once in a billion.
        double expected = (double)Opens / pairs.Length;
        Assert.InRange(pairs.Sum(count => (count - expected) * (count - expected) / expected), 20, 150);
    }

    [Fact]
    public void It_leaves_from_the_source_address_and_goes_nowhere_but_to_the_backend()
    {
        using Socket backend = Backend(IPAddress.Loopback);
        int descriptor = Open(backend, IPAddress.Parse("127.0.0.9"));
        Assert.Equal("127.0.0.9", Sockets.GetLocal(descriptor).ToEndPoint().Address.ToString());
        Assert.True(Sockets.TryGetPeer(descriptor, out SocketAddress peer));
        Assert.Equal(backend.LocalEndPoint, peer.ToEndPoint());
        Sockets.Close(descriptor);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void It_is_kept_to_its_interface_and_heeds_no_path_MTU(string address)
    {
        const int BoundInterface = 62;
        using Socket backend = Backend(IPAddress.Parse(address));
        int descriptor = Open(backend, source: null, "lo");
        Assert.True(descriptor > 0, Sockets.Describe(-descriptor));
        Assert.Equal(NetworkInterfaces.IndexOf("lo"), (uint)Sockets.GetOption(descriptor, Libc.SOL_SOCKET, BoundInterface));
        bool v6 = backend.AddressFamily == AddressFamily.InterNetworkV6;
        Assert.Equal(Libc.IP_PMTUDISC_OMIT, Sockets.GetOption(descriptor, v6 ? Libc.IPPROTO_IPV6 : Libc.IPPROTO_IP, v6 ? Libc.IPV6_MTU_DISCOVER : Libc.IP_MTU_DISCOVER));
        Sockets.Close(descriptor);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void It_leaves_marked_for_routers_and_with_a_port_of_its_own_where_that_is_said(string address)
    {
        using Socket backend = Backend(IPAddress.Parse(address));
        SocketAddress remote = SocketAddress.From((IPEndPoint)backend.LocalEndPoint!);
        var departure = new Departure(IPAddress.Parse(address), Dscp: 46, IsPortChosenLate: false);
        int[] descriptors = [Sockets.OpenDatagram(in remote, departure, new(Buffer, 1 << 16)), Sockets.OpenStream(in remote, departure)];
        (int level, int option) = remote.IsIPv6 ? (Libc.IPPROTO_IPV6, Libc.IPV6_TCLASS) : (Libc.IPPROTO_IP, Libc.IP_TOS);
        Assert.All(descriptors, descriptor =>
        {
            Assert.Equal((46 << 2, 0), (Sockets.GetOption(descriptor, level, option), Sockets.GetOption(descriptor, Libc.IPPROTO_IP, Libc.IP_BIND_ADDRESS_NO_PORT)));
            Assert.NotEqual(0, Sockets.GetLocal(descriptor).Port);
            Sockets.Close(descriptor);
        });
    }

    [Fact]
    public void What_may_wait_to_be_sent_is_apart_from_what_may_wait_to_be_read()
    {
        using Socket backend = Backend(IPAddress.Loopback);
        SocketAddress remote = SocketAddress.From((IPEndPoint)backend.LocalEndPoint!);
        int descriptor = Sockets.OpenDatagram(in remote, Departure.Any, new(1 << 17, 1 << 15));
        Assert.Equal((1 << 17, 1 << 15), (Sockets.GetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUF) / 2, Sockets.GetOption(descriptor, Libc.SOL_SOCKET, Libc.SO_SNDBUF) / 2));
        Sockets.Close(descriptor);
    }

    [Fact]
    public void What_the_kernel_refuses_is_told_and_leaves_no_descriptor_behind()
    {
        using Socket backend = Backend(IPAddress.Loopback);
        HashSet<string?> before = SocketsOpen();
        Assert.Equal(-Libc.EADDRNOTAVAIL, Open(backend, IPAddress.Parse("192.0.2.1")));
        Assert.Equal(-Libc.ENODEV, Open(backend, source: null, "nothere0"));

        // Not to be sent to without SO_BROADCAST, where there is a route to it at all.
        SocketAddress everybody = SocketAddress.From(new IPEndPoint(IPAddress.Broadcast, 53));
        Assert.Contains(Sockets.OpenDatagram(in everybody, Departure.Any, new(Buffer, Buffer)), new[] { -Libc.EACCES, -Libc.ENETUNREACH });
        Assert.Empty(SocketsOpen().Except(before));
    }

    private static HashSet<string?> SocketsOpen() => [.. Harness.Links().Where(static link => link?.StartsWith("socket:", StringComparison.Ordinal) == true)];

    private static Socket Backend(IPAddress address)
    {
        var backend = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        backend.Bind(new IPEndPoint(address, 0));
        return backend;
    }

    private static int Open(Socket backend, IPAddress? source, string networkInterface = "")
    {
        SocketAddress remote = SocketAddress.From((IPEndPoint)backend.LocalEndPoint!);
        return Sockets.OpenDatagram(in remote, new Departure(source, networkInterface), new(Buffer, Buffer));
    }

    private static int PortOf(string? source)
    {
        SocketAddress remote = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 53));
        int descriptor = Sockets.OpenDatagram(in remote, new Departure(source is null ? null : IPAddress.Parse(source)), new(Buffer, Buffer));
        int port = Sockets.GetLocal(descriptor).Port;
        Sockets.Close(descriptor);
        return port;
    }
}
