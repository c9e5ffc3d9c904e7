using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>What <c>showTCPStats()</c> and <c>showTLSErrorCounters()</c> print, in dnsdist's columns.</summary>
internal sealed record TcpStats(PrintedRow Workers, PrintedRow[] Frontends, PrintedRow[] Backends)
{
    private static readonly PrintedTable s_workers = new(("Workers", 12), ("Max Workers", 12), ("Queued", 12), ("Max Queued", 12));

    private static readonly PrintedTable s_frontends = new(
        ("#", 3), ("Address", 20), ("Connections", 20), ("Max concurrent conn", 20), ("Died reading query", 20), ("Died sending response", 25),
        ("Gave up", 20), ("Client timeouts", 20), ("Downstream timeouts", 20), ("Avg queries/conn", 20), ("Avg duration", 20), ("Avg read IOs/conn", 20),
        ("TLS new sessions", 20), ("TLS Resumptions", 25), ("TLS unknown ticket keys", 25), ("TLS inactive ticket keys", 15),
        ("TLS 1.0", 15), ("TLS 1.1", 15), ("TLS 1.2", 15), ("TLS 1.3", 15), ("TLS other", 15));

    private static readonly PrintedTable s_backends = new(
        ("#", 3), ("Name", 20), ("Address", 20), ("Connections", 20), ("Max concurrent conn", 20), ("Died sending query", 25), ("Died reading response", 25),
        ("Gave up", 20), ("Read timeouts", 20), ("Write timeouts", 20), ("Connect timeouts", 20), ("Too many conn", 20), ("Total connections", 20),
        ("Reused connections", 20), ("TLS resumptions", 20), ("Avg queries/conn", 20), ("Avg duration", 20));

    private static readonly (string Heading, int Width)[] s_errors =
    [
        ("#", 3), ("Address", 20), ("DH key too small", 23), ("Inappropriate fallback", 23), ("No shared cipher", 23), ("Unknown cipher type", 23),
        ("Unknown exchange type", 23), ("Unknown protocol", 23), ("Unsupported EC", 23), ("Unsupported protocol", 23),
    ];

    /// <summary>Asks a running fastdist, by the binary's own client.</summary>
    public static async Task<TcpStats> AskAsync(string console)
    {
        string[] lines = await PrintAsync(console, "showTCPStats()");
        int frontends = Array.IndexOf(lines, "Frontends:"), backends = Array.IndexOf(lines, "Backends:");
        Assert.Equal(("", ""), (lines[frontends - 1], lines[backends - 1]));
        return new(
            Assert.Single(s_workers.Read(lines[..(frontends - 1)])),
            s_frontends.Read(lines[(frontends + 1)..(backends - 1)]),
            s_backends.Read(lines[(backends + 1)..].Where(line => line.Length > 0)));
    }

    /// <summary>Why handshakes failed, a row for each TLS frontend, and our own column behind it as it stands.</summary>
    public static async Task<(PrintedRow Row, string Others)[]> AskForTlsErrorsAsync(string console)
    {
        int width = s_errors.Sum(column => column.Width) + s_errors.Length - 1;
        string[] lines = [.. (await PrintAsync(console, "showTLSErrorCounters()")).Where(line => line.Length > 0)];
        PrintedRow[] rows = new PrintedTable(s_errors).Read(lines.Select(line => line[..width]));
        return [.. rows.Zip(lines.Skip(1), (row, line) => (row, line[(width + 1)..].TrimEnd()))];
    }

    private static async Task<string[]> PrintAsync(string console, string command)
    {
        ChildProcess client = await FastdistProcess.RunToEndAsync("-c", console, "-e", command);
        Assert.True(await client.ExitAsync() == 0, $"{client.Log}");
        return client.Output.Snapshot();
    }
}
