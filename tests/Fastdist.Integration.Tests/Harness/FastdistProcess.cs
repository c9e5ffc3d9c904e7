using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>The published binary, running.</summary>
internal sealed class FastdistProcess : ChildProcess
{
    private FastdistProcess(
        IReadOnlyList<string> command, IPEndPoint listen, IPEndPoint? tls, IPEndPoint? doh, IReadOnlyDictionary<string, string>? environment)
        : base(command, environment)
    {
        Listen = listen;
        Tls = tls ?? listen;
        Doh = doh ?? listen;
    }

    /// <summary>Where it serves UDP and TCP.</summary>
    public IPEndPoint Listen { get; }

    /// <summary>Where it serves DNS-over-TLS, when it was started to.</summary>
    public IPEndPoint Tls { get; }

    /// <summary>Where it serves DNS-over-HTTPS, when it was started to.</summary>
    public IPEndPoint Doh { get; }

    /// <summary>Starts it, with these words before its name, and waits until every socket is bound and every shard runs.</summary>
    public static async Task<FastdistProcess> StartAsync(
        IPEndPoint listen,
        IEnumerable<string> arguments,
        NetworkNamespace? network = null,
        IPEndPoint? tls = null,
        IPEndPoint? doh = null,
        IReadOnlyDictionary<string, string>? environment = null,
        params string[] prefix)
    {
        var process = new FastdistProcess(
            [.. network?.Prefix ?? [], .. prefix, Repository.Fastdist, "--log-format", "json", .. arguments], listen, tls, doh, environment);
        try
        {
            await process.ToldAsync(LogEvent.Ready);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs it to its end, for the flags that make it end.</summary>
    public static Task<ChildProcess> RunToEndAsync(params string[] arguments) =>
        RunAsync([Repository.Fastdist, .. arguments]);

    /// <summary>Has the console of a running one execute a command.</summary>
    /// <returns>The lines of its reply.</returns>
    public static async Task<string[]> CommandAsync(string console, string command, params string[] flags)
    {
        ChildProcess client = await RunToEndAsync([.. flags, "-c", console, "-e", command]);
        bool isError = client.Output.Snapshot() is [{ } first, ..] && first.StartsWith("Error: ", StringComparison.Ordinal);
        Assert.True(await client.ExitAsync() == (isError ? 1 : 0), client.Log.ToString());
        return [.. client.Output.Snapshot()];
    }

    /// <summary>The first message of this kind in the log, waited for.</summary>
    public Task<LogLine> ToldAsync(
        LogEvent kind, Func<LogLine, bool>? wanted = null, [CallerArgumentExpression(nameof(wanted))] string what = "") =>
        ToldSinceAsync(0, kind, wanted, what);

    /// <summary>As <see cref="ToldAsync"/>, but only lines after the first <paramref name="from"/> count.</summary>
    public async Task<LogLine> ToldSinceAsync(
        int from, LogEvent kind, Func<LogLine, bool>? wanted = null, [CallerArgumentExpression(nameof(wanted))] string what = "") =>
        LogLine.Parse(await Log.FirstAsync(
            line => LogLine.EventOf(line) == kind && (wanted is null || wanted(LogLine.Parse(line))), $"of the kind {kind} {what}", from));

    /// <summary>The messages of this kind so far.</summary>
    public LogLine[] Told(LogEvent kind, int from = 0) =>
        [.. Log.Snapshot(from).Where(line => LogLine.EventOf(line) == kind).Select(LogLine.Parse)];

    public Task MarkedUpAsync(string backend, int from = 0) =>
        ToldSinceAsync(from, LogEvent.BackendUp, line => line["backend"] == backend, backend);

    public Task<LogLine> MarkedDownAsync(string backend, int from = 0) =>
        ToldSinceAsync(from, LogEvent.BackendDown, line => line["backend"] == backend, backend);

    public async Task<Counters> CountersAsync()
    {
        int from = Log.Count;
        Signal(LinuxSignal.User1);
        await ToldSinceAsync(from, LogEvent.Statistics, line => line.Message == "stats end");
        return new(Told(LogEvent.Statistics, from).Select(line => line.Message));
    }

    /// <summary>Waits until the counters say so; shows them when they never do.</summary>
    public async Task CountedAsync(Func<Counters, bool> holds, string what)
    {
        try
        {
            await Patience.UntilAsync(async () => holds(await CountersAsync()), what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; the log ends:\n{string.Join('\n', Log.Snapshot().TakeLast(40))}");
        }
    }

    /// <summary>Waits until it has a connection to each of these backends that takes queries.</summary>
    public async Task ConnectedAsync(params IEnumerable<string> backends)
    {
        foreach (string backend in backends)
        {
            await CountedAsync(counters => counters.Backend(backend)["current-connections"] > 0, $"a connection to {backend}");
        }
    }

    /// <summary>Has it read its files again and waits until it has.</summary>
    public async Task ReloadAsync()
    {
        LogLine said = await TryToReloadAsync();
        Assert.True(said.Event == LogEvent.Reloaded, said.Message);
    }

    /// <summary>Has it read its files again, of which some are of no use, and gives what it says of the first.</summary>
    public async Task<LogLine> FailToReloadAsync()
    {
        LogLine said = await TryToReloadAsync();
        Assert.True(said.Event == LogEvent.ReloadFailed, said.Message);
        return said;
    }

    /// <summary>Asks it to end and gives its exit code.</summary>
    public Task<int> StopAsync(LinuxSignal signal = LinuxSignal.Terminate)
    {
        Signal(signal);
        return ExitAsync();
    }

    private async Task<LogLine> TryToReloadAsync()
    {
        int from = Log.Count;
        Signal(LinuxSignal.HangUp);
        return LogLine.Parse(await Log.FirstAsync(
            line => LogLine.EventOf(line) is LogEvent.Reloaded or LogEvent.ReloadFailed, "about a reload", from));
    }
}
