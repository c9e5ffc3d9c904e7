using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;
using Xunit;

namespace Fastdist.Ring.Tests;

public partial class ListenerTests
{
    private const int LimitDescriptors = 7;

    [Theory, ClassData(typeof(BothRings))]
    public void Each_listener_reports_its_own_tag(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint first = harness.Listen(10, out _);
        IPEndPoint second = harness.Listen(20, out _);
        Connect(harness, second);
        harness.Until(() => harness.Connections.Count == 1);
        Connect(harness, first);
        harness.Until(() => harness.Connections.Count == 2);
        Assert.Equal([20, 10], harness.Connections.Select(connection => connection.Tag));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_closed_listener_first_hands_over_what_its_queue_holds(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint address = harness.Listen(5, out int listener);
        harness.Ring.Turn(16, timeout: 0);
        for (int i = 0; i < 40; i++)
        {
            Connect(harness, address);
        }

        harness.Ring.CloseListener(listener);
        harness.OnAccepted = (_, _) => Assert.Empty(harness.ClosedListeners);
        harness.Until(() => harness.ClosedListeners.Count > 0);
        harness.RunFor(30);
        Assert.Equal([5], harness.ClosedListeners);
        Assert.Equal(40, harness.Connections.Count);
        Assert.Throws<SocketException>(() => Connect(harness, address));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_listener_closed_before_its_first_turn_is_told_closed(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.Listen(5, out int listener);
        harness.Ring.CloseListener(listener);
        harness.Ring.CloseListener(listener);
        harness.Until(() => harness.ClosedListeners.Count > 0);
        harness.RunFor(30);
        Assert.Equal([5], harness.ClosedListeners);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Out_of_descriptors_a_listener_waits_instead_of_spinning_and_then_recovers(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint address = harness.Listen(1, out _);
        for (int i = 0; i < 3; i++)
        {
            Connect(harness, address);
        }

        // io_uring takes the limit when the accept is submitted, so it is lowered before the first turn.
        var spare = new List<int>();
        long errors;
        long enters;
        int turns = 0;
        GetLimit(LimitDescriptors, out Limit original);
        _ = harness.Ring.Counters.AcceptErrors + Stopwatch.GetTimestamp();
        try
        {
            TakeAllDescriptors(spare, original);
            var time = Stopwatch.StartNew();
            while (time.ElapsedMilliseconds < 350)
            {
                harness.Ring.Turn(256, timeout: 1000);
                turns++;
            }
        }
        finally
        {
            SetLimit(LimitDescriptors, in original);
            spare.ForEach(Sockets.Close);
            errors = harness.Ring.Counters.AcceptErrors;
            enters = harness.Ring.Counters.Enters;
        }

        Assert.Empty(harness.Connections);
        Assert.InRange(errors, 1, 8);
        Assert.InRange(turns, 1, 40);
        Assert.InRange(enters, 1, 80);
        harness.Until(() => harness.Connections.Count == 3);
    }

    private static void Connect(Harness harness, IPEndPoint address) =>
        harness.Own(new Socket(SocketType.Stream, ProtocolType.Tcp)).Connect(address);

    private static void TakeAllDescriptors(List<int> spare, Limit original)
    {
        int highest = Directory.GetFiles("/proc/self/fd").Max(path => int.Parse(Path.GetFileName(path)));
        var lowered = new Limit { Soft = (ulong)highest + 1, Hard = original.Hard };
        spare.Capacity = highest + 1;
        SetLimit(LimitDescriptors, in lowered);
        for (int descriptor; (descriptor = Libc.EventDescriptor(0, Libc.EFD_CLOEXEC)) >= 0;)
        {
            spare.Add(descriptor);
        }
    }

    private static void GetLimit(int resource, out Limit limit) => Assert.Equal(0, GetResourceLimit(resource, out limit));

    private static void SetLimit(int resource, in Limit limit) => SetResourceLimit(resource, in limit);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetResourceLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetResourceLimit(int resource, in Limit limit);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_closed_listener_leaves_its_number_to_another(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.Listen(tag: 1, out int first);
        harness.RunFor(5);
        harness.Ring.CloseListener(first);
        harness.Until(() => harness.ClosedListeners.Count == 1);
        IPEndPoint address = harness.Listen(tag: 2, out int second);
        Assert.Equal(first, second);
        harness.Own(new Socket(SocketType.Stream, ProtocolType.Tcp)).Connect(address);
        harness.Until(() => harness.Connections.Count == 1);
        Assert.Equal(2, harness.Connections[0].Tag);
    }
}
