using System;
using System.Net;
using Fastdist.Rules.Addresses;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Blocks;

/// <summary>Clients that are blocked together: a network, or an IPv4 address with a range of ports.</summary>
public readonly record struct BlockedRange : IComparable<BlockedRange>
{
    private BlockedRange(AddressKey key, int bits, int portBits) => (Key, Bits, PortBits) = (key, bits, portBits);

    /// <summary>The network's first address.</summary>
    public AddressKey Key { get; }

    /// <summary>Bits of the address that its clients share.</summary>
    public int Bits { get; }

    /// <summary>Bits of the port that they share.</summary>
    public int PortBits { get; }

    /// <summary>The network, without ports.</summary>
    public IPNetwork Network => new(Key.ToIPAddress(), Bits);

    /// <summary>Of what is counted as one client.</summary>
    public static BlockedRange Of(AddressKey key, AddressMasks masks) =>
        key.IsIPv4 ? new(key, masks.V4Bits, masks.PortBits) : new(key, masks.V6Bits, 0);

    /// <summary>The one that an address is in.</summary>
    public static BlockedRange Of(in SocketAddress client, AddressMasks masks) => Of(masks.KeyOf(client), masks);

    /// <summary>Those that share more come first.</summary>
    public int CompareTo(BlockedRange other) => (other.Bits, other.PortBits).CompareTo((Bits, PortBits));

    /// <summary>As <c>192.0.2.0/24</c>, or <c>192.0.2.1:4096/4</c> with ports.</summary>
    public override string ToString() => PortBits == 0 ? $"{Key.ToIPAddress()}/{Bits}" : $"{Key.ToAddress()}/{PortBits}";
}
