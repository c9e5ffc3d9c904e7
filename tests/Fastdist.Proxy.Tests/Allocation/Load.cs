using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Fastdist.Dns;
using Xunit;

namespace Fastdist.Proxy.Tests.Allocation;

/// <summary>Queries in windows: so many are sent, then as many answers are read. Every one must come, once.</summary>
internal static class Load
{
    private const int Window = 64;

    public static void OverUdp(IPEndPoint address, int queries)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = ProxyUnderTest.Patience };
        socket.Connect(address);
        var buffer = new byte[4096];
        byte[] query = Query();
        for (int first = 0; first < queries; first += Window)
        {
            int count = Math.Min(Window, queries - first);
            for (int i = 0; i < count; i++)
            {
                Header.SetId(query, (ushort)i);
                socket.Send(query);
            }

            ulong answered = 0;
            for (int i = 0; i < count; i++)
            {
                int length = socket.Receive(buffer);
                answered |= IdBit(buffer.AsSpan(0, length));
            }

            Assert.Equal(ulong.MaxValue >> (Window - count), answered);
        }
    }

    /// <summary>One query a name.</summary>
    public static void OfNames(IPEndPoint address, int names)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = ProxyUnderTest.Patience };
        socket.Connect(address);
        var buffer = new byte[4096];
        for (int i = 0; i < names; i++)
        {
            socket.Send(Query($"host{i}.example.net."));
            IdBit(buffer.AsSpan(0, socket.Receive(buffer)));
        }
    }

    /// <summary>The same over one connection.</summary>
    /// <param name="address">Whom to ask.</param>
    /// <param name="queries">How often.</param>
    /// <param name="more">Bytes that an answer is longer than its query.</param>
    public static void OverTcp(IPEndPoint address, int queries, int more = 0)
    {
        using var client = new TcpClient { NoDelay = true };
        client.Connect(address);
        client.ReceiveTimeout = ProxyUnderTest.Patience;
        NetworkStream stream = client.GetStream();
        byte[] query = Query();
        int frame = StreamFraming.PrefixSize + query.Length;
        var frames = new byte[Window * (frame + more)];
        for (int first = 0; first < queries; first += Window)
        {
            int count = Math.Min(Window, queries - first);
            for (int i = 0; i < count; i++)
            {
                Header.SetId(query, (ushort)i);
                StreamFraming.WritePrefix(frames.AsSpan(i * frame), query.Length);
                query.CopyTo(frames, (i * frame) + StreamFraming.PrefixSize);
            }

            stream.Write(frames, 0, count * frame);
            ulong answered = 0;
            for (int i = 0; i < count; i++)
            {
                stream.ReadExactly(frames, 0, frame + more);
                answered |= IdBit(frames.AsSpan(StreamFraming.PrefixSize, query.Length));
            }

            Assert.Equal(ulong.MaxValue >> (Window - count), answered);
        }
    }

    /// <summary>One query on a connection that is there.</summary>
    public static void AskOnce(TcpClient client)
    {
        client.ReceiveTimeout = ProxyUnderTest.Patience;
        AskOnce(client.GetStream());
    }

    /// <summary>The same on any stream.</summary>
    public static void AskOnce(Stream stream)
    {
        byte[] query = Query();
        var frame = new byte[StreamFraming.PrefixSize + query.Length];
        StreamFraming.WritePrefix(frame, query.Length);
        query.CopyTo(frame, StreamFraming.PrefixSize);
        stream.Write(frame);
        stream.ReadExactly(frame, 0, StreamFraming.PrefixSize);
        var answer = new byte[(frame[0] << 8) | frame[1]];
        stream.ReadExactly(answer);
        IdBit(answer);
    }

    private static byte[] Query(string text = "www.example.net.")
    {
        Span<byte> name = stackalloc byte[Names.MaxWireLength];
        Assert.True(Names.TryParse(text, name, out int nameLength));
        Span<byte> message = stackalloc byte[QueryWriter.MaxSize];
        return message[..QueryWriter.WriteWithEdns(message, 0, name[..nameLength], RecordType.A, 1232)].ToArray();
    }

    private static ulong IdBit(ReadOnlySpan<byte> answer)
    {
        if (!Header.IsResponse(answer) || Header.Rcode(answer) != Rcode.NoError)
        {
            throw new InvalidDataException($"answered {Header.Rcode(answer)}");
        }

        return 1UL << Header.Id(answer);
    }
}
