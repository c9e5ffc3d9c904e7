using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>What a start says, and refuses.</summary>
[Trait("Row", "D13")]
public sealed class StartTests
{
    [Fact]
    public async Task Each_place_that_it_listens_at_is_said_before_it_is_ready()
    {
        await using var lab = new Lab();
        IPEndPoint plain = Ports.Next(), dot = Ports.Next(), second = Ports.Next(), doh = Ports.Next(), web = Ports.Next();
        string console = lab.Scratch.PathOf("console");
        string certificate = lab.Certificate(lab.Authority.Issue(Lab.BackendName));
        FastdistProcess fastdist = await lab.FastdistAsync(
            plain, "--shards", "2", "--server", "127.0.0.1:9,tls=none", "--control-socket", console, "--webserver", $"{web}",
            "--webserver-password-file", lab.Scratch.WriteSecret("password", "secret"),
            "--tls-local", $"{dot},{certificate},additionalAddresses={second}", "--doh-local", $"{doh},interface=lo");

        LogLine[] said = [.. fastdist.Log.Snapshot().Select(LogLine.Parse)];
        LogLine[] places = [.. said.Where(line => line.Event is LogEvent.Listening or LogEvent.ListeningForOperators)];

        Assert.Equal(
            [
                $"listening on {plain}: UDP and TCP, 2 shards",
                $"listening on {dot}: DoT, 2 shards",
                $"listening on {second}: DoT, 2 shards",
                $"listening on {doh}: DoH on interface lo, 2 shards",
                $"listening on {console}: console",
                $"listening on {web}: web server",
            ],
            places.Select(line => line.Message));
        Assert.True(Array.IndexOf(said, places[^1]) < Array.FindIndex(said, line => line.Event == LogEvent.Ready));
    }

    [Theory]
    [InlineData("--local", "::1:53")]
    [InlineData("--tls-local", "::1:853,cert=/c.pem,key=/c.key")]
    [InlineData("--tls-local", "127.0.0.1,cert=/c.pem,key=/c.key,additionalAddresses=::1:853")]
    [InlineData("--doh-local", "::1:443")]
    [InlineData("--server", "2001:db8::1:853,subjectName=a")]
    [InlineData("--control-socket", "::1:5199")]
    [InlineData("--webserver", "::1:8083")]
    public async Task An_address_that_may_end_in_a_port_is_refused_with_what_to_write(string flag, string value)
    {
        ChildProcess run = await FastdistProcess.RunToEndAsync("--check-config", flag, value, "--server", "192.0.2.1,tls=none");

        Assert.Equal(1, await run.ExitAsync());
        string error = Assert.Single(run.Log.Snapshot());
        Assert.StartsWith($"fastdist: {flag} ", error, StringComparison.Ordinal);
        Assert.Contains("1]:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_last_backend_is_said_and_the_return_of_the_first()
    {
        await using var lab = new Lab();
        string console = lab.Scratch.PathOf("console");
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--control-socket", console, "--server", "127.0.0.1:9,tls=none,name=one,healthCheckMode=up", "--server", "127.0.0.1:9,tls=none,name=two");
        await fastdist.MarkedDownAsync("two");
        Assert.Empty(fastdist.Told(LogEvent.NoBackendLeft));

        int from = fastdist.Log.Count;
        await AskAsync(console, "getServer('one'):setDown()");
        LogLine none = await fastdist.ToldSinceAsync(from, LogEvent.NoBackendLeft);
        Assert.Equal("no backend left: what no cache answers gets SERVFAIL until one is up", none.Message);

        from = fastdist.Log.Count;
        await AskAsync(console, "getServer('two'):setUp()");
        await fastdist.ToldSinceAsync(from, LogEvent.BackendLeftAgain, line => line["backend"] == "two");

        from = fastdist.Log.Count;
        await AskAsync(console, "rmServer('two')");
        await fastdist.ToldSinceAsync(from, LogEvent.NoBackendLeft);

        from = fastdist.Log.Count;
        await AskAsync(console, "newServer({address='127.0.0.1:9', tls='none', name='three', healthCheckMode='up'})");
        await fastdist.ToldSinceAsync(from, LogEvent.BackendLeftAgain, line => line["backend"] == "three");
    }

    [Fact]
    public async Task The_health_checks_verdict_on_the_last_one_is_said_as_well()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistAsync("--shards", "2", "--server", "127.0.0.1:9,tls=none,name=one", "--server", "127.0.0.1:9,tls=none,name=two");

        await fastdist.ToldAsync(LogEvent.NoBackendLeft);

        Assert.Single(fastdist.Told(LogEvent.NoBackendLeft));
    }

    private static async Task AskAsync(string console, string command) =>
        Assert.Equal(0, await (await FastdistProcess.RunToEndAsync("-c", console, "-e", command)).ExitAsync());
}
