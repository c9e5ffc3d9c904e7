using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// Port numbers that nothing uses. They lie below the range from which the kernel serves outgoing connections, so
/// that none is taken between the look and the use, and none is handed out twice by one test program.
/// </summary>
internal static class Ports
{
    private static readonly ConcurrentDictionary<int, bool> Taken = new();

    public static IPEndPoint Free(IPAddress address) => Free(address, 10_000, 32_000);

    public static IPEndPoint FreeLoopback() => Free(IPAddress.Loopback);

    /// <summary>A port that only root may bind.</summary>
    public static IPEndPoint FreePrivileged() => Free(IPAddress.Loopback, 512, 1_024);

    private static IPEndPoint Free(IPAddress address, int from, int to)
    {
        for (int attempt = 0; attempt < 1_000; attempt++)
        {
            var candidate = new IPEndPoint(address, Random.Shared.Next(from, to));
            if (IsFree(candidate, SocketType.Stream, ProtocolType.Tcp)
                && IsFree(candidate, SocketType.Dgram, ProtocolType.Udp)
                && Taken.TryAdd(candidate.Port, true))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException($"no free port on {address}");
    }

    private static bool IsFree(IPEndPoint candidate, SocketType type, ProtocolType protocol)
    {
        using var socket = new Socket(candidate.AddressFamily, type, protocol);
        try
        {
            socket.Bind(candidate);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
