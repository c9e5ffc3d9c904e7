using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Fastdist.Ring;

namespace Fastdist.Settings;

/// <summary>An address and a port as a configuration computes with them: an IPv4-mapped address stays one until it is asked for what it stands for.</summary>
/// <param name="Address">The address.</param>
/// <param name="Port">The port, 0 for none.</param>
public sealed record AddressAndPort(IPAddress Address, int Port)
{
    /// <summary>Whether it is of IPv4.</summary>
    public bool IsIPv4 => Address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>With the port behind it: <c>192.0.2.1:53</c>, <c>[2001:db8::1]:53</c>.</summary>
    public string WithPort => NetworkInterfaces.Describe(new IPEndPoint(Address, Port));

    /// <summary>Without the interface that a link-local address is on.</summary>
    public string WithoutInterface => new IPAddress(Address.GetAddressBytes()).ToString();

    /// <summary>What stands in front of <c>in-addr.arpa</c> or <c>ip6.arpa</c> (RFC 1035 section 3.5, RFC 3596 section 2.5): the numbers backwards.</summary>
    public string Reversed => string.Join('.', IsIPv4
        ? Address.GetAddressBytes().Reverse().Select(static value => value.ToString(CultureInfo.InvariantCulture))
        : Address.GetAddressBytes().Reverse().Select(static value => $"{value & 0xF:x}.{value >> 4:x}"));

    /// <summary>Makes one of 4 or 16 bytes; what is no address is 0.0.0.0, as in dnsdist.</summary>
    public static AddressAndPort OfBytes(ReadOnlySpan<byte> bytes, int port) =>
        bytes.Length is 4 or 16 ? new(new IPAddress(bytes), port) : new(IPAddress.Any, 0);

    /// <summary>Without the bits behind the first few.</summary>
    /// <param name="bits">Bits that stay; as many as there are, when it is more.</param>
    public AddressAndPort Truncate(int bits) => bits < Netmask.BitsOf(Address) ? this with { Address = Netmask.Truncate(Address, bits) } : this;

    /// <summary>Without its port.</summary>
    public override string ToString() => NetworkInterfaces.ScopeOf(Address) is { Length: > 0 } name ? $"{WithoutInterface}%{name}" : WithoutInterface;
}
