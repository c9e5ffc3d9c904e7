using System;
using System.Net;
using Fastdist.Ring.Interop;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Ring.Tests;

/// <summary>After warm-up a message costs no managed memory. The peers are plain descriptors, whose calls allocate nothing either.</summary>
public class AllocationTests
{
    private const int Messages = 10_000;

    [Theory, ClassData(typeof(BothRings))]
    public unsafe void A_datagram_received_and_answered_allocates_nothing(RingMode mode)
    {
        var echo = new EchoHandler();
        using Ring ring = Create(mode, echo);
        int server = Sockets.BindDatagram(new(new IPEndPoint(IPAddress.Any, 0)), new(1 << 20, 1 << 20), out _);
        SocketAddress address = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, Sockets.GetLocal(server).Port));
        ring.AddDatagramSocket(server, 0);
        int client = Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM, 0);
        Assert.Equal(0, Libc.Connect(client, &address, address.Length));

        Allocations.AssertNone(() => Exchange(ring, echo, client, Messages));
        Sockets.Close(client);
    }

    [Theory, ClassData(typeof(BothRings))]
    public unsafe void A_datagram_of_the_peer_received_and_answered_allocates_nothing(RingMode mode)
    {
        var echo = new EchoHandler();
        using Ring ring = Create(mode, echo);
        int peer = Libc.Socket(Libc.AF_INET, Libc.SOCK_DGRAM, 0);
        SocketAddress address = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 0));
        Assert.Equal(0, Libc.Bind(peer, &address, address.Length));
        address = Sockets.GetLocal(peer);
        int descriptor = Sockets.OpenDatagram(in address, Departure.Any, new(1 << 20, 1 << 20));
        address = Sockets.GetLocal(descriptor);
        Assert.Equal(0, Libc.Connect(peer, &address, address.Length));
        echo.PeerSocket = ring.AddPeerSocket(descriptor, 0);

        Allocations.AssertNone(() => Exchange(ring, echo, peer, Messages));
        Sockets.Close(peer);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_message_received_and_answered_on_a_stream_allocates_nothing(RingMode mode)
    {
        var echo = new EchoHandler();
        using Ring ring = Create(mode, echo);
        using var harness = new Harness(RingMode.Epoll);
        ring.Adopt(harness.Accept(out System.Net.Sockets.Socket peer), 0, StreamClass.Client);

        Allocations.AssertNone(() => Exchange(ring, echo, (int)peer.Handle, Messages));
    }

    private static Ring Create(RingMode mode, EchoHandler echo)
    {
        new Harness(mode).Dispose();
        return echo.Ring = RingFactory.Create(mode, new RingOptions(), echo, out _);
    }

    private static unsafe void Exchange(Ring ring, EchoHandler echo, int client, int count)
    {
        byte* message = stackalloc byte[40];
        for (int i = 0; i < count; i++)
        {
            int answered = echo.Answered;
            Libc.Send(client, message, 40, 0);
            while (echo.Answered == answered || Libc.Receive(client, message, 40, Libc.MSG_DONTWAIT) < 0)
            {
                ring.Turn(256, timeout: 0);
            }
        }
    }

    private sealed class EchoHandler : IRingHandler
    {
        private readonly NativeBuffer _buffer = new(2048);

        public Ring? Ring { get; set; }

        public int PeerSocket { get; set; }

        public int Answered { get; private set; }

        public void DatagramReceived(int socketTag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated)
        {
            Answered++;
            Ring!.SendDatagram(route.Socket, in route, payload);
        }

        public void PeerDatagramReceived(uint tag, ReadOnlySpan<byte> payload, bool truncated)
        {
            Answered++;
            Ring!.SendToPeer(PeerSocket, payload);
        }

        public int Received(uint tag, StreamHandle stream, ReadOnlySpan<byte> data)
        {
            Answered++;
            data.CopyTo(_buffer.Span);
            Ring!.Send(stream, _buffer, 0, data.Length);
            return data.Length;
        }

        public void Accepted(int listenerTag, int descriptor)
        {
        }

        public void ListenerClosed(int listenerTag)
        {
        }

        public void Connected(uint tag, StreamHandle stream, int errno)
        {
        }

        public void ReceiveEnded(uint tag, StreamHandle stream, int errno)
        {
        }

        public void Sent(uint tag, StreamHandle stream, int errno)
        {
        }

        public void Closed(uint tag)
        {
        }

        public void Woken()
        {
        }
    }
}
