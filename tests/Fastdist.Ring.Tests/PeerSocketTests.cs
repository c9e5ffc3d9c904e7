using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Fastdist.Ring.Interop;
using Xunit;

namespace Fastdist.Ring.Tests;

/// <summary>Datagram sockets that are connected to one peer.</summary>
public class PeerSocketTests
{
    private const int SocketBuffer = 1 << 20;

    /// <summary>The sockets that a test gave its ring.</summary>
    private readonly HashSet<string> _given = [];

    [Theory, ClassData(typeof(BothRings))]
    public void A_datagram_goes_to_the_peer_and_its_answer_is_told_with_the_tag(RingMode mode)
    {
        using var harness = new Harness(mode);
        foreach (IPAddress address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            using Socket peer = Peer(address);
            int number = Add(harness, peer, tag: 7);
            harness.Ring.SendToPeer(number, "question"u8);
            EndPoint from = Take(harness, peer, out byte[] question);
            Assert.Equal("question"u8, question);
            peer.SendTo("answer"u8, from);
            harness.Until(() => harness.Peer(7).Datagrams.Count > 0);
            Assert.Equal("answer"u8, harness.Peer(7).Datagrams[^1].Payload);
            harness.Peer(7).Datagrams.Clear();
        }
    }

    [Theory, ClassData(typeof(BothRings))]
    public void What_comes_from_anybody_else_is_not_told(RingMode mode)
    {
        using var harness = new Harness(mode);
        using Socket peer = Peer(IPAddress.Loopback), other = Peer(IPAddress.Loopback);
        int number = Add(harness, peer, tag: 1);
        harness.Ring.SendToPeer(number, "question"u8);
        EndPoint from = Take(harness, peer, out _);
        other.SendTo("forged"u8, from);
        peer.SendTo("answer"u8, from);
        harness.Until(() => harness.Peer(1).Datagrams.Count > 0);
        Assert.Equal("answer"u8, Assert.Single(harness.Peer(1).Datagrams).Payload);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_datagram_beyond_the_buffer_is_told_truncated_and_an_empty_one_is_one(RingMode mode)
    {
        using var harness = new Harness(mode, new RingOptions { PeerBufferSize = 512, PeerBuffers = 16, ClientBuffers = 16, BackendBuffers = 16 });
        using Socket peer = Peer(IPAddress.Loopback);
        int number = Add(harness, peer, tag: 1);
        harness.Ring.SendToPeer(number, "question"u8);
        EndPoint from = Take(harness, peer, out _);
        foreach (int length in new[] { 4000, 512, 0, 513, 3 })
        {
            peer.SendTo(new byte[length], from);
        }

        harness.Until(() => harness.Peer(1).Datagrams.Count == 5);
        Assert.Equal([(512, true), (512, false), (0, false), (512, true), (3, false)], harness.Peer(1).Datagrams.Select(datagram => (datagram.Payload.Length, datagram.Truncated)));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void An_answer_of_4096_bytes_is_received_whole(RingMode mode)
    {
        using var harness = new Harness(mode);
        using Socket peer = Peer(IPAddress.Loopback);
        int number = Add(harness, peer, tag: 1);
        harness.Ring.SendToPeer(number, "question"u8);
        var answer = new byte[4096];
        new Random(1).NextBytes(answer);
        peer.SendTo(answer, Take(harness, peer, out _));
        harness.Until(() => harness.Peer(1).Datagrams.Count == 1);
        Assert.Equal(answer, harness.Peer(1).Datagrams[0].Payload);
        Assert.False(harness.Peer(1).Datagrams[0].Truncated);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void That_nobody_listens_is_told_at_once_and_the_socket_goes_on(RingMode mode)
    {
        using var harness = new Harness(mode);
        Socket peer = Peer(IPAddress.Loopback);
        var address = (IPEndPoint)peer.LocalEndPoint!;
        int number = Add(harness, peer, tag: 1);
        peer.Dispose();
        for (int failures = 1; failures <= 20; failures++)
        {
            harness.Ring.SendToPeer(number, "question"u8);
            harness.Until(() => harness.Peer(1).Failures.Count == failures);
        }

        Assert.All(harness.Peer(1).Failures, errno => Assert.Equal(Libc.ECONNREFUSED, errno));
        using Socket back = Peer(address.Address, address.Port);
        harness.Ring.SendToPeer(number, "question"u8);
        back.SendTo("answer"u8, Take(harness, back, out _));
        harness.Until(() => harness.Peer(1).Datagrams.Count == 1);
        Assert.Equal(20, harness.Peer(1).Failures.Count);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void An_error_amid_answers_loses_none_of_them(RingMode mode)
    {
        using var harness = new Harness(mode);
        Socket peer = Peer(IPAddress.Loopback);
        int number = Add(harness, peer, tag: 1);
        harness.Ring.SendToPeer(number, "question"u8);
        EndPoint from = Take(harness, peer, out _);
        for (int i = 0; i < 100; i++)
        {
            peer.SendTo("answer"u8, from);
        }

        peer.Dispose();
        harness.Ring.SendToPeer(number, "question"u8);
        harness.Until(() => harness.Peer(1) is { Datagrams.Count: 100, Failures.Count: 1 });
    }

    [Theory, ClassData(typeof(BothRings))]
    public unsafe void A_send_that_takes_the_error_of_the_one_before_tells_it(RingMode mode)
    {
        using var harness = new Harness(mode);
        Socket peer = Peer(IPAddress.Loopback);
        int descriptor = Open(peer);
        int number = harness.Ring.AddPeerSocket(descriptor, 1);
        peer.Dispose();
        harness.Ring.Turn(1, timeout: 0);
        byte question = 1;
        Assert.Equal(1, Libc.Send(descriptor, &question, 1, 0));
        Harness.Await(descriptor);
        harness.Ring.SendToPeer(number, "lost"u8);
        harness.Until(() => harness.Peer(1).Failures.Count > 0);
        harness.RunFor(10);
        Assert.Equal(Libc.ECONNREFUSED, Assert.Single(harness.Peer(1).Failures));
        Assert.Equal(1, harness.Ring.Counters.DatagramSendErrors);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void An_error_that_stays_is_told_now_and_then_and_not_in_every_turn(RingMode mode)
    {
        using var harness = new Harness(mode);
        int descriptor = Libc.EventDescriptor(1, Libc.EFD_NONBLOCK | Libc.EFD_CLOEXEC);
        int number = harness.Ring.AddPeerSocket(descriptor, 1);
        var time = Stopwatch.StartNew();
        harness.Until(() => harness.Peer(1).Failures.Count > 0);
        for (int turn = 0; turn < 50; turn++)
        {
            harness.Ring.Turn(256, timeout: 0);
        }

        // On a machine that is busy, 50 turns may take longer than the ring rests.
        Assert.InRange(harness.Peer(1).Failures.Count, 1, 5 + (time.ElapsedMilliseconds / 100));
        harness.Ring.ClosePeerSocket(number);
        harness.Until(() => Harness.LinkOf(descriptor) is null);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_datagram_that_does_not_fit_is_counted_and_stops_no_other_however_little_clients_get(RingMode mode)
    {
        using var harness = new Harness(mode, new RingOptions { MaxDatagram = 512, ClientBuffers = 16, BackendBuffers = 16 });
        using Socket peer = Peer(IPAddress.Loopback);
        int number = Add(harness, peer, tag: 1);
        harness.Ring.SendToPeer(number, new byte[RingOptions.MaxToPeer + 1]);
        harness.Ring.SendToPeer(number, new byte[RingOptions.MaxToPeer]);
        Take(harness, peer, out byte[] question);
        Assert.Equal(RingOptions.MaxToPeer, question.Length);
        Assert.Equal(1, harness.Ring.Counters.DatagramSendErrors);
        Assert.Empty(harness.Peer(1).Failures);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void More_answers_than_buffers_and_more_datagrams_than_slots_all_arrive(RingMode mode)
    {
        const int Count = 600;
        using var harness = new Harness(mode, new RingOptions { PeerBuffers = 8, DatagramSends = 4, ClientBuffers = 16, BackendBuffers = 16 });
        using Socket peer = Peer(IPAddress.Loopback);
        int number = Add(harness, peer, tag: 1);
        for (int i = 0; i < Count; i++)
        {
            harness.Ring.SendToPeer(number, BitConverter.GetBytes(i));
        }

        for (int i = 0; i < Count; i++)
        {
            EndPoint from = Take(harness, peer, out byte[] question);
            Assert.Equal(i, BitConverter.ToInt32(question));
            peer.SendTo(question, from);
        }

        harness.Until(() => harness.Peer(1).Datagrams.Count == Count);
        Assert.Equal(Enumerable.Range(0, Count), harness.Peer(1).Datagrams.Select(datagram => BitConverter.ToInt32(datagram.Payload)));
        Assert.Equal(0, harness.Ring.Counters.DatagramSendErrors);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void What_was_queued_before_the_close_leaves(RingMode mode)
    {
        using var harness = new Harness(mode);
        using Socket peer = Peer(IPAddress.Loopback);
        foreach (bool hasEnded in new[] { false, true })
        {
            int number = Add(harness, peer, tag: 1);
            if (hasEnded)
            {
                // An empty datagram ends a receive, so that this one is closed while nothing is armed on it.
                harness.Ring.SendToPeer(number, "first"u8);
                EndPoint from = Take(harness, peer, out _);
                harness.Peer(1).OnDatagram = () => Close(harness, number);
                peer.SendTo(Array.Empty<byte>(), from);
                harness.Until(() => harness.Peer(1).Datagrams.Count == 1);
            }
            else
            {
                Close(harness, number);
            }

            Take(harness, peer, out byte[] question);
            Assert.Equal("last"u8, question);
        }

        static void Close(Harness harness, int number)
        {
            harness.Ring.SendToPeer(number, "last"u8);
            harness.Ring.ClosePeerSocket(number);
        }
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Nothing_is_told_of_a_closed_socket_whatever_had_arrived(RingMode mode)
    {
        using var harness = new Harness(mode);
        using Socket peer = Peer(IPAddress.Loopback);
        Socket gone = Peer(IPAddress.Loopback);
        int answered = Add(harness, peer, tag: 1);
        int refused = Add(harness, gone, tag: 2);
        gone.Dispose();
        harness.Ring.SendToPeer(answered, "question"u8);
        EndPoint from = Take(harness, peer, out _);
        peer.SendTo("answer"u8, from);
        harness.Ring.SendToPeer(refused, "question"u8);
        harness.Ring.ClosePeerSocket(answered);
        harness.Ring.ClosePeerSocket(refused);
        harness.RunFor(30);
        Assert.Equal(0, harness.Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_socket_may_be_closed_while_one_of_its_answers_is_told_and_no_more_follow(RingMode mode)
    {
        using var harness = new Harness(mode);
        using Socket peer = Peer(IPAddress.Loopback);
        int number = Add(harness, peer, tag: 1);
        harness.Ring.SendToPeer(number, "question"u8);
        EndPoint from = Take(harness, peer, out _);
        for (int i = 0; i < 50; i++)
        {
            peer.SendTo("answer"u8, from);
        }

        harness.Peer(1).OnDatagram = () => harness.Ring.ClosePeerSocket(number);
        harness.Until(() => CountOpen() == 0);
        Assert.Single(harness.Peer(1).Datagrams);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_number_comes_again_and_tells_nothing_of_the_socket_before(RingMode mode)
    {
        using var harness = new Harness(mode);
        using Socket peer = Peer(IPAddress.Loopback);
        for (uint round = 0; round < 50; round++)
        {
            Socket gone = Peer(IPAddress.Loopback);
            int refused = Add(harness, gone, tag: 1000);
            gone.Dispose();
            harness.Ring.SendToPeer(refused, "refused"u8);
            harness.Ring.SendToPeer(refused, "refused"u8);
            harness.Ring.ClosePeerSocket(refused);
            harness.Until(() => CountOpen() == 0);
            int number = Add(harness, peer, round);
            Assert.Equal(refused, number);
            harness.Ring.SendToPeer(number, "question"u8);
            peer.SendTo("answer"u8, Take(harness, peer, out _));
            harness.Until(() => harness.Peer(round).Datagrams.Count == 1);
            harness.Ring.ClosePeerSocket(number);
        }

        Assert.Equal(50, harness.Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_thousand_sockets_come_and_go_with_traffic_in_between(RingMode mode)
    {
        const int Count = 1000, Rounds = 4;
        using var harness = new Harness(mode);
        using Socket peer = Peer(IPAddress.Loopback);
        var random = new Random(1);
        var open = new List<(int Number, uint Tag)>();
        uint tag = 0;
        int highest = 0, unanswered = 0;
        for (int round = 0; round < Rounds; round++)
        {
            while (open.Count < Count)
            {
                open.Add((Add(harness, peer, ++tag), tag));
                highest = Math.Max(highest, open[^1].Number);
                harness.Ring.SendToPeer(open[^1].Number, BitConverter.GetBytes(tag));
                unanswered++;
                if (unanswered == 50 || open.Count == Count)
                {
                    Echo(harness, peer, unanswered);
                    unanswered = 0;
                }
            }

            harness.Until(() => open.TrueForAll(socket => harness.Peer(socket.Tag).Datagrams.Count >= 1));
            Assert.All(open, socket => Assert.Equal(BitConverter.GetBytes(socket.Tag), harness.Peer(socket.Tag).Datagrams[0].Payload));
            foreach ((int number, _) in open.Where(_ => round == Rounds - 1 || random.Next(2) == 0).ToArray())
            {
                harness.Ring.ClosePeerSocket(number);
                open.RemoveAll(socket => socket.Number == number);
            }

            harness.Until(() => CountOpen() == open.Count);
        }

        Assert.Equal(Count - 1, highest);
        Assert.Equal((int)tag, harness.Events);
    }

    private static void Echo(Harness harness, Socket peer, int count)
    {
        for (int i = 0; i < count; i++)
        {
            EndPoint from = Take(harness, peer, out byte[] question);
            peer.SendTo(question, from);
        }
    }

    private static Socket Peer(IPAddress address, int port = 0)
    {
        var peer = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = SocketBuffer };
        peer.Bind(new IPEndPoint(address, port));
        return peer;
    }

    private int Add(Harness harness, Socket peer, uint tag) => harness.Ring.AddPeerSocket(Open(peer), tag);

    private int Open(Socket peer)
    {
        SocketAddress remote = SocketAddress.From((IPEndPoint)peer.LocalEndPoint!);
        int descriptor = Sockets.OpenDatagram(in remote, Departure.Any, new(SocketBuffer, SocketBuffer));
        Assert.True(descriptor > 0, Sockets.Describe(-descriptor));
        _given.Add(Harness.LinkOf(descriptor)!);
        return descriptor;
    }

    private static EndPoint Take(Harness harness, Socket peer, out byte[] payload)
    {
        harness.Until(() => peer.Available > 0);
        var data = new byte[5000];
        EndPoint from = new IPEndPoint(peer.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        payload = data[..peer.ReceiveFrom(data, ref from)];
        return from;
    }

    /// <summary>How many of them are open.</summary>
    private int CountOpen() => Harness.Links().Count(link => link is not null && _given.Contains(link));
}
