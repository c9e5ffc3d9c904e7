using System;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Tasks;
using CsCheck;
using Xunit;

namespace Fastdist.Ring.Tests;

public class PauseTests
{
    [Theory, ClassData(typeof(BothRings))]
    public void A_paused_stream_delivers_nothing_and_a_resumed_one_everything_in_order(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.Ring.Pause(stream);
        byte[] data = Bytes(300_000);
        Task sending = Task.Run(() => peer.Send(data), TestContext.Current.CancellationToken);
        harness.RunFor(100);
        Assert.Equal(0, harness[1].Events);

        harness.Ring.Resume(stream);
        harness.Until(() => harness[1].Bytes.Length == data.Length);
        Assert.Equal(data, harness[1].Bytes.ToArray());
    }

    [Theory, ClassData(typeof(BothRings))]
    public void What_a_pause_keeps_is_bounded_however_much_the_peer_sends(RingMode mode)
    {
        // With the socket buffers fixed, what the peer gets rid of beyond them lies in the ring.
        const int SocketBuffers = 4 * 64 * 1024, Bound = 512 * 1024;
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer, receiveBuffer: 64 * 1024);
        peer.SendBufferSize = 64 * 1024;
        peer.Blocking = false;
        harness.RunFor(10);
        harness.Ring.Pause(stream);

        var data = new byte[16 * 1024];
        long sent = 0;
        for (int turn = 0; turn < 500; turn++)
        {
            sent += Math.Max(peer.Send(data, 0, data.Length, SocketFlags.None, out _), 0);
            harness.Ring.Turn(256, timeout: 1);
        }

        Assert.InRange(sent, 1, SocketBuffers + Bound);
        Assert.Equal(0, harness[1].Events);
        harness.Ring.Resume(stream);
        harness.Until(() => harness[1].Bytes.Length == sent);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void One_paused_stream_does_not_stop_the_others(RingMode mode)
    {
        using var harness = new Harness(mode, new RingOptions { ClientBuffers = 8, BackendBuffers = 8 });
        StreamHandle paused = harness.Adopt(1, out Socket quiet);
        harness.Adopt(2, out Socket other);
        harness.RunFor(10);
        harness.Ring.Pause(paused);
        quiet.Blocking = false;
        var data = new byte[64 * 1024];
        for (int round = 1; round <= 50; round++)
        {
            quiet.Send(data, 0, data.Length, SocketFlags.None, out _);
            other.Send(new byte[100]);
            harness.Until(() => harness[2].Bytes.Length == round * 100);
        }

        Assert.Equal(0, harness[1].Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Bytes_not_taken_come_again_after_the_resume_before_newer_ones(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.OnReceived = (tag, stream, data) =>
        {
            harness.Ring.Pause(stream);
            harness[tag].Bytes.Write(data[..3]);
            return 3;
        };
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        peer.Send("one two"u8);
        harness.Until(() => harness[1].Bytes.Length == 3);
        peer.Send(" three"u8);
        harness.RunFor(30);
        Assert.Equal(3, harness[1].Bytes.Length);

        harness.OnReceived = null;
        harness.Ring.Resume(stream);
        harness.Until(() => harness[1].Bytes.Length == 13);
        Assert.Equal("one two three"u8, harness[1].Bytes.ToArray());
    }

    [Theory, ClassData(typeof(BothRings))]
    public void The_peers_end_waits_behind_the_bytes_kept_before_it(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.Ring.Pause(stream);
        peer.Send(Bytes(10_000));
        peer.Shutdown(SocketShutdown.Send);
        harness.RunFor(50);
        Assert.Equal(0, harness[1].Events);

        harness.OnReceived = (tag, _, data) =>
        {
            Assert.Empty(harness[tag].Ends);
            harness[tag].Bytes.Write(data);
            return data.Length;
        };
        harness.Ring.Resume(stream);
        harness.Until(() => harness[1].Ends.Count == 1);
        Assert.Equal(10_000, harness[1].Bytes.Length);
        Assert.Equal([0], harness[1].Ends);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Pausing_anywhere_and_taking_any_part_loses_and_reorders_nothing(RingMode mode) =>
        Gen.Int.Sample(seed => PauseAtRandom(mode, new Random(seed)), iter: 30, threads: 1);

    [Theory, ClassData(typeof(BothRings))]
    public void Resuming_in_the_turn_of_the_pause_costs_nothing(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.OnReceived = (tag, stream, data) =>
        {
            harness.Ring.Pause(stream);
            harness.Ring.Resume(stream);
            harness[tag].Bytes.Write(data);
            return data.Length;
        };
        harness.Adopt(1, out Socket peer);
        byte[] bytes = Bytes(200_000);
        Task sending = Task.Run(() => peer.Send(bytes), TestContext.Current.CancellationToken);
        harness.Until(() => harness[1].Bytes.Length == bytes.Length);
        Assert.Equal(bytes, harness[1].Bytes.ToArray());
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Delivering_kept_bytes_ends_the_turn_without_a_wait(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.Ring.Pause(stream);
        peer.Send("question"u8);
        harness.RunFor(50);
        harness.Ring.Resume(stream);
        var time = Stopwatch.StartNew();
        while (harness[1].Bytes.Length == 0)
        {
            harness.Ring.Turn(256, timeout: Harness.PatienceMs);
        }

        Assert.InRange(time.ElapsedMilliseconds, 0, Harness.PatienceMs / 2);
    }

    private static void PauseAtRandom(RingMode mode, Random random)
    {
        using var harness = new Harness(mode);
        bool paused = false;
        harness.OnReceived = (tag, stream, data) =>
        {
            Assert.False(paused);
            int taken = data.Length;
            if (random.Next(2) == 0)
            {
                harness.Ring.Pause(stream);
                paused = true;
                taken = random.Next(data.Length + 1);
            }

            harness[tag].Bytes.Write(data[..taken]);
            return taken;
        };
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        byte[] bytes = Bytes(100_000);
        Task sending = Task.Run(() =>
        {
            peer.Send(bytes);
            peer.Shutdown(SocketShutdown.Send);
        });
        harness.Until(() =>
        {
            if (paused && random.Next(3) > 0)
            {
                paused = false;
                harness.Ring.Resume(stream);
            }

            return harness[1].Ends.Count == 1;
        });
        Assert.Equal(bytes, harness[1].Bytes.ToArray());
    }

    private static byte[] Bytes(int length)
    {
        var data = new byte[length];
        new Random(1).NextBytes(data);
        return data;
    }
}
