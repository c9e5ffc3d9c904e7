using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace Fastdist.LoadComparison;

/// <summary>Ports on 127.0.0.1, and a question that tells when a server there is ready.</summary>
internal static class Loopback
{
    // Below the kernel's range for outgoing connections, so that none of the load's own sockets takes a port first.
    private const int LowestPort = 20_000, HighestPort = 30_000;
    private static int _next = LowestPort + Environment.ProcessId % (HighestPort - LowestPort);

    /// <summary>A port free for UDP and TCP.</summary>
    public static int FreePort()
    {
        while (true)
        {
            _next = _next + 1 < HighestPort ? _next + 1 : LowestPort;
            try
            {
                using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
                using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                udp.Bind(new IPEndPoint(IPAddress.Loopback, _next));
                tcp.Bind(new IPEndPoint(IPAddress.Loopback, _next));
                return _next;
            }
            catch (SocketException)
            {
                // Taken: the next one.
            }
        }
    }

    /// <summary>Asks until a NOERROR answer comes.</summary>
    public static void AwaitAnswer(Child server, QueryPath path, int port)
    {
        var patience = Stopwatch.StartNew();
        while (!Answers(path, port))
        {
            if (server.HasExited || patience.Elapsed > TimeSpan.FromSeconds(15))
            {
                throw new ComparisonException($"no answer over {path.Name} on port {port}; the server said:\n{server.Text}");
            }
            Thread.Sleep(50);
        }
    }

    private static bool Answers(QueryPath path, int port)
    {
        var query = Query(NameSet.First);
        var answer = new byte[2 + 1500];
        var stream = path == QueryPath.Tcp;
        try
        {
            using var socket = stream
                ? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                : new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.ReceiveTimeout = 500;
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            socket.Send(stream ? query : query.AsSpan(2));
            var header = stream ? 2 : 0;
            var got = 0;
            while (got < header + 12)
            {
                var more = socket.Receive(answer.AsSpan(got));
                if (more == 0)
                {
                    return false;
                }
                got += more;
            }
            return (answer[header + 3] & 0x0f) == 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static byte[] Query(string name)
    {
        var message = new byte[2 + 12 + name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)(message.Length - 2));
        byte[] header = [0xbe, 0xef, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0];
        header.CopyTo(message, 2);
        var at = 14;
        foreach (var label in name.Split('.'))
        {
            message[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, message.AsSpan(at));
        }
        at++;
        message[at + 1] = 1;
        message[at + 3] = 1;
        return message;
    }
}
