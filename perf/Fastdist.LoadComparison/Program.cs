using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Fastdist.LoadComparison;
using Fastdist.LoadComparison.Parts;
using Fastdist.LoadComparison.Peers;

var root = Settings.FindRoot();
var peers = new Option<string[]>("--peers")
{
    Description = "proxies to measure, by name or by the start of it",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [.. Peer.All.Select(peer => peer.Name)],
};
var parts = new Option<string[]>("--parts")
{
    Description = "what to measure: queries that come in over udp, tcp, dot and doh and leave over DoT, or over UDP with -udp behind that; handshake, idle, flood, scrape",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => Part.Names,
};
var modes = new Option<string[]>("--modes")
{
    Description = "load of queries: saturation and fixed",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => ["saturation", "fixed"],
};
var backend = new Option<string>("--backend")
{
    Description = "responder or nsd; the responder when it was built",
    DefaultValueFactory = _ => File.Exists(Path.Combine(root, "artifacts", "fastdist-responder")) ? "responder" : "nsd",
};
var seconds = new Option<int>("--seconds") { Description = "length of one run", DefaultValueFactory = _ => 3 };
var sweepSeconds = new Option<int>("--sweep-seconds")
{
    Description = "length of each run that finds a peer's best settings before it is measured; 0 takes its first ones",
    DefaultValueFactory = _ => 2,
};
var newerRoot = new Option<string>("--newer-root")
{
    Description = "folder that perf/newer-peers made, whose dnsdist and unbound are measured as well",
    DefaultValueFactory = _ => "",
};
var rounds = new Option<int>("--rounds") { Description = "runs of each proxy in each part but idle", DefaultValueFactory = _ => 3 };
var rate = new Option<int>("--rate") { Description = "queries per second of the fixed mode", DefaultValueFactory = _ => 10_000 };
var clients = new Option<int>("--clients") { Description = "dnsperf -c, h2load -c", DefaultValueFactory = _ => 8 };
var outstanding = new Option<int>("--outstanding") { Description = "dnsperf -q; for h2load divided among the clients", DefaultValueFactory = _ => 200 };
var idle = new Option<int>("--idle-connections") { Description = "DoT connections held in the idle part", DefaultValueFactory = _ => 10_000 };
var print = new Option<bool>("--print-only") { Description = "print the results, write no file" };

var command = new RootCommand("Measures fastdist beside its peers and the bare floor programs, over loopback.")
{
    peers, parts, modes, backend, seconds, sweepSeconds, newerRoot, rounds, rate, clients, outstanding, idle, print,
};
command.SetAction(parsed =>
{
    var settings = new Settings
    {
        Root = root,
        Peers = parsed.GetValue(peers)!,
        Parts = parsed.GetValue(parts)!,
        Modes = [.. parsed.GetValue(modes)!.Select(mode => Enum.Parse<LoadMode>(mode, ignoreCase: true))],
        Backend = parsed.GetValue(backend)!,
        Seconds = parsed.GetValue(seconds),
        SweepSeconds = parsed.GetValue(sweepSeconds),
        NewerRoot = parsed.GetValue(newerRoot)!,
        Rounds = parsed.GetValue(rounds),
        Rate = parsed.GetValue(rate),
        Clients = parsed.GetValue(clients),
        Outstanding = parsed.GetValue(outstanding),
        IdleConnections = parsed.GetValue(idle),
        PrintOnly = parsed.GetValue(print),
        CommandLine = string.Join(' ', args),
    };
    Action<PosixSignalContext> abandon = _ =>
    {
        Child.EndAll();
        settings.DeleteScratch();
        Environment.Exit(130);
    };
    // Ctrl-C, a closed terminal and SIGTERM end what was started, as the normal end does.
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, abandon);
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, abandon);
    using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, abandon);
    try
    {
        return new Comparison(settings).Run();
    }
    catch (ComparisonException problem)
    {
        Console.Error.WriteLine($"load comparison: {problem.Message}");
        return 1;
    }
    finally
    {
        Child.EndAll();
        settings.DeleteScratch();
    }
});
return command.Parse(args).Invoke();
