using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings;

/// <summary>
/// A set of IPv4 and IPv6 networks (RFC 4632 notation). Immutable, so every shard reads the same one.
/// </summary>
public sealed class NetmaskSet
{
    private readonly (uint Network, int Length)[] _v4;
    private readonly (UInt128 Network, int Length)[] _v6;
    private readonly NetmaskRanges _ranges;

    private NetmaskSet((uint Network, int Length)[] v4, (UInt128 Network, int Length)[] v6)
    {
        (_v4, _v6) = (v4, v6);
        _ranges = new NetmaskRanges(
            new AddressRanges<uint>(v4.Select(static network => (network.Network, network.Length, true))),
            new AddressRanges<UInt128>(v6.Select(static network => (network.Network, network.Length, true))));
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
            if (!Netmask.TryParse(text, out IPNetwork network))
            {
                (set, offending) = (Default, text);
                return false;
            }

            networks.Add(network);
        }

        (set, offending) = (Of(networks), "");
        return true;
    }

    /// <summary>The networks that somebody wrote, or as text these ones where nobody wrote any.</summary>
    /// <param name="written">What was written.</param>
    public IEnumerable<string> Unless(IReadOnlyList<string> written) => written.Count > 0 ? written : Networks.Select(static network => $"{network}");

    /// <summary>The networks, each once, those of IPv4 first, in ascending order.</summary>
    public IReadOnlyList<IPNetwork> Networks =>
    [
        .. _v4.Distinct().Order().Select(static network => Netmask.Of(network.Network, network.Length)),
        .. _v6.Distinct().Order().Select(static network => Netmask.Of(network.Network, network.Length)),
    ];

    /// <summary>Whether both hold the same networks, however often and in whatever order.</summary>
    public override bool Equals(object? obj) => obj is NetmaskSet other && Networks.SequenceEqual(other.Networks);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_v4.Distinct().Count(), _v6.Distinct().Count());

    /// <summary>The networks of both sets.</summary>
    public NetmaskSet Union(NetmaskSet other) => new([.. _v4.Union(other._v4)], [.. _v6.Union(other._v6)]);

    /// <summary>True when the address lies in one of the networks.</summary>
    public bool Contains(in SocketAddress address) => _ranges.Contains(in address);

    private static NetmaskSet Of(IEnumerable<IPNetwork> networks)
    {
        ILookup<bool, IPNetwork> byFamily = networks.ToLookup(static network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork);
        return new(
            [.. byFamily[true].Select(static network => (Netmask.ReadV4(network.BaseAddress.GetAddressBytes()), network.PrefixLength))],
            [.. byFamily[false].Select(static network => (Netmask.ReadV6(network.BaseAddress.GetAddressBytes()), network.PrefixLength))]);
    }
}
