using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Fastdist.Ring.Tests;

public class DatagramTests
{
    private const int SocketBuffer = 4 << 20;

    [Theory, ClassData(typeof(BothRings))]
    public void A_datagram_is_answered_to_where_it_came_from(RingMode mode)
    {
        using var harness = new Harness(mode);
        foreach (IPAddress address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            IPEndPoint server = Echo(harness, address);
            using Socket client = Client(server);
            client.Send("question"u8);
            Assert.Equal("question"u8, Receive(harness, client));
        }
    }

    [Theory, ClassData(typeof(BothRings))]
    public void The_route_names_the_peer(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint server = Bind(harness, IPAddress.IPv6Loopback, tag: 9);
        using Socket client = Client(server);
        IPEndPoint? peer = null;
        int tag = 0;
        harness.OnDatagram = (int socketTag, ReadOnlySpan<byte> _, in DatagramRoute route, bool _) => (peer, tag) = (route.Peer.ToEndPoint(), socketTag);
        client.Send("x"u8);
        harness.Until(() => peer is not null);
        Assert.Equal(client.LocalEndPoint, peer);
        Assert.Equal(9, tag);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void On_a_wildcard_bind_the_answer_leaves_from_the_address_that_was_asked(RingMode mode)
    {
        using var harness = new Harness(mode);
        int v4 = Echo(harness, IPAddress.Any).Port;
        int v6 = Echo(harness, IPAddress.IPv6Any).Port;
        IPEndPoint[] asked = [new(IPAddress.Parse("127.0.0.2"), v4), new(IPAddress.Loopback, v4), new(IPAddress.Parse("127.9.8.7"), v4), new(IPAddress.IPv6Loopback, v6)];
        foreach (IPEndPoint server in asked)
        {
            // Not connected, so that an answer from another address would be seen.
            using var client = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            client.SendTo("question"u8, server);
            harness.Until(() => client.Available > 0);
            EndPoint from = new IPEndPoint(server.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
            client.ReceiveFrom(new byte[100], ref from);
            Assert.Equal(server, from);
        }
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_datagram_beyond_the_buffer_is_told_truncated_and_an_empty_one_is_one(RingMode mode)
    {
        using var harness = new Harness(mode, new RingOptions { MaxReceivedDatagram = 512, ClientBuffers = 16, BackendBuffers = 16 });
        IPEndPoint server = Bind(harness, IPAddress.Loopback);
        var seen = new List<(int Length, bool Truncated)>();
        harness.OnDatagram = (int _, ReadOnlySpan<byte> payload, in DatagramRoute _, bool truncated) => seen.Add((payload.Length, truncated));
        using Socket client = Client(server);
        client.Send(new byte[4000]);
        client.Send(new byte[512]);
        client.Send(Array.Empty<byte>());
        harness.Until(() => seen.Count == 3);
        Assert.True(seen[0].Truncated);
        Assert.InRange(seen[0].Length, 512, 640);
        Assert.Equal((512, false), seen[1]);
        Assert.Equal((0, false), seen[2]);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void More_datagrams_than_buffers_and_than_send_slots_are_all_answered(RingMode mode)
    {
        const int Count = 600;
        using var harness = new Harness(mode, new RingOptions { DatagramBuffers = 8, DatagramSends = 4, ClientBuffers = 16, BackendBuffers = 16 });
        IPEndPoint server = Echo(harness, IPAddress.Loopback);
        using Socket client = Client(server);
        for (int i = 0; i < Count; i++)
        {
            client.Send(BitConverter.GetBytes(i));
        }

        var answers = new List<int>();
        harness.Until(() =>
        {
            var part = new byte[4];
            while (client.Available > 0)
            {
                client.Receive(part);
                answers.Add(BitConverter.ToInt32(part));
            }

            return answers.Count == Count;
        });
        Assert.Equal(Enumerable.Range(0, Count), answers);
        Assert.Equal(0, harness.Ring.Counters.DatagramSendErrors);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_datagram_that_cannot_be_sent_is_counted_and_stops_no_other(RingMode mode)
    {
        using var harness = new Harness(mode, new RingOptions { MaxDatagram = 512, ClientBuffers = 16, BackendBuffers = 16 });
        IPEndPoint server = Bind(harness, IPAddress.Loopback);
        harness.OnDatagram = (int _, ReadOnlySpan<byte> payload, in DatagramRoute route, bool _) =>
        {
            DatagramRoute nowhere = route;
            nowhere.Peer = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 0));
            harness.Ring.SendDatagram(route.Socket, in route, "first"u8);
            harness.Ring.SendDatagram(route.Socket, in nowhere, payload);
            harness.Ring.SendDatagram(route.Socket, in route, new byte[4000]);
            harness.Ring.SendDatagram(route.Socket, in route, "last"u8);
        };
        using Socket client = Client(server);
        client.Send("question"u8);
        Assert.Equal("first"u8, Receive(harness, client));
        Assert.Equal("last"u8, Receive(harness, client));
        harness.Until(() => harness.Ring.Counters.DatagramSendErrors == 2);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_stopped_socket_receives_no_more_but_still_sends(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint server = Bind(harness, IPAddress.Loopback);
        DatagramRoute kept = default;
        int seen = 0;
        harness.OnDatagram = (int _, ReadOnlySpan<byte> _, in DatagramRoute route, bool _) => (kept, seen) = (route, seen + 1);
        using Socket client = Client(server);
        client.Send("one"u8);
        harness.Until(() => seen == 1);
        harness.Ring.StopReceiving(kept.Socket);
        harness.RunFor(20);
        client.Send("two"u8);
        harness.RunFor(50);
        Assert.Equal(1, seen);
        harness.Ring.SendDatagram(kept.Socket, in kept, "late answer"u8);
        Assert.Equal("late answer"u8, Receive(harness, client));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void What_comes_after_a_socket_turns_away_is_another_ones_that_is_bound_there_and_nothing_is_lost(RingMode mode)
    {
        const int Clients = 40;
        foreach ((IPAddress bound, IPAddress asked) in ((IPAddress, IPAddress)[])
        [
            (IPAddress.Loopback, IPAddress.Loopback), (IPAddress.Any, IPAddress.Parse("127.0.0.2")), (IPAddress.IPv6Loopback, IPAddress.IPv6Loopback), (IPAddress.IPv6Any, IPAddress.IPv6Loopback),
        ])
        {
            using var harness = new Harness(mode);
            IPEndPoint server = Bind(harness, bound, tag: 1);
            var routes = new List<DatagramRoute>();
            int[] seen = new int[3];
            harness.OnDatagram = (int tag, ReadOnlySpan<byte> _, in DatagramRoute route, bool _) =>
            {
                routes.Add(route);
                seen[tag]++;
            };
            Socket[] clients = [.. Enumerable.Range(0, Clients).Select(_ => harness.Own(Client(new IPEndPoint(asked, server.Port))))];
            Array.ForEach(clients, static client => client.Send("one"u8));
            harness.Until(() => seen[1] > 0);
            Assert.True(harness.Ring.TurnAway(routes[0].Socket));
            Bind(harness, bound, tag: 2, server.Port);
            Array.ForEach(clients, static client => client.Send("two"u8));
            harness.Until(() => seen[1] + seen[2] == 2 * Clients);
            Assert.Equal((Clients, Clients), (seen[1], seen[2]));

            foreach (DatagramRoute route in routes)
            {
                harness.Ring.SendDatagram(route.Socket, in route, "answer"u8);
            }

            foreach (Socket client in clients)
            {
                Assert.Equal("answer"u8, Receive(harness, client));
                Assert.Equal("answer"u8, Receive(harness, client));
            }
        }
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_closed_socket_sends_what_was_queued_says_nothing_more_and_leaves_its_number_to_another(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint server = Bind(harness, IPAddress.Loopback, tag: 1);
        DatagramRoute asked = default;
        var seen = new List<int>();
        harness.OnDatagram = (int tag, ReadOnlySpan<byte> _, in DatagramRoute route, bool _) =>
        {
            asked = route;
            seen.Add(tag);
        };
        using Socket client = Client(server);
        client.Send("one"u8);
        harness.Until(() => seen.Count == 1);
        int first = asked.Socket;
        client.Send("unheard"u8);
        harness.Ring.SendDatagram(first, in asked, "answer"u8);
        harness.Ring.CloseDatagramSocket(first);
        Assert.Equal("answer"u8, Receive(harness, client));
        Assert.Equal([1], seen);

        IPEndPoint next = server;
        harness.Until(() =>
        {
            int descriptor = Sockets.BindDatagram(new(new IPEndPoint(IPAddress.Loopback, 0)), new(SocketBuffer, SocketBuffer), out _);
            next = Sockets.GetLocal(descriptor).ToEndPoint();
            return harness.Ring.AddDatagramSocket(descriptor, tag: 2) == first;
        });
        using Socket other = Client(next);
        other.Send("two"u8);
        harness.Until(() => seen.Count == 2);
        Assert.Equal([1, 2], seen);
        Assert.Equal(first, asked.Socket);
    }

    private static IPEndPoint Bind(Harness harness, IPAddress address, int tag = 0, int port = 0)
    {
        int descriptor = Sockets.BindDatagram(new(new IPEndPoint(address, port)), new(SocketBuffer, SocketBuffer), out int granted);
        Assert.True(granted > 0);
        IPEndPoint bound = Sockets.GetLocal(descriptor).ToEndPoint();
        harness.Ring.AddDatagramSocket(descriptor, tag);
        return bound;
    }

    private static IPEndPoint Echo(Harness harness, IPAddress address)
    {
        harness.OnDatagram = (int _, ReadOnlySpan<byte> payload, in DatagramRoute route, bool _) =>
            harness.Ring.SendDatagram(route.Socket, in route, payload);
        return Bind(harness, address);
    }

    private static Socket Client(IPEndPoint server)
    {
        var client = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = SocketBuffer };
        client.Connect(server);
        return client;
    }

    private static byte[] Receive(Harness harness, Socket client)
    {
        harness.Until(() => client.Available > 0);
        var data = new byte[2000];
        return data[..client.Receive(data)];
    }
}
