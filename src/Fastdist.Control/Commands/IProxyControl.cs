using System.Collections.Generic;
using Fastdist.Proxy;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Control.Commands;

/// <summary>What commands see of the proxy and have it do: <see cref="ProxyServer"/>, or a test's stand-in without sockets.</summary>
internal interface IProxyControl
{
    int Shards { get; }

    IReadOnlyList<FrontendView> Frontends { get; }

    IReadOnlyList<FrontendView> CountedFrontends { get; }

    IReadOnlyList<BackendView> Backends { get; }

    IReadOnlyList<PoolView> Pools { get; }

    PolicyKind Policy { get; }

    DynamicBlocks Blocks { get; }

    uint CacheNow { get; }

    IReadOnlyList<Statistic> Statistics();

    bool TryReload(out string error);

    bool TryReload(FrontendView frontend, out string error);

    bool TryRotateTicketKeys(FrontendView frontend, out string error);

    bool TryLoadTicketKeys(FrontendView frontend, string file, out string error);

    TicketKeyStatus? TicketKeysOf(FrontendView frontend);

    bool TryLoadTicketKey(FrontendView frontend, byte[] key, out string error);

    bool SetMode(BackendView backend, HealthCheckMode mode);
}
