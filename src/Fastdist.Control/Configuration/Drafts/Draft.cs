using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Drafts;

/// <summary>
/// Settings that are being written: functions of the language change it, and what it comes to is taken when all went well. So whoever fails half
/// way has changed nothing.
/// </summary>
internal sealed class Draft
{
    private readonly ProcessOptions _start;
    private readonly List<DraftServer> _servers;
    private readonly List<DraftFrontend> _frontends;
    private readonly List<string> _admitted = [];

    /// <param name="start">What it begins with.</param>
    public Draft(ProcessOptions start)
    {
        Settings = _start = start;
        _servers = [.. start.Proxy.Backends.Select(static options => new DraftServer(options))];
        _frontends = [.. start.Proxy.Frontends.Select(static options => new DraftFrontend(options))];
    }

    /// <summary>Whether it is no longer what it began with.</summary>
    public bool IsChanged =>
        _admitted.Count > 0 || !ReferenceEquals(Settings, _start) || !_servers.Select(static server => server.Options).SequenceEqual(_start.Proxy.Backends, ReferenceEqualityComparer.Instance)
        || !_frontends.Select(static frontend => frontend.Options).SequenceEqual(_start.Proxy.Frontends, ReferenceEqualityComparer.Instance);

    /// <summary>All but servers and frontends, which are objects of their own.</summary>
    public ProcessOptions Settings { get; private set; }

    /// <summary>The servers, in the order they were added.</summary>
    public IReadOnlyList<DraftServer> Servers => _servers;

    /// <summary>Seconds that an answer over UDP is waited for by servers that have no time of their own; null for what they have anyway.</summary>
    public int? UdpTimeout { get; set; }

    /// <summary>Clients that are served.</summary>
    public NetmaskSet Acl
    {
        get
        {
            Admit();
            return Settings.Proxy.Acl;
        }

        set
        {
            _admitted.Clear();
            ChangeProxy(proxy => proxy with { Acl = value });
        }
    }

    /// <summary>Serves clients of one more network, as it was checked to be.</summary>
    /// <param name="network">It, as written: a list of thousands is made a set once, and not with each of them.</param>
    public void AddToAcl(string network) => _admitted.Add(network);

    /// <summary>Load balancers that begin with a PROXY header at frontends that say nothing of them; null for none.</summary>
    public NetmaskSet? ProxyProtocolAcl { get; set; }

    /// <summary>Names of all pools: those set up, those of servers and frontends, and the default one.</summary>
    public IReadOnlyList<string> PoolNames => [.. Complete().Proxy.AllPools.Select(static pool => pool.Name)];

    /// <summary>Changes settings of the process.</summary>
    public void Change(Func<ProcessOptions, ProcessOptions> change) => Settings = change(Settings);

    /// <summary>Changes settings of the proxy.</summary>
    public void ChangeProxy(Func<ProxyOptions, ProxyOptions> change) => Settings = Settings with { Proxy = change(Settings.Proxy) };

    /// <summary>Has the servers be known by the ids of those that run, which have the same names.</summary>
    public void Recognise(IReadOnlyList<BackendOptions> running)
    {
        foreach (DraftServer server in _servers)
        {
            if (running.FirstOrDefault(other => other.Name == server.Options.Name) is { } known)
            {
                server.Change(options => options with { Id = known.Id });
            }
        }
    }

    /// <summary>Adds a server.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="hasOwnTimeout">Whether they say how long an answer over UDP is waited for.</param>
    public DraftServer Add(BackendOptions options, bool hasOwnTimeout)
    {
        var server = new DraftServer(options) { HasOwnTimeout = hasOwnTimeout };
        _servers.Add(server);
        return server;
    }

    /// <summary>Takes a server out.</summary>
    /// <returns>False when it was taken out before.</returns>
    public bool Remove(DraftServer server) => _servers.Remove(server);

    /// <summary>Adds a frontend, unless it shares its address with one that is there already and both say that they may.</summary>
    public DraftFrontend Add(DraftFrontend frontend)
    {
        if (frontend.SharesPort && _frontends.Find(other => other.SharesPort && other.IsAtPlaceOf(frontend)) is { } same)
        {
            return same;
        }

        _frontends.Add(frontend);
        return frontend;
    }

    /// <summary>Takes out the frontends that answer plain DNS over UDP and TCP.</summary>
    public void RemovePlainFrontends() => _frontends.RemoveAll(static frontend => frontend.Options.HasDatagrams);

    /// <summary>Sets up a pool, which there may be already.</summary>
    public void SetUpPool(string name, Func<PoolOptions, PoolOptions> change) => ChangeProxy(proxy => proxy with
    {
        Pools = proxy.Pools.Any(pool => pool.Name == name)
            ? [.. proxy.Pools.Select(pool => pool.Name == name ? change(pool) : pool)]
            : [.. proxy.Pools, change(new PoolOptions { Name = name })],
    });

    /// <summary>Has there be a pool, which need not have servers yet.</summary>
    public void HavePool(string name)
    {
        if (name != PoolOptions.Default && !PoolNames.Contains(name))
        {
            SetUpPool(name, static pool => pool);
        }
    }

    /// <summary>The frontends that all load balancers are to begin with a PROXY header at, and that take none.</summary>
    public IEnumerable<FrontendOptions> PlainFrontendsBehindProxies() => ProxyProtocolAcl is null
        ? []
        : _frontends.Where(static frontend => frontend is { TakesProxyHeaders: true, Options.HasDatagrams: true }).Select(static frontend => frontend.Options);

    /// <summary>What was written.</summary>
    public ProcessOptions Complete()
    {
        Admit();
        return Settings with
        {
            Proxy = Settings.Proxy with
            {
                Frontends = [.. _frontends.Select(frontend => frontend.Complete(ProxyProtocolAcl))],
                Backends = [.. _servers.Select(server => server.Complete(UdpTimeout))],
            },
        };
    }

    private void Admit()
    {
        if (_admitted.Count > 0)
        {
            NetmaskSet admitted = NetmaskSet.Of([.. _admitted]);
            _admitted.Clear();
            ChangeProxy(proxy => proxy with { Acl = proxy.Acl.Union(admitted) });
        }
    }
}
