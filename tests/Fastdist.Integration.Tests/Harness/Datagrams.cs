using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>UDP sockets of the tests' own servers, which lose nothing themselves.</summary>
internal static class Datagrams
{
    /// <summary>SO_RCVBUFFORCE, past the limit for all (socket(7)).</summary>
    private const int SolSocket = 1, ReceiveBufferForce = 33;
    private const int ReceiveBuffer = 16 << 20;

    public static Socket Bind(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(SolSocket, ReceiveBufferForce, BitConverter.GetBytes(ReceiveBuffer));
        socket.Bind(address);
        return socket;
    }

    /// <summary>Each packet and whom it came from, until the end of the test.</summary>
    public static async IAsyncEnumerable<(byte[] Packet, SocketAddress Sender)> ReceiveAsync(
        Socket socket, [EnumeratorCancellation] CancellationToken stopping)
    {
        byte[] buffer = new byte[65_536];
        while (!stopping.IsCancellationRequested)
        {
            var sender = new SocketAddress(socket.AddressFamily);
            if (await ReceiveAsync(socket, buffer, sender, stopping) is { } length)
            {
                yield return (buffer[..length], sender);
            }
        }
    }

    /// <summary>A packet that cannot be sent is one that is lost.</summary>
    public static void Try(Action send)
    {
        try
        {
            send();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The port is gone, or the test is over.
        }
    }

    private static async ValueTask<int?> ReceiveAsync(Socket socket, byte[] buffer, SocketAddress sender, CancellationToken stopping)
    {
        try
        {
            return await socket.ReceiveFromAsync(buffer, SocketFlags.None, sender, stopping);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // A port that is gone says so to whoever sends there; the others are the end of the test.
            return null;
        }
    }
}
