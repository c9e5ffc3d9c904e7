using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
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

    public NetmaskSet Acl
    {
        get => server.Acl;
        set => server.SetAcl(value);
    }

    public IReadOnlyList<Statistic> Statistics() => server.GlobalStatistics(isThorough: true);

    public bool TryReload(out string error) => server.TryReload(out error);

    public bool TryReload(FrontendView frontend, out string error) => server.TryReload(frontend, out error);

    public bool TryRotateTicketKeys(FrontendView frontend, out string error) => server.TryRotateTicketKeys(frontend, out error);

    public bool TryLoadTicketKeys(FrontendView frontend, string file, out string error) => server.TryLoadTicketKeys(frontend, file, out error);

    public TicketKeyStatus? TicketKeysOf(FrontendView frontend) => server.TicketKeysOf(frontend);

    public bool TryAddBackend(BackendOptions options, [NotNullWhen(true)] out BackendView? backend, out string error) =>
        server.TryAddBackend(options, out backend, out error);

    public bool RemoveBackend(BackendView backend) => server.RemoveBackend(backend);

    public bool SetMode(BackendView backend, HealthCheckMode mode) => server.SetMode(backend, mode);

    public bool SetWeight(BackendView backend, int weight) => server.SetWeight(backend, weight);

    public bool SetOrder(BackendView backend, int order) => server.SetOrder(backend, order);

    public bool SetQps(BackendView backend, int qps) => server.SetQps(backend, qps);

    public bool TryJoinPool(BackendView backend, string pool, out string error) => server.TryJoinPool(backend, pool, out error);

    public bool TryPartPool(BackendView backend, string pool, out string error) => server.TryPartPool(backend, pool, out error);

    public void SetPolicy(PolicyKind policy) => server.SetPolicy(policy);

    public bool TrySetPolicy(string pool, PolicyKind policy, out string error) => server.TrySetPolicy(pool, policy, out error);
}
