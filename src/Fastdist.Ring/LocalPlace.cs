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

    /// <inheritdoc/>
    public override string ToString() => NetworkInterfaces.Describe(Address, Interface);
}
