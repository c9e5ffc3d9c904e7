using System;
using System.Diagnostics;
using System.Linq;
using System.Text;
using System.Threading;
using Fastdist.LoadComparison.Peers;
using Fastdist.LoadComparison.Report;

namespace Fastdist.LoadComparison.Parts;

/// <summary>What many silent DoT connections cost; CPU in seconds per second.</summary>
internal sealed record IdleSample(int Opened, double MegabytesBefore, double MegabytesAfter, double IdleCpu, int AnsweredAfterwards)
{
    public double? KilobytesEach => Opened > 0 ? (MegabytesAfter - MegabytesBefore) * 1024 / Opened : null;
}

/// <summary>Memory of DoT connections that asked once and fell silent. Memory hardly varies, so once is enough.</summary>
internal sealed class IdlePart(Bench bench, TlsClients clients) : Part
{
    // Beside the connections a process has its listeners, sessions to the backend, pipes and the like.
    private const int OtherFiles = 1000;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(250);

    private readonly Results<string, IdleSample> _results = new();

    public override bool EveryRound => false;

    public override void Run(int round)
    {
        OpenFiles.Allow(bench.Settings.IdleConnections + OtherFiles);
        // unbound closes idle clients early once half of its room is taken, and wants open files for all of the room.
        foreach (var peer in bench.Peers.Where(peer => peer is not (NoProxy or Unbound)))
        {
            var sample = Measure(peer);
            _results.Add(peer.Name, sample);
            Console.Error.WriteLine($"idle {peer.Name,-18} {sample.KilobytesEach,6:f1} kB each, {sample.Opened} opened,"
                + $" {sample.IdleCpu:f3} CPU s/s, {sample.AnsweredAfterwards} answered afterwards");
        }
    }

    public override void Write(StringBuilder text) => IdleTable.Write(text, bench.Settings.IdleConnections,
        [.. bench.Peers.SelectMany(peer => _results[peer.Name], (peer, sample) => (peer.Name, sample))]);

    private IdleSample Measure(Peer peer)
    {
        var frontend = new Frontend(QueryPath.Dot, Loopback.FreePort(), bench.Certificates.P256)
        {
            IdleConnections = bench.Settings.IdleConnections,
        };
        using var proxy = peer.StartForSessions(bench.Settings, bench.Backend, frontend);
        Loopback.AwaitAnswer(proxy, QueryPath.Dot, frontend.Port);
        var before = SettledMegabytes(proxy);
        using var holder = clients.Hold(frontend.Port, frontend.IdleConnections, out var opened);
        var after = SettledMegabytes(proxy);
        var idleCpu = CpuOver(proxy, TimeSpan.FromSeconds(bench.Settings.Seconds));
        var answered = TlsClients.AskAgain(holder);
        proxy.RequireAlive(peer.Name);
        return new IdleSample(opened, before, after, idleCpu, answered);
    }

    // Resident memory once it has stood still: buffers may be given back only some time after they were last used.
    private static double SettledMegabytes(Child proxy)
    {
        var (waited, still) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        var resident = ProcessFigures.ResidentMegabytes(proxy.Id);
        while (still.Elapsed < Quiet && waited.Elapsed < Patience)
        {
            Thread.Sleep(Pause);
            var latest = ProcessFigures.ResidentMegabytes(proxy.Id);
            if (latest != resident)
            {
                resident = latest;
                still.Restart();
            }
        }
        return resident;
    }

    private static double CpuOver(Child proxy, TimeSpan time)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), ProcessFigures.CpuSeconds(proxy.Id));
        Thread.Sleep(time);
        return (ProcessFigures.CpuSeconds(proxy.Id) - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
