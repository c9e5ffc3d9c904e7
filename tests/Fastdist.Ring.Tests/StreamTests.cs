using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Ring.Tests;

public class StreamTests
{
    private const int ConnectionRefused = 111;
    private const int ConnectionReset = 104;
    private const int BrokenPipe = 32;

    [Theory, ClassData(typeof(BothRings))]
    public void An_accepted_connection_is_adopted_and_carries_bytes_both_ways(RingMode mode)
    {
        using var harness = new Harness(mode);
        IPEndPoint address = harness.Listen(tag: 7, out _);
        Socket peer = harness.Own(new Socket(SocketType.Stream, ProtocolType.Tcp));
        peer.Connect(address);
        harness.Until(() => harness.Connections.Count == 1);
        Assert.Equal(7, harness.Connections[0].Tag);

        StreamHandle stream = harness.Ring.Adopt(harness.Connections[0].Descriptor, 1, StreamClass.Client);
        harness.Connections.Clear();
        peer.Send("question"u8);
        harness.Until(() => harness[1].Bytes.Length == 8);
        Assert.Equal("question"u8, harness[1].Bytes.ToArray());

        NativeBuffer answer = harness.Buffer(6);
        harness.Ring.Send(stream, answer, 0, 6);
        harness.Until(() => harness[1].Sent.Count == 1);
        Assert.Equal(answer.Span.ToArray(), Read(peer, 6));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_megabyte_arrives_whole_and_in_order(RingMode mode)
    {
        using var harness = new Harness(mode);
        harness.Adopt(1, out Socket peer, StreamClass.Backend);
        byte[] data = Bytes(1 << 20);
        Task sending = Task.Run(() => peer.Send(data), TestContext.Current.CancellationToken);
        harness.Until(() => harness[1].Bytes.Length == data.Length);
        Assert.Equal(data, harness[1].Bytes.ToArray());
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Eight_megabytes_in_one_send_reach_a_slow_reader_in_order_and_are_told_once(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        peer.ReceiveBufferSize = 16 * 1024;
        NativeBuffer buffer = harness.Buffer(8 << 20);
        var read = new MemoryStream();
        harness.Ring.Send(stream, buffer, 5, buffer.Length - 5);

        // The reader takes one part a turn, which is less than the ring would send.
        harness.Until(() => Take(peer, read) == buffer.Length - 5 && harness[1].Sent.Count > 0);
        harness.RunFor(20);
        Assert.Equal([0], harness[1].Sent);
        Assert.True(buffer.Span[5..].SequenceEqual(read.ToArray()));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void Sends_one_after_another_keep_their_order(RingMode mode)
    {
        const int Pieces = 500, Size = 3000;
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        NativeBuffer buffer = harness.Buffer(Pieces * Size);
        Task<byte[]> reading = Task.Run(() => Read(peer, Pieces * Size), TestContext.Current.CancellationToken);
        int next = 1;
        harness.OnSent = (_, handle) =>
        {
            if (next < Pieces)
            {
                harness.Ring.Send(handle, buffer, next++ * Size, Size);
            }
        };
        harness.Ring.Send(stream, buffer, 0, Size);
        harness.Until(() => harness[1].Sent.Count == Pieces && reading.IsCompleted);
        Assert.True(buffer.Span.SequenceEqual(reading.Result));
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_connect_is_told_and_then_the_stream_works(RingMode mode)
    {
        using var harness = new Harness(mode);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        StreamHandle stream = Connect(harness, (IPEndPoint)server.LocalEndpoint);
        harness.Until(() => harness[1].Connected is not null);
        Assert.Equal(0, harness[1].Connected);

        Socket peer = harness.Own(server.AcceptSocket());
        NativeBuffer question = harness.Buffer(100);
        harness.Ring.Send(stream, question, 0, 100);
        harness.Until(() => harness[1].Sent.Count == 1);
        Assert.Equal(question.Span.ToArray(), Read(peer, 100));
        peer.Send("answer"u8);
        harness.Until(() => harness[1].Bytes.Length == 6);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_refused_connect_is_told_with_its_errno_and_nothing_else_until_it_is_closed(RingMode mode)
    {
        using var harness = new Harness(mode);
        int unused = Sockets.Listen(new(new IPEndPoint(IPAddress.Loopback, 0)), 1);
        IPEndPoint address = Sockets.GetLocal(unused).ToEndPoint();
        Sockets.Close(unused);

        StreamHandle stream = Connect(harness, address);
        harness.Until(() => harness[1].Connected is not null);
        Assert.Equal(ConnectionRefused, harness[1].Connected);
        harness.Ring.Pause(stream);
        harness.Ring.Resume(stream);
        harness.RunFor(50);
        Assert.Equal(1, harness[1].Events);

        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed == 1);
        Assert.Equal(2, harness[1].Events);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_connect_that_nobody_answers_ends_when_it_is_closed(RingMode mode)
    {
        using var harness = new Harness(mode);
        int listener = Sockets.Listen(new(new IPEndPoint(IPAddress.Loopback, 0)), 0);
        IPEndPoint address = Sockets.GetLocal(listener).ToEndPoint();
        FillBacklog(harness, listener, address);

        StreamHandle stream = Connect(harness, address);
        harness.RunFor(100);
        Assert.Equal(0, harness[1].Events);
        harness.Ring.Close(stream);
        harness.Until(() => harness[1].Closed > 0);
        harness.RunFor(50);
        Assert.Equal(1, harness[1].Events);
        Sockets.Close(listener);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void After_the_peers_FIN_the_other_direction_still_works(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        peer.Send("last words"u8);
        peer.Shutdown(SocketShutdown.Send);
        harness.Until(() => harness[1].Ends.Count == 1);
        Assert.Equal([0], harness[1].Ends);
        Assert.Equal(10, harness[1].Bytes.Length);

        NativeBuffer answer = harness.Buffer(4000);
        harness.Ring.Send(stream, answer, 0, 4000);
        harness.Until(() => harness[1].Sent.Count == 1);
        Assert.Equal(answer.Span.ToArray(), Read(peer, 4000));
        harness.RunFor(30);
        Assert.Equal([0], harness[1].Ends);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void After_our_FIN_receiving_goes_on(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.Ring.ShutdownSend(stream);
        harness.Ring.Turn(16, timeout: 0);
        Assert.Equal(0, peer.Receive(new byte[1]));
        peer.Send("still here"u8);
        harness.Until(() => harness[1].Bytes.Length == 10);
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_reset_ends_receiving_with_its_errno_and_fails_the_next_send(RingMode mode)
    {
        using var harness = new Harness(mode);
        StreamHandle stream = harness.Adopt(1, out Socket peer);
        harness.RunFor(20);
        peer.LingerState = new LingerOption(true, 0);
        peer.Close();
        harness.Until(() => harness[1].Ends.Count == 1);
        Assert.Equal([ConnectionReset], harness[1].Ends);

        harness.Ring.Send(stream, harness.Buffer(10), 0, 10);
        harness.Until(() => harness[1].Sent.Count == 1);
        Assert.Contains(harness[1].Sent[0], new[] { BrokenPipe, ConnectionReset });
    }

    [Theory, ClassData(typeof(BothRings))]
    public void A_full_table_refuses_a_stream_and_closes_its_descriptor(RingMode mode)
    {
        using var harness = new Harness(mode, new RingOptions { MaxStreams = 2, ClientBuffers = 16, BackendBuffers = 16 });
        StreamHandle first = harness.Adopt(1, out _);
        harness.Adopt(2, out _);
        Assert.False(harness.Adopt(3, out Socket refused).IsValid);
        Assert.Equal(0, refused.Receive(new byte[1]));
        Assert.Equal(1, harness.Ring.Counters.StreamsRefused);

        harness.Ring.Close(first);
        harness.Until(() => harness[1].Closed == 1);
        Assert.True(harness.Adopt(3, out _).IsValid);
    }

    private static StreamHandle Connect(Harness harness, IPEndPoint address)
    {
        SocketAddress remote = SocketAddress.From(address);
        int descriptor = Sockets.OpenStream(in remote, Departure.Any);
        return harness.Ring.Connect(descriptor, in remote, 1, StreamClass.Backend);
    }

    // A full accept queue, for which one is enough here, drops handshakes without a word, as a black hole does.
    private static void FillBacklog(Harness harness, int listener, IPEndPoint address)
    {
        harness.Own(new Socket(SocketType.Stream, ProtocolType.Tcp)).Connect(address);
        using var queue = new Socket(new SafeSocketHandle(listener, ownsHandle: false));
        Assert.True(queue.Poll(TimeSpan.FromMilliseconds(Harness.PatienceMs), SelectMode.SelectRead));
    }

    private static byte[] Read(Socket peer, int length)
    {
        var data = new byte[length];
        for (int count = 0; count < length;)
        {
            int received = peer.Receive(data, count, length - count, SocketFlags.None);
            Assert.NotEqual(0, received);
            count += received;
        }

        return data;
    }

    private static long Take(Socket peer, MemoryStream read)
    {
        var part = new byte[16 * 1024];
        read.Write(part.AsSpan(0, peer.Available > 0 ? peer.Receive(part) : 0));
        return read.Length;
    }

    private static byte[] Bytes(int length)
    {
        var data = new byte[length];
        new Random(1).NextBytes(data);
        return data;
    }
}
