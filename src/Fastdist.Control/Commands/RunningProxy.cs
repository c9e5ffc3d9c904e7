using System.Collections.Generic;
using Fastdist.Proxy;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Control.Commands;

/// <summary>The proxy of this process.</summary>
internal sealed class RunningProxy(ProxyServer server) : IProxyControl
{
    public int Shards => server.Shards.Count;

    public IReadOnlyList<FrontendView> Frontends => server.Frontends;

    public IReadOnlyList<FrontendView> CountedFrontends => server.CountedFrontends;

    public IReadOnlyList<BackendView> Backends => server.Backends;

    public IReadOnlyList<PoolView> Pools => server.Pools;

    public PolicyKind Policy => server.Policy;

    public DynamicBlocks Blocks => server.Blocks;

    public uint CacheNow => server.CacheNow;

    public IReadOnlyList<Statistic> Statistics() => server.GlobalStatistics(isThorough: true);

    public bool TryReload(out string error) => server.TryReload(out error);

    public bool TryReload(FrontendView frontend, out string error) => server.TryReload(frontend, out error);

    public bool TryRotateTicketKeys(FrontendView frontend, out string error) => server.TryRotateTicketKeys(frontend, out error);

    public bool TryLoadTicketKeys(FrontendView frontend, string file, out string error) => server.TryLoadTicketKeys(frontend, file, out error);

    public TicketKeyStatus? TicketKeysOf(FrontendView frontend) => server.TicketKeysOf(frontend);

    public bool TryLoadTicketKey(FrontendView frontend, byte[] key, out string error) => server.TryLoadTicketKey(frontend, key, out error);

    public bool SetMode(BackendView backend, HealthCheckMode mode) => server.SetMode(backend, mode);
}
