using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Fastdist.LoadComparison;

/// <summary>Ports on 127.0.0.1, and when a server there is ready.</summary>
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
        while (!Question.IsAnswered(path, port))
        {
            if (server.HasExited || patience.Elapsed > TimeSpan.FromSeconds(15))
            {
                throw new ComparisonException($"no answer over {path.Name} on port {port}; the server said:\n{server.Text}");
            }
            Thread.Sleep(50);
        }
    }
}
