using System;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings;

/// <summary>Which addresses of either family are in. Immutable; asking takes no lock and allocates nothing.</summary>
public sealed class NetmaskRanges
{
    private readonly AddressRanges<uint> _v4;
    private readonly AddressRanges<UInt128> _v6;

    internal NetmaskRanges(AddressRanges<uint> v4, AddressRanges<UInt128> v6) => (_v4, _v6) = (v4, v6);

    /// <summary>Whether an address is in.</summary>
    public bool Contains(in SocketAddress address) =>
        address.IsIPv6 ? _v6.Contains(Netmask.ReadV6(address.AddressBytes)) : _v4.Contains(Netmask.ReadV4(address.AddressBytes));
}
