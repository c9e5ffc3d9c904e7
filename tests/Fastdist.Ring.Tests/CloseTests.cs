using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Fastdist.Ring.Tests;

public class CloseTests
{
    [Theory, ClassData(typeof(BothRings))]
    public void Closing_with_a_receive_armed_sends_FIN_and_is_told_once(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.RunFor(20);
        harness.Ring.Close(stream);
        Assert.Equal(0, harness[1].Closed);
        harness.Until(() => harness[1].Closed > 0);
        peer.ReceiveTimeout = Harness.PatienceMs;
        Assert.Equal(0, peer.Receive(new byte[1]));
        harness.RunFor(30);
        Assert.Equal(1, harness[1].Events);
    }

    [Theory, ClassData(typeof(BothRings)), Trait("Row", "F2")]
    public void After_FIN_what_was_sent_too_late_is_known_and_what_was_read_is_not_part_of_it(RingMode mode)
    {
        const int Read = 100, Late = 200;
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        NativeBuffer buffer = harness.Buffer(Read + Late);
        harness.Ring.Send(stream, buffer, 0, Read);
        harness.Until(() => harness[1].Sent.Count == 1);
        Assert.Equal(Read, peer.Receive(new byte[Read]));
        harness.Until(() => harness.Ring.Unacknowledged(stream) == 0);

        // It is gone, but the ring has not been told yet.
        peer.Close();
        harness.Ring.Send(stream, buffer, Read, Late);
        harness.Until(() => harness[1].Ends.Count == 1);

        Assert.Equal(0, harness[1].Ends[0]);
        Assert.Equal(Late, harness.Ring.Unacknowledged(stream));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Closing_with_a_send_in_flight_reports_no_Sent_and_leaves_the_buffer_alone_afterwards(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        NativeBuffer buffer = harness.Buffer(16 << 20);
        buffer.Span.Fill(1);
        harness.Ring.Send(stream, buffer, 0, buffer.Length);
        harness.RunFor(30);
        Assert.Empty(harness[1].Sent);

        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        buffer.Span.Fill(2);
        var part = new byte[1 << 16];
        for (int count; (count = Receive(peer, part)) > 0;)
        {
            Assert.False(part.AsSpan(0, count).ContainsAnyExcept((byte)1));
        }

        harness.RunFor(30);
        Assert.Equal(1, harness[1].Events);
    }

    [Theory, ClassData(typeof(BothRings)), Trait("Row", "C4")]
    public void Last_words_leave_before_the_end_and_what_lies_unread_does_not_turn_it_into_a_reset(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.OnReceived = (_, received, data) =>
        {
            harness.Ring.Pause(received);
            return data.Length;
        };
        peer.Send(new byte[100]);
        harness.Until(() => harness[1].Events > 0);
        peer.Send(new byte[100_000]);
        harness.RunFor(20);

        harness.Ring.SendLast(stream, "goodbye"u8);
        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        peer.ReceiveTimeout = Harness.PatienceMs;
        var heard = new byte[100];
        Assert.Equal("goodbye"u8, heard.AsSpan(0, peer.Receive(heard)));
        Assert.Equal(0, peer.Receive(heard));
        Assert.Empty(harness[1].Sent);
    }

    [Theory, ClassData(typeof(BothRings)), Trait("Row", "C4")]
    public void Last_words_never_cut_into_a_send(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        NativeBuffer buffer = harness.Buffer(16 << 20);
        buffer.Span.Clear();
        harness.Ring.Send(stream, buffer, 0, buffer.Length);
        harness.RunFor(30);
        harness.Ring.SendLast(stream, "goodbye"u8);
        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        var part = new byte[1 << 16];
        for (int count; (count = Receive(peer, part)) > 0;)
        {
            Assert.False(part.AsSpan(0, count).ContainsAnyExcept((byte)0));
        }
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Closing_twice_and_from_inside_Received_is_told_once(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.OnReceived = (_, stream, data) =>
        {
            harness.Ring.Close(stream);
            harness.Ring.Close(stream);
            Assert.Equal(0, harness[1].Closed);
            return data.Length;
        };
        harness.Adopt(1, out Socket peer);
        peer.Send(new byte[100]);
        peer.Shutdown(SocketShutdown.Send);
        harness.Until(() => harness[1].Closed > 0);
        harness.RunFor(30);
        Assert.Equal(1, harness[1].Closed);
        Assert.Empty(harness[1].Ends);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void After_Close_nothing_but_Closed_is_told(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.RunFor(20);
        peer.Send(new byte[5000]);
        peer.Shutdown(SocketShutdown.Send);
        harness.Ring.Send(stream, harness.Buffer(100), 0, 100);
        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        harness.RunFor(30);
        Assert.Equal(1, harness[1].Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Closing_a_paused_stream_with_kept_bytes_is_told_once(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.Ring.Pause(stream);
        peer.Send(new byte[5000]);
        harness.RunFor(30);
        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        harness.RunFor(30);
        Assert.Equal(1, harness[1].Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Closing_after_the_peer_ended_is_told_once(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        peer.Close();
        harness.Until(() => harness[1].Ends.Count == 1);
        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        harness.RunFor(30);
        Assert.Equal(2, harness[1].Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_closed_streams_handle_does_nothing_to_the_slots_next_tenant(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stale = harness.Adopt(1, out _);
        harness.Ring.Close(stale);
        harness.Until(() => harness[1].Closed == 1);

        StreamHandle tenant = harness.Adopt(2, out Socket peer);
        Assert.Equal(stale.Index, tenant.Index);
        Assert.NotEqual(stale.Generation, tenant.Generation);
        harness.Ring.Pause(stale);
        harness.Ring.Send(stale, harness.Buffer(50), 0, 50);
        harness.Ring.ShutdownSend(stale);
        harness.Ring.Close(stale);
        harness.Ring.Close(StreamHandle.None);
        harness.RunFor(30);

        peer.Send("hello"u8);
        harness.Until(() => harness[2].Bytes.Length == 5);
        NativeBuffer answer = harness.Buffer(5);
        harness.Ring.Send(tenant, answer, 0, 5);
        harness.Until(() => harness[2].Sent.Count == 1);
        var received = new byte[10];
        Assert.Equal(5, peer.Receive(received));
        Assert.Equal(1, harness[1].Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Descriptors_used_again_at_once_deliver_to_their_own_stream(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle last = default;
        for (uint tag = 1; tag <= 300; tag++)
        {
            StreamHandle stream = harness.Adopt(tag, out Socket peer);
            peer.Send(BitConverter.GetBytes(tag));
            if (tag % 3 == 0)
            {
                harness.Until(() => harness[tag].Bytes.Length == 4);
            }

            harness.Ring.Close(last);
            last = stream;
            harness.Ring.Turn(64, timeout: 0);
            peer.Close();
        }

        harness.Ring.Close(last);
        harness.Until(() => Enumerable.Range(1, 300).All(tag => harness[(uint)tag].Closed == 1));
        for (uint tag = 1; tag <= 300; tag++)
        {
            byte[] bytes = harness[tag].Bytes.ToArray();
            Assert.True(bytes.Length == 0 || BitConverter.ToUInt32(bytes) == tag);
            Assert.True(tag % 3 != 0 || bytes.Length == 4);
        }
    }

    [Theory, ClassData(typeof(BothRings))]
    [Trait("Row", "A2")]
    public void Of_many_streams_closed_together_a_few_end_in_a_turn_and_hold_nobody_up(RingMode mode)
    {
        const int Many = 300;
        using var harness = new Harness(mode);
        StreamHandle[] many = [.. Enumerable.Range(0, Many).Select(_ => harness.Adopt(1, out Socket _))];
        int descriptor = harness.Accept(out Socket peer);
        harness.Ring.Adopt(descriptor, 2, StreamClass.Client);
        harness.RunFor(20);
        Array.ForEach(many, harness.Ring.Close);
        peer.Send([42]);
        Harness.Await(descriptor);

        int turns = 0;
        int before = 0;
        for (; harness[1].Closed < Many; turns++)
        {
            harness.Ring.Turn(256, timeout: 100);

            // Those that began to end in the turn before may be told of in this one.
            Assert.InRange(harness[1].Closed - before, 0, 2 * Ring.EndsPerTurn);
            before = harness[1].Closed;
            Assert.True(turns == 0 || harness[2].Bytes.Length == 1);
        }

        Assert.InRange(turns, Many / Ring.EndsPerTurn, Many);
    }

    [Theory, ClassData(typeof(BothRings))]
    [Trait("Row", "A2")]
    public void What_was_sent_before_the_close_arrives(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.RunFor(20);
        harness.Ring.Send(stream, harness.Buffer(5), 0, 5);
        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        var received = new byte[10];
        peer.ReceiveTimeout = Harness.PatienceMs;
        Assert.Equal(5, peer.Receive(received));
        Assert.Equal(0, peer.Receive(received));
    }

    [Theory, ClassData(typeof(BothRings))]
    [Trait("Row", "A2")]
    public void Closing_while_a_connect_is_under_way_is_told_once(RingMode mode)
    {
        using var harness = new Harness(mode);

        // Nobody answers there (RFC 5737), or the network says at once that there is no way.
        SocketAddress remote = SocketAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 853));
        int descriptor = Sockets.OpenStream(in remote, Departure.Any);
        StreamHandle stream = harness.Ring.Connect(descriptor, in remote, 1, StreamClass.Backend);
        harness.Ring.Turn(16, timeout: 0);
        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        harness.RunFor(30);
        Assert.Equal(1, harness[1].Closed);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_ring_with_live_streams_sends_and_listeners_can_be_disposed(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.Listen(1, out _);
        harness.Adopt(1, out _);
        StreamHandle sending = harness.Adopt(2, out _);
        harness.Ring.Send(sending, harness.Buffer(16 << 20), 0, 16 << 20);
        harness.RunFor(20);
    }

    private static int Receive(Socket peer, byte[] part)
    {
        try
        {
            return peer.Receive(part);
        }
        catch (SocketException)
        {
            // A socket closed with unsent bytes may reset; what came before is what counts.
            return 0;
        }
    }
}
