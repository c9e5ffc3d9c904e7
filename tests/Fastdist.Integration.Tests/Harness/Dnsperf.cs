using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>What dnsperf counted.</summary>
internal sealed record DnsperfResult(long Sent, long Completed, long Lost, long NoError, string Text);

/// <summary>A running dnsperf, asking for <c>nN.load.test</c>.</summary>
internal sealed class Dnsperf : IAsyncDisposable
{
    /// <summary>Distinct names in the data file, so that no cache on the way could answer.</summary>
    public const int Names = 20_000;

    private readonly ChildProcess _process;

    private Dnsperf(ChildProcess process) => _process = process;

    public ChildProcess Process => _process;

    /// <summary>Starts a load: <c>-n</c> and <c>-l</c> bound it, <c>-Q</c> its rate, as dnsperf names them.</summary>
    public static Dnsperf Start(Scratch scratch, string mode, IPEndPoint server, params string[] options) =>
        Start(null, scratch, mode, server, options);

    public static Dnsperf Start(
        NetworkNamespace? from, Scratch scratch, string mode, IPEndPoint server, params string[] options)
    {
        string names = scratch.Write(
            "names", string.Concat(Enumerable.Range(0, Names).Select(i => $"n{i}.load.test A\n")));
        return new(new ChildProcess(
            [
                .. from?.Prefix ?? [],
                "dnsperf", "-m", mode, "-s", $"{server.Address}", "-p", $"{server.Port}", "-d", names, "-t", "20",
                .. options,
            ]));
    }

    /// <summary>Asks this many queries, a multiple of the number of names, and waits for the result.</summary>
    public static async Task<DnsperfResult> RunAsync(Scratch scratch, string mode, IPEndPoint server, int queries, params string[] options)
    {
        if (queries % Names != 0)
        {
            throw new ArgumentException($"{queries} is not a multiple of {Names}", nameof(queries));
        }

        await using Dnsperf load = Start(scratch, mode, server, ["-n", $"{queries / Names}", .. options]);
        return await load.ResultAsync();
    }

    /// <summary>Ends the load as Ctrl-C does; queries still under way count as interrupted, not as lost.</summary>
    public Task<DnsperfResult> StopAsync()
    {
        _process.Signal(LinuxSignal.Interrupt);
        return ResultAsync();
    }

    public async Task<DnsperfResult> ResultAsync()
    {
        await _process.ExitAsync();
        string text = $"{_process.Output}\n{_process.Log}";
        return new(
            Number(text, @"Queries sent:\s+(\d+)"),
            Number(text, @"Queries completed:\s+(\d+)"),
            Number(text, @"Queries lost:\s+(\d+)"),
            Number(text, @"NOERROR (\d+)"),
            text);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static long Number(string text, string pattern)
    {
        Match match = Regex.Match(text, pattern);
        return match.Success ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }
}
