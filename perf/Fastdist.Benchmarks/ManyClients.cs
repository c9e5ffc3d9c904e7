using System;
using System.Buffers.Binary;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Benchmarks;

/// <summary>Clients in no order, so that each costs the misses of the cache that it does.</summary>
internal static class ManyClients
{
    // An odd number: as many different ones as are asked for, up to 2^32.
    private const uint Spread = 2_654_435_761;

    /// <summary>One of 2^32.</summary>
    public static SocketAddress Numbered(uint number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, unchecked(number * Spread));
        return SocketAddress.From(bytes, port: 53);
    }

    /// <summary>Some of the first of them, drawn at random.</summary>
    /// <param name="count">How many are drawn.</param>
    /// <param name="clients">From how many.</param>
    public static SocketAddress[] Draw(int count, int clients)
    {
        var random = new Random(1);
        var drawn = new SocketAddress[count];
        foreach (ref SocketAddress client in drawn.AsSpan())
        {
            client = Numbered((uint)random.Next(clients));
        }

        return drawn;
    }
}
