using System.Buffers.Binary;
using System.Net;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests;

/// <summary>Addresses of clients.</summary>
internal static class Clients
{
    /// <summary>Reads an address.</summary>
    public static SocketAddress Of(string address, int port = 53) => SocketAddress.From(new IPEndPoint(IPAddress.Parse(address), port));

    /// <summary>One of 2^32 addresses.</summary>
    public static SocketAddress Numbered(uint number, ushort port = 53)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return SocketAddress.From(bytes, port);
    }
}
