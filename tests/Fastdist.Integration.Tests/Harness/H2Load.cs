using System;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>What h2load counted.</summary>
/// <param name="Succeeded">Requests with a response.</param>
/// <param name="Ok">Responses with a status of 200 to 299.</param>
/// <param name="Text">What it printed.</param>
internal sealed record H2LoadResult(long Succeeded, long Ok, string Text);

/// <summary>A running h2load that GETs one query.</summary>
internal sealed class H2Load : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private H2Load(ChildProcess process) => _process = process;

    public ChildProcess Process => _process;

    /// <summary>Starts a load: <c>-n</c> requests, <c>-c</c> connections, <c>-m</c> streams each, as h2load names them.</summary>
    public static H2Load Start(IPEndPoint server, params string[] options) => new(new ChildProcess(
        ["h2load", .. options, $"https://{server}{Curl.Target(Message.Query("n.load.test", id: 0))}"]));

    public static async Task<H2LoadResult> RunAsync(IPEndPoint server, params string[] options)
    {
        await using H2Load load = Start(server, options);
        return await load.ResultAsync();
    }

    public async Task<H2LoadResult> ResultAsync()
    {
        await _process.ExitAsync();
        string text = $"{_process.Output}\n{_process.Log}";
        return new(Number(text, @"(\d+) succeeded"), Number(text, @"(\d+) 2xx"), text);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static long Number(string text, string pattern)
    {
        Match match = Regex.Match(text, pattern);
        return match.Success ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : -1;
    }
}
