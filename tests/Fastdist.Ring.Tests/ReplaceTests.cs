using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Fastdist.Ring.Tests;

/// <summary>A socket takes the place of another while the ring runs.</summary>
[Trait("Row", "B1")]
public class ReplaceTests
{
    [Theory, ClassData(typeof(BothRings))]
    public void A_listener_goes_on_with_another_socket_under_its_tag(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint before = harness.Listen(tag: 7, out int listener);
        Connect(harness, before);
        harness.Until(() => harness.Connections.Count == 1);

        IPEndPoint after = Replace(harness, listener);

        Connect(harness, after);
        harness.Until(() => harness.Connections.Count == 2);
        Assert.Equal([7, 7], harness.Connections.Select(connection => connection.Tag));
        Assert.Throws<SocketException>(() => Connect(harness, before));
        Assert.Equal(0, harness.Ring.Counters.AcceptErrors);
        Assert.Empty(harness.ClosedListeners);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_listener_may_be_replaced_before_its_first_turn_and_again(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.Listen(tag: 7, out int listener);
        Replace(harness, listener);
        harness.RunFor(20);
        Replace(harness, listener);
        IPEndPoint last = Replace(harness, listener);

        Connect(harness, last);
        harness.Until(() => harness.Connections.Count == 1);
        harness.Ring.CloseListener(listener);
        harness.Until(() => harness.ClosedListeners.Count == 1);
        Assert.Throws<SocketException>(() => Connect(harness, last));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void What_one_datagram_socket_received_is_answered_by_the_one_in_its_place(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint before = Sockets.GetLocal(Bind(out int first)).ToEndPoint();
        int socket = harness.Ring.AddDatagramSocket(first, tag: 3);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        DatagramRoute asked = default;
        int received = 0;
        harness.OnDatagram = (int tag, ReadOnlySpan<byte> _, in DatagramRoute route, bool _) => (asked, received) = (route, received + tag);
        client.SendTo("x"u8, before);
        harness.Until(() => received == 3);

        IPEndPoint after = Sockets.GetLocal(Bind(out int second)).ToEndPoint();
        harness.Ring.ReplaceDatagramSocket(socket, second);
        harness.Ring.SendDatagram(asked.Socket, in asked, "answer"u8);
        harness.Until(() => client.Available > 0);
        var answer = new byte[10];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        Assert.Equal(6, client.ReceiveFrom(answer, ref from));
        Assert.Equal(after, from);

        client.SendTo("y"u8, after);
        harness.Until(() => received == 6);
    }

    private static int Bind(out int descriptor) => descriptor = Sockets.BindDatagram(new(new IPEndPoint(IPAddress.Loopback, 0)), new(1 << 16, 1 << 16), out _);

    private static IPEndPoint Replace(Harness harness, int listener)
    {
        int descriptor = Sockets.Listen(new(new IPEndPoint(IPAddress.Loopback, 0)), 16);
        IPEndPoint address = Sockets.GetLocal(descriptor).ToEndPoint();
        harness.Ring.ReplaceListener(listener, descriptor);
        return address;
    }

    private static void Connect(Harness harness, IPEndPoint address) => harness.Own(new Socket(SocketType.Stream, ProtocolType.Tcp)).Connect(address);
}
