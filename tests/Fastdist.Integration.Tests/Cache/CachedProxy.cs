using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>fastdist with a packet cache that the configuration calls <c>pc</c>, all ways in, and a console to look into it.</summary>
internal sealed class CachedProxy
{
    private const string Key = "S7WPOiCWlIgfLt6UUq9eKuFL0rDvvQpSVzfI6l4XGeg=";

    /// <summary>The default pool gets a cache that has room for whatever a test asks.</summary>
    public const string Usual = "pc = newPacketCache(100000) getPool(''):setCache(pc)";

    /// <summary>A server that is given time is asked once, be it silent for as long as it may.</summary>
    public const string Patient = "queryTimeout=30000, silenceTimeout=30000";

    private readonly Lab _lab;
    private readonly IPEndPoint _listen = Ports.Next(), _tls = Ports.Next(), _doh = Ports.Next();
    private readonly string _certificate;
    private FastdistProcess? _process;

    private CachedProxy(Lab lab)
    {
        _lab = lab;
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        _certificate = $"'{lab.Scratch.Write("cache.pem", certificate.CertificatePem)}', '{lab.Scratch.WriteSecret("cache.key", certificate.KeyPem)}'";
    }

    public FastdistProcess Process => _process!;

    public IPEndPoint Listen => _listen;

    public IPEndPoint Console { get; } = Ports.Next();

    /// <summary>Starts it with these lines of configuration, and two shards unless flags say otherwise.</summary>
    public static Task<CachedProxy> StartAsync(Lab lab, params string[] lines) => StartAsync(lab, ["--shards", "2"], lines);

    /// <inheritdoc cref="StartAsync(Lab, string[])"/>
    public static async Task<CachedProxy> StartAsync(Lab lab, string[] flags, params string[] lines)
    {
        var proxy = new CachedProxy(lab);
        string file = proxy.Write(lines);
        proxy._process = lab.Keep(await FastdistProcess.StartAsync(proxy._listen, ["-C", file, .. flags], tls: proxy._tls, doh: proxy._doh));
        return proxy;
    }

    /// <summary>A line that makes a backend one of the default pool, taken as it is.</summary>
    public static string Server(RogueBackend backend, string options = Patient) =>
        $"newServer({{address='{backend.EndPoint}', name='one', tcpOnly=true, healthCheckMode='up', {options}}})";

    /// <inheritdoc cref="Server(RogueBackend, string)"/>
    public static string Server(Daemon backend, string options = "healthCheckMode='up', queryTimeout=30000, udpTimeout=30") =>
        $"newServer({{address='{backend.EndPoint}', name='{backend.Name}', {options}}})";

    /// <summary>Has it read these lines in the place of its configuration, and waits until it has.</summary>
    public async Task ReconfigureAsync(params string[] lines)
    {
        Write(lines);
        int from = Process.Log.Count;
        Process.Signal(LinuxSignal.User2);
        LogLine said = LogLine.Parse(await Process.Log.FirstAsync(
            line => LogLine.EventOf(line) is LogEvent.ConfigurationReloaded or LogEvent.ConfigurationNotReloaded, "about a reload", from));
        Assert.True(said.Event == LogEvent.ConfigurationReloaded, said.Message);
    }

    /// <summary>Has the console execute a command.</summary>
    public Task<string[]> CommandAsync(string command) => FastdistProcess.CommandAsync($"{Console}", command, "-k", Key);

    /// <summary>What a cache has counted, by the names of <c>getStats()</c>.</summary>
    public async Task<CacheStats> StatsAsync(string cache = "pc")
    {
        string text = string.Concat(await CommandAsync($"{cache}:getStats()"));
        using JsonDocument json = JsonDocument.Parse(text);
        return new(json.RootElement.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetInt64()));
    }

    /// <summary>Waits until a cache has counted so.</summary>
    public async Task CountedAsync(Func<CacheStats, bool> holds, string what)
    {
        CacheStats? last = null;
        try
        {
            await Patience.UntilAsync(async () => holds(last = await StatsAsync()), what);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}; at last {last}");
        }
    }

    /// <summary>Asks over UDP from a socket of its own.</summary>
    public Task<ParsedMessage> AskAsync(string name, ushort type = Message.A, int? edns = null) => DnsUdpClient.AskAsync(_listen, Message.Query(name, type, edns: edns));

    /// <summary>Sends a query by one of the four ways in.</summary>
    public async Task<ParsedMessage> AskAsync(string way, byte[] query) => way switch
    {
        "udp" => await DnsUdpClient.AskAsync(_listen, query),
        "tcp" => await DnsTcpClient.AskAsync(_listen, query),
        "dot" => await DotClient.AskAsync(_tls, query),
        _ => (await Curl.PostAsync(_lab, Process, query)).Message,
    };

    /// <summary>Asks with kdig over UDP, or as its options say.</summary>
    public Task<Kdig> DigAsync(params string[] options) => Kdig.AskAsync(_listen, options);

    private string Write(string[] lines) => _lab.Scratch.Write("cache.conf", string.Join('\n',
    [
        $"setLocal('{_listen}')", $"addTLSLocal('{_tls}', {_certificate})", $"addDOHLocal('{_doh}', {_certificate})",
        $"controlSocket('{Console}') setKey('{Key}')", .. lines,
    ]));
}

/// <summary>A reading of what a cache has counted.</summary>
internal sealed class CacheStats(IReadOnlyDictionary<string, long> values)
{
    public long this[string key] => values[key];

    public long Hits => values["hits"];

    public long Misses => values["misses"];

    public long Entries => values["entries"];

    public override string ToString() => string.Join(", ", values.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key}={one.Value}")));
}
