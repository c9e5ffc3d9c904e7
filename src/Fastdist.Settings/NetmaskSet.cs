using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Numerics;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings;

/// <summary>
/// A set of IPv4 and IPv6 networks (RFC 4632 notation). Immutable, so every shard reads the same one.
/// </summary>
public sealed class NetmaskSet
{
    /// <summary>Bits of <c>::ffff:0:0/96</c>, the network that holds all IPv4-mapped addresses (RFC 4291 section 2.5.5.2).</summary>
    private const int MappedLength = 96;

    private readonly (uint Network, uint Mask)[] _v4;
    private readonly (UInt128 Network, UInt128 Mask)[] _v6;

    private NetmaskSet((uint Network, uint Mask)[] v4, (UInt128 Network, UInt128 Mask)[] v6) => (_v4, _v6) = (v4, v6);

    private NetmaskSet(IEnumerable<IPNetwork> networks)
    {
        IPNetwork[] all = [.. networks];
        _v4 = [.. all.Where(n => n.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
            .Select(n => (ReadV4(n.BaseAddress.GetAddressBytes()), n.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - n.PrefixLength)))];
        _v6 = [.. all.Where(n => n.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6)
            .Select(n => (ReadV6(n.BaseAddress.GetAddressBytes()), n.PrefixLength == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - n.PrefixLength)))];
    }

    /// <summary>dnsdist's default: loopback, private, shared and link-local networks.</summary>
    public static NetmaskSet Default { get; } = Of(
        "127.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.168.0.0/16", "172.16.0.0/12", "::1/128", "fc00::/7", "fe80::/10");

    /// <summary>Makes a set of networks that are known to be such.</summary>
    public static NetmaskSet Of(params string[] networks) =>
        TryParse(networks, out NetmaskSet set, out string offending) ? set : throw new FormatException($"{offending} is no network");

    /// <summary>Makes a set of networks written as <c>192.0.2.0/24</c>, or of single addresses.</summary>
    /// <returns>False, with the offending text, when one cannot be read.</returns>
    public static bool TryParse(IEnumerable<string> texts, out NetmaskSet set, out string offending)
    {
        var networks = new List<IPNetwork>();
        foreach (string text in texts)
        {
            if (!TryParseNetwork(text, out IPNetwork network))
            {
                (set, offending) = (Default, text);
                return false;
            }

            networks.Add(network);
        }

        (set, offending) = (new NetmaskSet(networks), "");
        return true;
    }

    /// <summary>The networks, each once, those of IPv4 first, in ascending order.</summary>
    public IReadOnlyList<IPNetwork> Networks =>
    [
        .. _v4.Distinct().Order().Select(n => new IPNetwork(AddressOf(n.Network), BitOperations.PopCount(n.Mask))),
        .. _v6.Distinct().Order().Select(n => new IPNetwork(AddressOf(n.Network), (int)UInt128.PopCount(n.Mask))),
    ];

    /// <summary>The networks of both sets.</summary>
    public NetmaskSet Union(NetmaskSet other) => new([.. _v4.Union(other._v4)], [.. _v6.Union(other._v6)]);

    /// <summary>True when the address lies in one of the networks.</summary>
    public bool Contains(in SocketAddress address)
    {
        if (!address.IsIPv6)
        {
            return ContainsV4(ReadV4(address.AddressBytes));
        }

        UInt128 value = ReadV6(address.AddressBytes);
        foreach ((UInt128 network, UInt128 mask) in _v6)
        {
            if ((value & mask) == network)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryParseNetwork(string text, out IPNetwork network)
    {
        network = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string literal = slash < 0 ? text : text[..slash];

        // .NET also reads 192.168 as 192.0.0.168 and 010.0.0.1 as 8.0.0.1, which no operator means.
        if (!IPAddress.TryParse(literal, out IPAddress? address) || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != literal))
        {
            return false;
        }

        int bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        int length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            return false;
        }

        // Clients with mapped addresses are looked up by the IPv4 address in them.
        (address, length) = address.IsIPv4MappedToIPv6 && length >= MappedLength ? (SocketAddress.Unmapped(address), length - MappedLength) : (address, length);
        network = new IPNetwork(Mask(address, length), length);
        return true;
    }

    // Host bits are cleared, as dnsdist does: an operator who writes 192.0.2.1/24 means the network.
    private static IPAddress Mask(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xFF00 >> kept);
        }

        return new IPAddress(bytes);
    }

    private static IPAddress AddressOf(uint network)
    {
        byte[] bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, network);
        return new IPAddress(bytes);
    }

    private static IPAddress AddressOf(UInt128 network)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, network);
        return new IPAddress(bytes);
    }

    private static uint ReadV4(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static UInt128 ReadV6(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128BigEndian(bytes);

    private bool ContainsV4(uint value)
    {
        foreach ((uint network, uint mask) in _v4)
        {
            if ((value & mask) == network)
            {
                return true;
            }
        }

        return false;
    }
}
