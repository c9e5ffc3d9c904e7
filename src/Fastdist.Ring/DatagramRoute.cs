using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Fastdist.Ring;

/// <summary>
/// Where a datagram came from and which of our addresses it came to: all that is needed for an
/// answer to leave from the address that was asked. Blittable, kept in the query's in-flight entry.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct DatagramRoute
{
    /// <summary>The client.</summary>
    public SocketAddress Peer;

    /// <summary>
    /// The local address asked (4 or 16 bytes, network order). Meaningful when <see cref="HasLocal"/>:
    /// a socket bound to one address needs no reminder.
    /// </summary>
    internal fixed byte Local[16];

    /// <summary>The local address asked, 4 or 16 bytes in network order; empty where the socket is bound to one.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> LocalBytes =>
        HasLocal ? MemoryMarshal.CreateReadOnlySpan(in Local[0], Peer.IsIPv6 ? 16 : 4) : default;

    /// <summary>The interface an IPv6 link-local question came in on, else 0: any route may carry the answer.</summary>
    internal uint Interface;

    /// <summary>The ring's datagram socket.</summary>
    public int Socket;

    /// <summary>True when the answer must name its source address (wildcard binds).</summary>
    public bool HasLocal;
}
