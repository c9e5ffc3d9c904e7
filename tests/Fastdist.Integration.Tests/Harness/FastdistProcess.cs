using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

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
            [.. network?.Prefix ?? [], .. prefix, Repository.Fastdist, .. arguments], listen, tls, doh, environment);
        try
        {
            await process.LoggedAsync(" ready: ");
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

    /// <summary>The line of the log that has all of these words, waited for.</summary>
    public Task<string> LoggedAsync(params string[] words) => LoggedSinceAsync(0, words);

    /// <summary>As <see cref="LoggedAsync"/>, but only lines after the first <paramref name="from"/> count.</summary>
    public Task<string> LoggedSinceAsync(int from, params string[] words) =>
        Log.FirstAsync(line => words.All(line.Contains), $"with '{string.Join("' and '", words)}'", from);

    public Task MarkedUpAsync(string backend, int from = 0) => LoggedSinceAsync(from, $"backend {backend} marked up");

    public Task<string> MarkedDownAsync(string backend, int from = 0) =>
        LoggedSinceAsync(from, $"backend {backend} marked down");

    public async Task<Counters> CountersAsync()
    {
        int from = Log.Count;
        Signal(LinuxSignal.User1);
        await LoggedSinceAsync(from, "stats end");
        return new(Log.Snapshot(from));
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

    /// <summary>Has it read its files again and waits until it has, or has refused to.</summary>
    public async Task<string> ReloadAsync()
    {
        int from = Log.Count;
        Signal(LinuxSignal.HangUp);
        return await Log.FirstAsync(
            line => line.Contains("reloaded", StringComparison.Ordinal) || line.Contains("reload failed", StringComparison.Ordinal),
            "about a reload",
            from);
    }

    /// <summary>Asks it to end and gives its exit code.</summary>
    public Task<int> StopAsync(LinuxSignal signal = LinuxSignal.Terminate)
    {
        Signal(signal);
        return ExitAsync();
    }
}
