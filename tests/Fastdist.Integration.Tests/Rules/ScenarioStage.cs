using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>
/// One scenario's world: two backends, and a proxy with the scenario's configuration in a frame of listeners and servers. The scenario calls what differs
/// from run to run by name: <c>@listen@</c>, <c>@address@</c> and <c>@port@</c> of the frontend for UDP and TCP, <c>@one@</c> and <c>@two@</c> of the backends. Server
/// "one" is in the default pool, "two" in the pool "two", unless the scenario has servers of its own.
/// </summary>
internal sealed class ScenarioStage : IAsyncDisposable
{
    private readonly Lab _lab = new();
    private readonly string _key = Consoles.ConsolePeers.NewKey();
    private readonly (string Name, string Value)[] _names;
    private readonly string? _dnsdist;

    /// <param name="dnsdist">The version of dnsdist that plays; null is fastdist.</param>
    private ScenarioStage(string? dnsdist)
    {
        _dnsdist = dnsdist;
        Backends = [_lab.Keep(new ScenarioBackend("one")), _lab.Keep(new ScenarioBackend("two"))];
        // What contains another comes first, for putting names in the place of what is printed.
        _names =
        [
            ("@listen@", $"{Listen}"), ("@one@", $"{Backends[0].EndPoint}"), ("@two@", $"{Backends[1].EndPoint}"), ("@address@", $"{Listen.Address}"), ("@port@", $"{Listen.Port}"),
        ];
    }

    public IReadOnlyList<ScenarioBackend> Backends { get; }

    /// <summary>UDP and TCP.</summary>
    public IPEndPoint Listen { get; } = Ports.Next();

    /// <summary>UDP and TCP on ::1.</summary>
    public IPEndPoint Listen6 { get; } = new(IPAddress.IPv6Loopback, Ports.NextNumber());

    public IPEndPoint Tls { get; } = Ports.Next();

    public IPEndPoint Doh { get; } = Ports.Next();

    private IPEndPoint Console { get; } = Ports.Next();

    /// <summary>Starts the scenario's dnsdist, or fastdist, and waits until it listens.</summary>
    public static async Task<ScenarioStage> StartAsync(Scenario scenario, bool dnsdist)
    {
        var stage = new ScenarioStage(dnsdist ? scenario.Dnsdist : null);
        try
        {
            string file = stage._lab.Scratch.Write("dnsdist.conf", string.Join('\n', stage.Configuration(scenario)));
            await (dnsdist ? stage.StartDnsdistAsync(file, IsEncrypted(scenario)) : stage.StartFastdistAsync(file, scenario.Shards));
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the console execute a line.</summary>
    /// <returns>What it printed, in the names of the scenario.</returns>
    public async Task<List<string>> CommandAsync(string line)
    {
        string command = WithPlaces(line);
        IEnumerable<string> output = _dnsdist is null
            ? await FastdistProcess.CommandAsync($"{Console}", command, "-k", _key)
            : (await ChildProcess.RunAsync([.. NewerDnsdist.Command(_dnsdist), "-C", _lab.Scratch.Write("console.conf", $"controlSocket('{Console}')\nsetKey('{_key}')"), "-c", "-e", command])).Output.Snapshot();
        // Of an error the first line is enough: the others are about the interpreter's insides.
        string[] lines = [.. output.Select(WithNames)];
        return [.. lines.FirstOrDefault()?.StartsWith("Error: ", StringComparison.Ordinal) == true ? lines[..1] : lines.Where(static line => line.Length > 0)];
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private IEnumerable<string> Configuration(Scenario scenario)
    {
        yield return "setSecurityPollSuffix('')";
        yield return $"setLocal('{Listen}')";
        yield return $"addLocal('{Listen6}')";
        yield return "setACL({'127.0.0.0/8', '::1/128'})";
        if (IsEncrypted(scenario))
        {
            ServerCertificate certificate = _lab.Authority.Issue("dns.example");
            string files = $"'{_lab.Scratch.Write("dns.pem", certificate.CertificatePem)}', '{_lab.Scratch.WriteSecret("dns.key", certificate.KeyPem)}'";
            yield return $"addTLSLocal('{Tls}', {files})";
            yield return $"addDOHLocal('{Doh}', {files}, {{'/dns-query', '/other'}}, {{exactPathMatching=false, keepIncomingHeaders=true}})";
        }

        if (scenario.Steps.Any(static step => !step.IsQuery))
        {
            yield return $"controlSocket('{Console}')";
            yield return $"setKey('{_key}')";
        }

        if (!scenario.Configuration.Any(static line => line.Contains("newServer", StringComparison.Ordinal)))
        {
            yield return $"newServer{{address='{Backends[0].EndPoint}', name='one', healthCheckMode='up'}}";
            yield return $"newServer{{address='{Backends[1].EndPoint}', name='two', pool='two', healthCheckMode='up'}}";
        }

        foreach (string line in scenario.Configuration)
        {
            yield return WithPlaces(line);
        }
    }

    private static bool IsEncrypted(Scenario scenario) => scenario.Asks("dot") || scenario.Asks("doh");

    private async Task StartDnsdistAsync(string file, bool isEncrypted)
    {
        ChildProcess process = _lab.Keep(new ChildProcess([.. NewerDnsdist.Command(_dnsdist!), "-C", file, "--supervised", "--disable-syslog"]));
        await Patience.UntilAsync(() => process.HasExited ? throw new InvalidOperationException($"dnsdist ended:\n{process.Output}\n{process.Log}") : Accepts(), "dnsdist to listen");
        if (isEncrypted)
        {
            await Patience.UntilAsync(ShakesHandsAsync, "dnsdist to serve TLS and HTTPS");
        }
    }

    private async Task StartFastdistAsync(string file, int shards) =>
        _lab.Keep(await FastdistProcess.StartAsync(Listen, ["-C", file, "--shards", $"{shards}"], tls: Tls, doh: Doh));

    private bool Accepts()
    {
        using var socket = new Socket(Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(Listen);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>dnsdist closes connections for HTTP until the thread for them runs, which is a while after it listens.</summary>
    private async Task<bool> ShakesHandsAsync()
    {
        try
        {
            await using Http2Client client = await Http2Client.ConnectAsync(Doh);
            return await client.FirstAsync(static frame => frame.Type == Http2FrameType.Settings) is not null;
        }
        catch (Exception e) when (e is System.IO.IOException or SocketException)
        {
            return false;
        }
    }

    private string WithPlaces(string line) => _names.Aggregate(line, static (text, name) => text.Replace(name.Name, name.Value, StringComparison.Ordinal));

    private string WithNames(string line) => _names.Aggregate(line, static (text, name) => text.Replace(name.Value, name.Name, StringComparison.Ordinal));
}
