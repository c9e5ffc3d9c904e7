using System;
using System.Buffers.Binary;
using System.Net;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Addresses;

/// <summary>
/// A client's address, or the network that it is counted under, as two numbers that tables compare and hash at once. Families never meet: IPv4 stands where IPv6 has
/// multicast addresses, which are nobody's source (RFC 4291 section 2.7); should one be claimed all the same, all of them are one client. So all that is known of an
/// IPv4 address without port, and of the first 64 bits of an IPv6 address, is in <see cref="High"/> alone.
/// </summary>
/// <param name="High">The first 64 bits of IPv6, or a mark and the 32 bits of IPv4. Never all ones, nor all ones but the last: tables use these for slots that are
/// nobody's.</param>
/// <param name="Low">The last 64 bits of IPv6, or the port bits that an IPv4 client is told apart by.</param>
public readonly record struct AddressKey(ulong High, ulong Low)
{
    private const ulong IPv4 = 0xFF04_0000_0000_0000;
    private const ulong Multicast = 0xFF02_0000_0000_0000;
    private const int MarkShift = 48;

    /// <summary>Whether it is one of IPv4.</summary>
    public bool IsIPv4 => High >> MarkShift == IPv4 >> MarkShift;

    /// <summary>Of IPv4.</summary>
    /// <param name="address">The address as a number, its first byte the highest.</param>
    /// <param name="port">Bits of the port that it is told apart by.</param>
    public static AddressKey OfIPv4(uint address, ushort port) => new(IPv4 | address, port);

    /// <summary>Of IPv6.</summary>
    public static AddressKey OfIPv6(ulong high, ulong low) => high >> 56 == 0xFF ? new(Multicast, 0) : new(high, low);

    /// <summary>The address, or the first one of the network, with the port bits.</summary>
    public SocketAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)High);
            return SocketAddress.From(bytes[..4], (ushort)Low);
        }

        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
        return SocketAddress.From(bytes, port: 0);
    }

    /// <summary>In .NET's form; allocates.</summary>
    public IPAddress ToIPAddress() => ToAddress().ToEndPoint().Address;
}
