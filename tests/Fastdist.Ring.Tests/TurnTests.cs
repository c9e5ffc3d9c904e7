using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Xunit;

namespace Fastdist.Ring.Tests;

public class TurnTests
{
    [Theory, ClassData(typeof(BothRings))]
    public void A_turn_with_nothing_to_do_waits_as_told_and_does_not_spin(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.Ring.Turn(16, timeout: 0);
        var time = Stopwatch.StartNew();
        int turns = 0;
        while (time.ElapsedMilliseconds < 80)
        {
            // A signal of the runtime may end a wait early, but not again and again.
            Assert.Equal(0, harness.Ring.Turn(16, timeout: 80));
            turns++;
        }

        Assert.InRange(turns, 1, 20);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_turn_told_not_to_wait_does_not(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.Listen(1, out _);
        harness.Adopt(1, out _);
        var times = new TimeSpan[100];
        foreach (ref TimeSpan time in times.AsSpan())
        {
            long start = Stopwatch.GetTimestamp();
            harness.Ring.Turn(16, timeout: 0);
            time = Stopwatch.GetElapsedTime(start);
        }

        // Whoever else the processor works for may hold up some.
        Assert.InRange(times.Order().ElementAt(times.Length / 2).TotalMilliseconds, 0, 10);
        Assert.Equal(0, harness.Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Streams_that_send_and_that_are_paused_and_resumed_in_every_turn_keep_no_other_waiting(RingMode mode)
    {
        using var harness = new Harness(mode);
        NativeBuffer buffer = harness.Buffer(1);
        StreamHandle sending = harness.Adopt(1, out _);
        StreamHandle pausing = harness.Adopt(2, out Socket ignored);
        int descriptor = harness.Accept(out Socket peer);
        harness.Ring.Adopt(descriptor, 3, StreamClass.Client);
        harness.OnSent = (_, stream) => harness.Ring.Send(stream, buffer, 0, 1);
        harness.OnReceived = (tag, stream, data) =>
        {
            if (tag != 2)
            {
                harness[tag].Bytes.Write(data);
                return data.Length;
            }

            harness.Ring.Pause(stream);
            return 0;
        };
        ignored.Send([1]);
        harness.Ring.Send(sending, buffer, 0, 1);
        harness.Until(() => harness[1].Sent.Count > 2 && harness[2].Events > 0);

        for (int turn = 0; turn < 100 && harness[3].Bytes.Length == 0; turn++)
        {
            if (turn == 2)
            {
                peer.Send([42]);
                Harness.Await(descriptor);
            }

            harness.Ring.Resume(pausing);
            harness.Ring.Turn(16, timeout: 0);
        }

        Assert.Equal([42], harness[3].Bytes.ToArray());
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_wake_from_another_thread_ends_an_endless_wait(RingMode mode)
    {
        using var harness = new Harness(mode);
        string thread = File.ResolveLinkTarget("/proc/thread-self", returnFinalTarget: false)!.FullName;
        for (int round = 1; round <= 3; round++)
        {
            using var isWaiting = new ManualResetEventSlim();
            var waker = new Thread(() =>
            {
                isWaiting.Wait();
                SpinWait.SpinUntil(() => IsAsleep(thread), TimeSpan.FromMilliseconds(Harness.PatienceMs));
                harness.Ring.Wake();
            });
            waker.Start();
            isWaiting.Set();
            while (harness.Wakes < round)
            {
                harness.Ring.Turn(16, timeout: -1);
            }

            waker.Join();
        }

        Assert.Equal(3, harness.Wakes);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Wakes_before_a_turn_are_not_lost_and_may_count_as_one(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.Ring.Wake();
        harness.Ring.Wake();
        harness.Until(() => harness.Wakes > 0);
        harness.RunFor(30);
        Assert.InRange(harness.Wakes, 1, 2);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_turn_reports_no_more_datagrams_than_told_and_later_turns_the_rest(RingMode mode)
    {
        using var harness = new Harness(mode);
        int descriptor = Sockets.BindDatagram(new(new IPEndPoint(IPAddress.Loopback, 0)), new(1 << 20, 1 << 20), out _);
        IPEndPoint server = Sockets.GetLocal(descriptor).ToEndPoint();
        harness.Ring.AddDatagramSocket(descriptor, 0);
        using var client = new Socket(SocketType.Dgram, ProtocolType.Udp);
        for (int i = 0; i < 100; i++)
        {
            client.SendTo("x"u8, server);
        }

        RunBounded(harness, bound: 7, events: 100);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_turn_reports_no_more_stream_events_than_told(RingMode mode)
    {
        using var harness = new Harness(mode);
        for (uint tag = 1; tag <= 40; tag++)
        {
            StreamHandle stream = harness.Adopt(tag, out Socket peer);
            peer.Send("question"u8);
            harness.Ring.Send(stream, harness.Buffer(10), 0, 10);
        }

        RunBounded(harness, bound: 5, events: 80);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_turn_reports_no_more_connections_than_told(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint address = harness.Listen(1, out _);
        for (int i = 0; i < 40; i++)
        {
            harness.Own(new Socket(SocketType.Stream, ProtocolType.Tcp)).Connect(address);
        }

        RunBounded(harness, bound: 5, events: 40);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_busy_stream_leaves_the_others_their_turn(RingMode mode)
    {
        using var harness = new Harness(mode);
        var order = new List<uint>();
        harness.OnReceived = (tag, _, data) =>
        {
            order.Add(tag);
            return data.Length;
        };
        harness.Adopt(1, out Socket busy);
        int descriptor = harness.Accept(out Socket quiet);
        harness.Ring.Adopt(descriptor, 2, StreamClass.Client);
        busy.Blocking = false;
        busy.Send(new byte[1 << 20], 0, 1 << 20, SocketFlags.None, out _);
        quiet.Send("x"u8);
        Harness.Await(descriptor);
        harness.Until(() => order.Contains(2));

        // One multishot may fill many buffers before the other's completion is posted, but not without end.
        Assert.InRange(order.IndexOf(2), 0, 128);
    }

    /// <summary>Whether the kernel has put a thread to sleep, which it tells nobody by itself.</summary>
    /// <param name="thread">Its folder in /proc.</param>
    private static bool IsAsleep(string thread) => File.ReadAllText($"{thread}/stat").Split(") ")[^1][0] == 'S';

    private static void RunBounded(Harness harness, int bound, int events)
    {
        var time = Stopwatch.StartNew();
        while (harness.Events < events)
        {
            int before = harness.Events;
            int reported = harness.Ring.Turn(bound, timeout: 10);
            Assert.InRange(harness.Events - before, 0, bound);
            Assert.InRange(reported, 0, bound);
            Assert.True(time.ElapsedMilliseconds < Harness.PatienceMs);
        }

        Assert.Equal(events, harness.Events);
    }
}
