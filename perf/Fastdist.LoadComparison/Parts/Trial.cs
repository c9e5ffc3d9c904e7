using System;
using System.Diagnostics;
using Fastdist.LoadComparison.Backends;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Parts;

/// <summary>One run: the proxy started, warmed, loaded, measured and ended.</summary>
internal sealed class Trial(Bench bench, Dnsperf plain, H2load https)
{
    private readonly Settings _settings = bench.Settings;
    private readonly Backend _backend = bench.Backend;

    /// <summary>Measures a peer with one of its settings.</summary>
    /// <param name="peer">The proxy.</param>
    /// <param name="path">How queries come in.</param>
    /// <param name="mode">How many.</param>
    /// <param name="tuning">Its settings.</param>
    public Sample Run(Peer peer, QueryPath path, LoadMode mode, Tuning tuning) => Run(peer, path, mode, tuning, _settings.Seconds, isTimed: true);

    /// <summary>The same for so many seconds, without latencies at saturation, which take a run of their own.</summary>
    public Sample Probe(Peer peer, QueryPath path, LoadMode mode, Tuning tuning, int seconds) => Run(peer, path, mode, tuning, seconds, isTimed: false);

    private Sample Run(Peer peer, QueryPath path, LoadMode mode, Tuning tuning, int seconds, bool isTimed)
    {
        if (peer is NoProxy)
        {
            return Measure(peer, null, path, mode, _backend.PortOf(path), seconds, isTimed);
        }
        var port = Loopback.FreePort();
        using var proxy = peer.Start(_settings, _backend, new Frontend(path, port, bench.Certificates.P256) { Tuning = tuning });
        Loopback.AwaitAnswer(proxy, path, port);
        GeneratorOf(path).WarmUp(path, port);
        var sample = Measure(peer, proxy, path, mode, port, seconds, isTimed);
        proxy.RequireAlive(peer.Name);
        return sample;
    }

    private Sample Measure(Peer peer, Child? proxy, QueryPath path, LoadMode mode, int port, int seconds, bool isTimed)
    {
        var generator = GeneratorOf(path);
        var turnsBefore = peer.CountsTurns ? TurnCounters.Ask(proxy!) : default;
        var before = Cpu.Read(proxy, _backend);
        var load = mode == LoadMode.Fixed
            ? generator.Pace(path, port, seconds)
            : generator.Saturate(path, port, seconds, everyQuery: false);
        var used = Cpu.Read(proxy, _backend) - before;
        var turns = peer.CountsTurns ? TurnCounters.Ask(proxy!) - turnsBefore : default;
        var resident = proxy is null ? 0 : ProcessFigures.ResidentMegabytes(proxy.Id);
        // A line per query costs the generator a tenth of its speed at saturation: a short run of its own bears it.
        var timed = mode == LoadMode.Fixed || !isTimed ? load : generator.Saturate(path, port, Math.Max(1, seconds / 4), everyQuery: true);
        return new Sample
        {
            QueriesPerSecond = load.Completed / load.RunSeconds,
            Lost = load.Lost,
            CpuMicrosecondsPerQuery = proxy is null || load.Completed == 0 ? null : used.Proxy * 1e6 / load.Completed,
            P50Milliseconds = timed.P50Milliseconds,
            P99Milliseconds = timed.P99Milliseconds,
            ResidentMegabytes = resident,
            ProxyCores = used.Proxy / used.Wall,
            GeneratorCores = used.Generator / used.Wall,
            BackendCores = used.Backend / used.Wall,
            OtherCores = Math.Max(0, used.Machine - used.Proxy - used.Generator - used.Backend) / used.Wall,
            QueriesPerTurn = turns.Turns > 0 ? turns.Queries / turns.Turns : null,
            QueriesPerRecord = turns.Records > 0 ? turns.Queries / turns.Records : null,
            QueriesPerSend = turns.Sends > 0 ? turns.Queries / turns.Sends : null,
        };
    }

    private Generator GeneratorOf(QueryPath path) => path.From == ClientTransport.Doh ? https : plain;

    private readonly record struct Cpu(double Wall, double Proxy, double Generator, double Backend, double Machine)
    {
        public static Cpu Read(Child? proxy, Backend backend) => new(
            Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency,
            proxy is null ? 0 : ProcessFigures.CpuSeconds(proxy.Id),
            ProcessFigures.EndedChildrenCpuSeconds(),
            ProcessFigures.CpuSeconds(backend.Server.Id),
            ProcessFigures.MachineBusySeconds());

        public static Cpu operator -(Cpu after, Cpu before) => new(after.Wall - before.Wall, after.Proxy - before.Proxy,
            after.Generator - before.Generator, after.Backend - before.Backend, after.Machine - before.Machine);
    }
}
