using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings;

/// <summary>Networks in the notation of RFC 4632, and addresses as numbers.</summary>
public static class Netmask
{
    /// <summary>Bits of <c>::ffff:0:0/96</c>, the network that holds all IPv4-mapped addresses (RFC 4291 section 2.5.5.2).</summary>
    private const int MappedLength = 96;

    /// <summary>Reads a network, or an address as one of its own. One of IPv4-mapped addresses is the network of IPv4.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        network = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string literal = slash < 0 ? text : text[..slash];

        // .NET also reads 192.168 as 192.0.0.168 and 010.0.0.1 as 8.0.0.1, which no operator means.
        if (!IPAddress.TryParse(literal, out IPAddress? address) || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != literal))
        {
            return false;
        }

        int bits = BitsOf(address);
        int length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            return false;
        }

        network = Of(address, length);
        return true;
    }

    /// <summary>The network that an address is in.</summary>
    /// <param name="address">An address of it.</param>
    /// <param name="length">Bits that the network's addresses share, 0 to 32 or 128.</param>
    public static IPNetwork Of(IPAddress address, int length)
    {
        // Clients with mapped addresses are looked up by the IPv4 address in them.
        (address, length) = address.IsIPv4MappedToIPv6 && length >= MappedLength ? (SocketAddress.Unmapped(address), length - MappedLength) : (address, length);
        return new IPNetwork(Truncate(address, length), length);
    }

    /// <summary>
    /// An address without the bits behind a prefix, and without interface. That is what networks are made of, as dnsdist does: an operator who
    /// writes 192.0.2.1/24 means the network.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="length">Bits that stay, 0 to 32 or 128.</param>
    public static IPAddress Truncate(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF00 >> kept);
        }

        return new IPAddress(bytes);
    }

    /// <summary>Bits of an address: 32 or 128.</summary>
    public static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>An IPv4 address as a number.</summary>
    internal static uint ReadV4(ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(bytes.Length == sizeof(uint), "an IPv4 address has 4 bytes");
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    /// <summary>An IPv6 address as a number.</summary>
    internal static UInt128 ReadV6(ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(bytes.Length == 16, "an IPv6 address has 16 bytes");
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>The network of a number.</summary>
    internal static IPNetwork Of(uint network, int length)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, network);
        return new IPNetwork(new IPAddress(bytes), length);
    }

    /// <inheritdoc cref="Of(uint, int)"/>
    internal static IPNetwork Of(UInt128 network, int length)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, network);
        return new IPNetwork(new IPAddress(bytes), length);
    }
}
