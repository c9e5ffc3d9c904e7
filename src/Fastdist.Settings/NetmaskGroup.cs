using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings;

/// <summary>
/// Networks some of which are excluded: of those that an address is in, the longest decides. One thread writes and asks; others are given
/// what <see cref="ToRanges"/> makes of it.
/// </summary>
public sealed class NetmaskGroup
{
    private readonly PrefixTable<uint> _v4 = new();
    private readonly PrefixTable<UInt128> _v6 = new();

    /// <summary>Networks in it, those excluded too.</summary>
    public int Count => _v4.Count + _v6.Count;

    /// <summary>Its networks and whether each is let in, those of IPv4 first, in dnsdist's order.</summary>
    public IEnumerable<(IPNetwork Network, bool IsIn)> Networks =>
    [
        .. _v4.InOrder.Select(static prefix => (Netmask.Of(prefix.Network, prefix.Length), prefix.IsIn)),
        .. _v6.InOrder.Select(static prefix => (Netmask.Of(prefix.Network, prefix.Length), prefix.IsIn)),
    ];

    /// <summary>Adds a network, or says anew whether it is excluded.</summary>
    public void Add(IPNetwork network, bool isIn)
    {
        byte[] bytes = network.BaseAddress.GetAddressBytes();
        if (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
        {
            _v4.Add(Netmask.ReadV4(bytes), network.PrefixLength, isIn);
        }
        else
        {
            _v6.Add(Netmask.ReadV6(bytes), network.PrefixLength, isIn);
        }
    }

    /// <summary>Adds a network written as <c>192.0.2.0/24</c>, or <c>!192.0.2.0/24</c> to exclude it.</summary>
    /// <returns>False when it is none.</returns>
    public bool TryAdd(string text)
    {
        bool isOut = text.StartsWith('!');
        if (!Netmask.TryParse(isOut ? text[1..] : text, out IPNetwork network))
        {
            return false;
        }

        Add(network, !isOut);
        return true;
    }

    /// <summary>Takes all networks out.</summary>
    public void Clear()
    {
        _v4.Clear();
        _v6.Clear();
    }

    /// <summary>Whether an address is in one of the networks, and the longest such one is not excluded.</summary>
    public bool Contains(in SocketAddress address) =>
        address.IsIPv6 ? _v6.Contains(Netmask.ReadV6(address.AddressBytes)) : _v4.Contains(Netmask.ReadV4(address.AddressBytes));

    /// <summary>The same addresses, for threads that only read.</summary>
    public NetmaskRanges ToRanges() => new(_v4.ToRanges(), _v6.ToRanges());

    /// <summary>Its networks, with <c>!</c> in front of those that are excluded.</summary>
    public override string ToString() => string.Join(", ", Networks.Select(static entry => $"{(entry.IsIn ? "" : "!")}{entry.Network}"));
}
