using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration;
using Fastdist.Proxy;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Rules.Blocks;
using Fastdist.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fastdist.Control.Tests.Commands;

/// <summary>A proxy of two shards without sockets: what it is told to do it writes down.</summary>
internal sealed class FakeProxy : IProxyControl, ISettingsInUse
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

    /// <summary>The settings that it was told to go by.</summary>
    public List<ProcessOptions> Applied { get; } = [];

    public List<Statistic> Figures { get; } = [];

    public int Shards => ShardCount;

    public IReadOnlyList<FrontendView> Frontends => _frontends;

    public IReadOnlyList<FrontendView> CountedFrontends => _frontends;

    public IReadOnlyList<BackendView> Backends => _backends;

    public IReadOnlyList<PoolView> Pools { get; set; } = [];

    /// <summary>Who is blocked, on a clock that is moved by hand; one shard counts.</summary>
    public DynamicBlocks Blocks { get; }

    public uint CacheNow { get; set; } = 1_000;

    /// <summary>Microseconds.</summary>
    public long Now { get; set; } = 1L << 40;

    /// <summary>What is counted for.</summary>
    public IReadOnlyList<BlockCounter> Counters { get; private set; } = [];

    public PolicyKind Policy { get; set; }

    public NetmaskSet Acl { get; set; } = NetmaskSet.Default;

    public FakeProxy() => Blocks = new DynamicBlocks(1, static _ => true, UseCounters, NullLogger.Instance, () => Now);

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

    public ProcessOptions Read(out long version)
    {
        version = Applied.Count;
        ProcessOptions last = Applied.Count > 0 ? Applied[^1] : new ProcessOptions();
        return last with
        {
            Proxy = last.Proxy with { Backends = [.. _backends.Select(backend => backend.Options with { Id = backend.Id, Pools = backend.Pools })], Acl = Acl, Policy = Policy, Pools = [.. last.Proxy.Pools.Concat(Pools.Where(pool => pool.Name.Length > 0).Select(pool => new PoolOptions { Name = pool.Name })).DistinctBy(pool => pool.Name)] },
        };
    }

    public bool TryApply(ProcessOptions next, long version, out IReadOnlyList<string> problems)
    {
        problems = version == Applied.Count ? Failure.Length > 0 ? [Failure] : [] : ["meanwhile"];
        if (problems.Count > 0)
        {
            return false;
        }

        Applied.Add(next);
        (Acl, Policy) = (next.Proxy.Acl, next.Proxy.Policy);
        foreach (BackendOptions added in next.Proxy.Backends.Where(options => !_backends.Exists(backend => backend.Id == options.Id)))
        {
            AddBackend($"{added.Address}", added.Name, _ => added);
        }

        foreach (BackendView backend in _backends)
        {
            backend.Shared.Options = next.Proxy.Backends.FirstOrDefault(options => options.Id == backend.Id) ?? backend.Options;
        }

        _backends.RemoveAll(backend => !next.Proxy.Backends.Any(options => options.Id == backend.Id));
        return true;
    }

    public IReadOnlyList<Statistic> Statistics() => Figures;

    public bool TryReload(out string error) => Do("reload", out error);

    public bool TryReload(FrontendView frontend, out string error) => Do($"reload {frontend.Address}", out error);

    public bool TryRotateTicketKeys(FrontendView frontend, out string error) => Do($"rotate {frontend.Address}", out error);

    public bool TryLoadTicketKeys(FrontendView frontend, string file, out string error) => Do($"load {file} {frontend.Address}", out error);

    public TicketKeyStatus? TicketKeysOf(FrontendView frontend) => TicketKeys.GetValueOrDefault(frontend);

    public bool TryLoadTicketKey(FrontendView frontend, byte[] key, out string error) => Do($"load {key.Length} bytes {frontend.Address}", out error);

    public bool SetMode(BackendView backend, HealthCheckMode mode)
    {
        backend.Shared.Mode = mode;
        return Do($"{backend.Name} {mode}", out _);
    }

    /// <summary>A count that has been as high as this.</summary>
    public static void Reach(ConnectionCount count, int connections)
    {
        for (int i = 0; i < connections; i++)
        {
            count.TryEnter();
        }
    }

    private bool UseCounters(Func<int, BlockCounter[]> counters)
    {
        Counters = counters(0);
        return true;
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
