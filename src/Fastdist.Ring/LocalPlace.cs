using System.Net;

namespace Fastdist.Ring;

/// <summary>Where a socket listens.</summary>
/// <param name="Address">Address and port; the scope of a link-local address is looked up again by its interface's name.</param>
/// <param name="Interface">The interface to listen on only; empty for any.</param>
/// <param name="MayBeMissing">Whether the address need not be this host's yet (IP_FREEBIND).</param>
public sealed record LocalPlace(IPEndPoint Address, string Interface = "", bool MayBeMissing = false)
{
    /// <summary>The interface it depends on, by name; empty for none.</summary>
    public string TiedTo => Interface.Length > 0 ? Interface : NetworkInterfaces.ScopeOf(Address.Address);

    /// <summary>
    /// Whether sockets of two places would share what comes, as the kernel sees it: one port, one family (IPv6 sockets take IPv6 only), an address in common,
    /// an interface in common.
    /// </summary>
    public bool Overlaps(LocalPlace other) =>
        Address.Port == other.Address.Port && Address.Port != 0
        && Address.AddressFamily == other.Address.AddressFamily
        && (Address.Address.Equals(other.Address.Address) || IsWildcard || other.IsWildcard)
        && (TiedTo.Length == 0 || other.TiedTo.Length == 0 || TiedTo == other.TiedTo);

    private bool IsWildcard => Address.Address.Equals(IPAddress.Any) || Address.Address.Equals(IPAddress.IPv6Any);

    /// <inheritdoc/>
    public override string ToString() => NetworkInterfaces.Describe(Address, Interface);
}
