using System;
using System.Numerics;

namespace Fastdist.Ring;

/// <summary>Sizes of a ring, fixed when it is made.</summary>
public sealed record RingOptions
{
    /// <summary>Bytes of datagram receive buffers beyond which there are fewer of them.</summary>
    private const int DatagramMemory = 16 << 20;

    /// <summary>Sizes for datagrams of so many bytes both ways: what is stated as the UDP payload size has to be received whole.</summary>
    public static RingOptions For(int maxDatagram)
    {
        var usual = new RingOptions();
        int received = Math.Max(usual.MaxReceivedDatagram, maxDatagram);
        return usual with
        {
            MaxDatagram = maxDatagram,
            MaxReceivedDatagram = received,
            DatagramBuffers = Math.Min(usual.DatagramBuffers, (int)BitOperations.RoundUpToPowerOf2((uint)(DatagramMemory / received) + 1) / 2),
        };
    }

    /// <summary>Largest datagram sent to the peer of a connected socket, bytes: what an Ethernet frame takes over IPv4.</summary>
    public const int MaxToPeer = 1472;

    /// <summary>Largest datagram sent to whoever asked, bytes.</summary>
    public int MaxDatagram { get; init; } = 1232;

    /// <summary>Largest datagram received whole, bytes; a longer one is reported as truncated.</summary>
    public int MaxReceivedDatagram { get; init; } = 1920;

    /// <summary>
    /// Datagram receive buffers. A multishot receive can fill hundreds before the shard sees the
    /// first; when all are full the kernel's socket buffer holds the rest. A power of two.
    /// </summary>
    public int DatagramBuffers { get; init; } = 2048;

    /// <summary>Datagrams queued between two system calls.</summary>
    public int DatagramSends { get; init; } = 1024;

    /// <summary>Receive buffers for the peers of connected datagram sockets, <see cref="PeerBufferSize"/> bytes each. A power of two.</summary>
    public int PeerBuffers { get; init; } = 512;

    /// <summary>
    /// Bytes; a longer datagram is reported as truncated. More than the 4096 that servers keep to which look no further than
    /// RFC 6891 section 6.2.5, by one cache line, so that the buffers' beginnings do not share one set of the cache.
    /// </summary>
    public int PeerBufferSize { get; init; } = 4096 + 64;

    /// <summary>Receive buffers for client streams, <see cref="ClientBufferSize"/> bytes each. A power of two.</summary>
    public int ClientBuffers { get; init; } = 1024;

    /// <summary>Bytes; a client sends a few queries at a time.</summary>
    public int ClientBufferSize { get; init; } = 2048;

    /// <summary>Receive buffers for backend streams, <see cref="BackendBufferSize"/> bytes each. A power of two.</summary>
    public int BackendBuffers { get; init; } = 128;

    /// <summary>Bytes; a busy backend fills a TLS record's worth in every read.</summary>
    public int BackendBufferSize { get; init; } = 16384;

    /// <summary>Most streams open at once.</summary>
    public int MaxStreams { get; init; } = 1 << 20;
}
