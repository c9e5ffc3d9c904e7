using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Net;
using Fastdist.Control.Commands;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Control.Tests.Commands;

/// <summary>A proxy of two shards without sockets: what it is told to do it writes down.</summary>
internal sealed class FakeProxy : IProxyControl
{
    private const int ShardCount = 2;

    private readonly List<FrontendView> _frontends = [];
    private readonly List<BackendView> _backends = [];

    /// <summary>What was done, in order.</summary>
    public List<string> Done { get; } = [];

    /// <summary>A fault of the program that an action runs into.</summary>
    public Exception? Fault { get; set; }

    /// <summary>What an action fails with; empty when it does not.</summary>
    public string Failure { get; set; } = "";

    public Dictionary<FrontendView, TicketKeyStatus> TicketKeys { get; } = [];

    /// <summary>The settings of the servers that were added while it ran.</summary>
    public List<BackendOptions> Added { get; } = [];

    public List<Statistic> Figures { get; } = [];

    public int Shards => ShardCount;

    public IReadOnlyList<FrontendView> Frontends => _frontends;

    public IReadOnlyList<FrontendView> CountedFrontends => _frontends;

    public IReadOnlyList<BackendView> Backends => _backends;

    public IReadOnlyList<PoolView> Pools { get; set; } = [];

    public PolicyKind Policy { get; set; }

    public NetmaskSet Acl { get; set; } = NetmaskSet.Default;

    /// <summary>Adds a frontend.</summary>
    /// <returns>What each shard counts for it.</returns>
    public FrontendCounters[] AddFrontend(string address, TlsFrontendOptions? tls = null, DohFrontendOptions? doh = null, bool isUdp = false, int mostConnections = 0)
    {
        FrontendCounters[] counters = [.. Enumerable.Range(0, ShardCount).Select(_ => new FrontendCounters())];
        var options = new FrontendOptions { Address = IPEndPoint.Parse(address), Tls = tls, Doh = doh };
        var shared = new SharedFrontend(_frontends.Count, options, isUdp ? counters : [], isUdp ? [] : counters);
        Reach(shared.Limit, mostConnections);
        _frontends.Add(new FrontendView(shared, isUdp));
        return counters;
    }

    public BackendView AddBackend(string address, string name = "", Func<BackendOptions, BackendOptions>? change = null)
    {
        var options = new BackendOptions { Address = IPEndPoint.Parse(address), Name = name.Length > 0 ? name : address };
        var backend = new BackendView(new SharedBackend(_backends.Count, change?.Invoke(options) ?? options, ShardCount));
        _backends.Add(backend);
        return backend;
    }

    public IReadOnlyList<Statistic> Statistics() => Figures;

    public bool TryReload(out string error) => Do("reload", out error);

    public bool TryReload(FrontendView frontend, out string error) => Do($"reload {frontend.Address}", out error);

    public bool TryRotateTicketKeys(FrontendView frontend, out string error) => Do($"rotate {frontend.Address}", out error);

    public bool TryLoadTicketKeys(FrontendView frontend, string file, out string error) => Do($"load {file} {frontend.Address}", out error);

    public TicketKeyStatus? TicketKeysOf(FrontendView frontend) => TicketKeys.GetValueOrDefault(frontend);

    public bool TryAddBackend(BackendOptions options, [NotNullWhen(true)] out BackendView? backend, out string error)
    {
        backend = null;
        if (Do($"add {options.Name}", out error))
        {
            Added.Add(options);
            backend = AddBackend($"{options.Address}", options.Name, _ => options);
        }

        return backend is not null;
    }

    public bool RemoveBackend(BackendView backend) => Do($"remove {backend.Name}", out _) && _backends.Remove(backend);

    public bool SetMode(BackendView backend, HealthCheckMode mode)
    {
        backend.Shared.Mode = mode;
        return Do($"{backend.Name} {mode}", out _);
    }

    public bool SetWeight(BackendView backend, int weight) => Do($"{backend.Name} weight {weight}", out _);

    public bool SetOrder(BackendView backend, int order) => Do($"{backend.Name} order {order}", out _);

    public bool SetQps(BackendView backend, int qps) => Do($"{backend.Name} qps {qps}", out _);

    public bool TryJoinPool(BackendView backend, string pool, out string error) => Do($"{backend.Name} joins '{pool}'", out error);

    public bool TryPartPool(BackendView backend, string pool, out string error) => Do($"{backend.Name} parts '{pool}'", out error);

    public void SetPolicy(PolicyKind policy) => Do($"all {policy}", out _);

    public bool TrySetPolicy(string pool, PolicyKind policy, out string error) => Do($"'{pool}' {policy}", out error);

    /// <summary>A count that has been as high as this.</summary>
    public static void Reach(ConnectionCount count, int connections)
    {
        for (int i = 0; i < connections; i++)
        {
            count.TryEnter();
        }
    }

    private bool Do(string action, out string error)
    {
        if (Fault is not null)
        {
            throw Fault;
        }

        error = Failure;
        if (error.Length == 0)
        {
            Done.Add(action);
        }

        return error.Length == 0;
    }
}
