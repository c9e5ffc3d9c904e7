using System;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Drafts;

/// <summary>A frontend that is being written.</summary>
internal sealed class DraftFrontend(FrontendOptions options)
{
    /// <summary>Its settings.</summary>
    public FrontendOptions Options { get; private set; } = options;

    /// <summary>
    /// Whether it may be written several times (SO_REUSEPORT), which dnsdist needs for several threads: here every shard has a socket of its own in any
    /// case, so that all of them are one.
    /// </summary>
    public bool SharesPort { get; init; }

    /// <summary>Whether a PROXY header is expected of whom all frontends expect one.</summary>
    public bool TakesProxyHeaders { get; init; } = true;

    /// <summary>Changes its settings.</summary>
    public void Change(Func<FrontendOptions, FrontendOptions> change) => Options = change(Options);

    /// <summary>Its settings, whole.</summary>
    /// <param name="proxyProtocolAcl">Load balancers of all frontends that say nothing of them; null for none.</param>
    public FrontendOptions Complete(NetmaskSet? proxyProtocolAcl) =>
        TakesProxyHeaders && !Options.HasDatagrams && Options.ProxyProtocolAcl is null ? Options with { ProxyProtocolAcl = proxyProtocolAcl } : Options;

    /// <summary>Whether it is where the other one would be.</summary>
    public bool IsAtPlaceOf(DraftFrontend other) =>
        Options.Address.Equals(other.Options.Address) && Options.Interface == other.Options.Interface && Options.HasDatagrams == other.Options.HasDatagrams;
}
