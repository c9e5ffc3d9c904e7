using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Files;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Shards;
using Fastdist.Proxy.Views;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Tls;
using Microsoft.Extensions.Logging;

namespace Fastdist.Proxy;

/// <summary>
/// The whole proxy: binds every socket, builds every TLS context, then runs the shards. The stages
/// are apart so that the caller can drop privileges between binding and running. Changes may come from any
/// thread and are made one at a time; starting, stopping and maintenance are the control thread's.
/// </summary>
public sealed partial class ProxyServer : IDisposable
{
    private readonly Lock _control = new();
    private volatile ProxyOptions _options;

    /// <summary>What buffers were made for, bytes.</summary>
    private readonly int _mostUdpSize;
    private readonly ILogger _log;
    private readonly KeyLogFiles _keyLogs;
    private readonly RuleLogFiles _ruleLogs;
    private readonly BackendTls _backendTls;
    private readonly TicketKeys _tickets;
    private readonly FrontendTls _frontendTls;
    private readonly ClientLimits _clientLimits;
    private readonly Shard[] _shards;
    private readonly Dictionary<BackendView, TlsContext?[]> _contexts = [];
    private readonly ControlCounters _counters = new();
    private readonly Complaints _complaints;
    private readonly FrontendSockets _sockets;
    private readonly TurnWatch _turns;
    private readonly LatencyAverages _averages = new();
    private readonly BackendWatch _backendWatch;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private bool _isDisposed;

    private ProxyServer(ProxyOptions options, ILogger log, bool isCheck)
    {
        _log = log;
        _complaints = new Complaints(log);
        _backendWatch = new BackendWatch(() => Backends.Select(backend => backend.Shared), log);
        _keyLogs = new KeyLogFiles(isCheck);
        _ruleLogs = new RuleLogFiles(options.Shards);
        _backendTls = new BackendTls(options, _keyLogs, log);
        _options = options with { Frontends = LeaveOutUnusable(options.Frontends) };
        _pools = new PoolRoster(_options);
        _sockets = new FrontendSockets(_options, log);
        _tickets = new TicketKeys(TimeProvider.System, log);
        _frontendTls = new FrontendTls(_options.Shards, _keyLogs, log);
        _shards = new Shard[_options.Shards];
        _caches = new CacheRoster(_options.Shards);
        _clientLimits = new ClientLimits(_options.ClientLimits);
        AddConfiguredFrontends();
        _mostUdpSize = _options.UdpMaxSize;
        Acl = _options.Acl;
        Blocks = new DynamicBlocks(
            _shards.Length, snapshot => TryPostToAll(shard => shard.Use(snapshot)), counters => TryPostToAll(shard => shard.Count(counters(shard.Context.Id))), log)
        {
            ShareOfHits = ShareOfHits,
        };
        _turns = new TurnWatch(_shards.Length, shard => _shards[shard].Counters.Turns);
    }

    /// <summary>The ring in use, as <c>--io</c> spells it.</summary>
    public string RingName => _shards[0].RingName;

    /// <summary>Why io_uring is not in use although it was not excluded; null when it is.</summary>
    public string? RingReason => _shards[0].RingReason;

    /// <summary>What each shard counts about itself.</summary>
    public IReadOnlyList<ShardView> Shards => [.. _shards.Select((shard, id) => new ShardView(id, shard.Counters, shard.RingCounters))];

    /// <summary>The figures of the whole process under dnsdist's names, sorted by name.</summary>
    /// <param name="isThorough">Whether figures that the kernel takes long to find are wanted, too.</param>
    public IReadOnlyList<Statistic> GlobalStatistics(bool isThorough) =>
        Views.GlobalStatistics.Read(CountedFrontends, _backends.All(out BackendTotals departed), departed, _averages, Stopwatch.GetElapsedTime(_startedAt), isThorough, Blocks.RangeCount);

    /// <summary>Who is blocked for a time, and by what.</summary>
    public DynamicBlocks Blocks { get; }

    /// <summary>Lines of rules that were dropped, as they came faster than they could be written to their files.</summary>
    public long RuleLinesDropped => _ruleLogs.Dropped;

    /// <summary>What the control thread counts.</summary>
    public ControlCounters Counters => _counters;

    /// <summary>Loads what the settings name and binds every socket; nothing runs yet.</summary>
    /// <exception cref="TlsConfigurationException">A TLS setting cannot work.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">An address cannot be bound.</exception>
    public static ProxyServer Bind(ProxyOptions options, ILogger log)
    {
        var server = new ProxyServer(options, log, isCheck: false);
        RuleLogPlan logs = server.OpenRuleLogs(options);
        ShardSockets[][] sockets = server._sockets.Bind(server._options.Frontends, held: []);
        server.CreateShards();
        server.AddConfiguredBackends();
        server.UseRules(server._options, logs);
        server.UseConfiguredCaches();
        server.Open(server._frontends.Present, sockets);
        WarnOfEmptyPools(options, log);
        return server;
    }

    /// <summary>Starts every shard and returns once all serve.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The kernel refused a ring.</exception>
    public void Start()
    {
        _backendWatch.Look();
        IReadOnlyList<int> processors = Processors.Usable();

        // A shard that shares the machine with others is better placed by the scheduler.
        bool pin = _shards.Length >= processors.Count;
        for (int id = 0; id < _shards.Length; id++)
        {
            _shards[id].Start(pin ? processors[id % processors.Count] : -1);
            if (_shards[id].Failure is { } failure)
            {
                throw failure;
            }
        }
    }

    /// <summary>Whether every shard has had a turn since this last was true; one at rest has several a second.</summary>
    public bool HaveAllTurned() => _turns.HaveAllTurned();

    /// <summary>Does what is due from time to time: call it about once a second.</summary>
    public void Maintain()
    {
        _averages.Update(CountedFrontends);
        KeepDescriptors();
        if (_control.TryEnter())
        {
            try
            {
                DateTimeOffset now = DateTimeOffset.UtcNow;
                _sockets.Maintain((shard, change) => _shards[shard].Post(new Message(MessageKind.Change, Change: change)));
                ForgetGone();
                TellEndedCertificates(now);
                _tickets.Maintain();
                CleanRules(ShardClock.Read());
                MaintainCaches(CacheNow);
                _ruleLogs.TellDropped(_log.RuleLinesDropped);
                _frontendTls.Maintain(now);
                _backendTls.Maintain();
            }
            finally
            {
                _control.Exit();
            }
        }
    }

    /// <summary>Stops accepting, lets what is in flight be answered within the shutdown timeout, and returns when all ended.</summary>
    public void Stop()
    {
        foreach (Shard shard in _shards)
        {
            shard.Stop();
        }

        foreach (Shard shard in _shards)
        {
            shard.Join();
        }
    }

    /// <summary>Writes every counter, one line a thing counted, each starting with <c>stats</c>.</summary>
    public void WriteStatistics(Action<string> write) =>
        new Statistics(this).Write(write);

    /// <inheritdoc/>
    public void Dispose()
    {
        Blocks.Dispose();
        lock (_control)
        {
            _isDisposed = true;

            // Sessions of the shards are gone with their threads; those of a check were never made.
            foreach (TlsContext? context in _presented.Values.SelectMany(contexts => contexts).Concat(_contexts.Values.SelectMany(contexts => contexts)))
            {
                context?.Dispose();
            }

            _backendTls.Dispose();
            _keyLogs.Dispose();
            _ruleLogs.Dispose();
            _caches.Dispose();
        }

        // A reload that still waits for a file may be about to present these; the process ends without it.
        if (_reading.TryEnter())
        {
            _frontendTls.Dispose();
            _reading.Exit();
        }
    }

    private void CreateShards()
    {
        for (int id = 0; id < _options.Shards; id++)
        {
            _shards[id] = new Shard(id, _options, Machine.Real, _shards, _clientLimits, _complaints, _log);
        }
    }
}
