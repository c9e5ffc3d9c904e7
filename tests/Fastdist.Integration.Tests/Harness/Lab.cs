using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Authentication;
using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>One test's world: an authority, backends, a proxy. All of it ends with the test, the last made first.</summary>
internal sealed class Lab : IAsyncDisposable
{
    /// <summary>What the certificates of good backends are made out to.</summary>
    public const string BackendName = "dot.test";

    private readonly Stack<IAsyncDisposable> _things = new();

    public Scratch Scratch { get; } = new();

    public CertificateAuthority Authority { get; } = new();

    /// <summary>The option that makes fastdist trust the authority.</summary>
    public string Trust => $"subjectName={BackendName},caStore={Scratch.Write("ca.pem", Authority.Pem)}";

    public RogueBackend Rogue(
        Func<RogueSession, Task> script,
        ServerCertificate? certificate = null,
        SslProtocols protocols = SslProtocols.None,
        bool checks = false,
        bool asksForCertificate = false,
        Func<RogueSession, Task>? beforeHandshake = null,
        string protocol = "dot") =>
        Keep(new RogueBackend(
            RogueBackend.Listen(Ports.Address), certificate ?? Authority.Issue(BackendName), script, protocols, asksForCertificate, protocol)
        {
            ScriptSeesChecks = checks,
            BeforeHandshake = beforeHandshake,
        });

    /// <summary>A backend that gets connections and never a handshake of ours.</summary>
    public RogueBackend RogueWithoutTls(Func<RogueSession, Task> script, bool checks = false) =>
        Keep(new RogueBackend(RogueBackend.Listen(Ports.Address), null, script) { ScriptSeesChecks = checks });

    /// <summary>A backend of one of the <see cref="Exchanges"/>.</summary>
    public RogueBackend Rogue(string transport, Func<RogueSession, Task> script, bool checks = false) => transport switch
    {
        "dot" => Rogue(script, checks: checks),
        "tcp" => RogueWithoutTls(script, checks),
        _ => RogueOfDatagrams(script, checks),
    };

    /// <summary>A backend that gets datagrams, those from each port as a connection of its own.</summary>
    public RogueBackend RogueOfDatagrams(Func<RogueSession, Task> script, bool checks = false)
    {
        RogueBackend backend =
            Keep(new RogueBackend(RogueBackend.Listen(Ports.Address), null, script) { ScriptSeesChecks = checks, Transport = "udp" });
        Keep(new DatagramGateway(backend.EndPoint));
        return backend;
    }

    /// <param name="name">What it is called.</param>
    /// <param name="address">Where it listens; within the host unless told otherwise.</param>
    /// <param name="network">Where it runs.</param>
    /// <param name="queriesPerConnection">After which it closes; 0 is never.</param>
    public async Task<NsdBackend> NsdAsync(
        string name = "one", IPAddress? address = null, NetworkNamespace? network = null, int queriesPerConnection = 0) =>
        Keep(await NsdBackend.StartAsync(
            Scratch, name, Authority.Issue(BackendName), address ?? AddressOn(network), network, queriesPerConnection));

    public async Task<UnboundBackend> UnboundAsync(
        string name = "one", IPAddress? address = null, NetworkNamespace? network = null) =>
        Keep(await UnboundBackend.StartAsync(Scratch, name, Authority.Issue(BackendName), address ?? AddressOn(network), network));

    public async Task<ResponderBackend> ResponderAsync(string name = "one", string transport = "tcp") =>
        Keep(await ResponderBackend.StartAsync(name, transport));

    /// <summary>A real server over one of the <see cref="Exchanges"/>, to be killed and started again.</summary>
    public async Task<Daemon> DaemonAsync(string transport, string name = "one") =>
        transport == "dot" ? await UnboundAsync(name) : await ResponderAsync(name, transport);

    /// <summary>One of the programs that <see cref="PlainServer"/> knows, asked over UDP.</summary>
    public async Task<PlainServer> PlainAsync(
        string program = "nsd", string name = "one", IPAddress? address = null, NetworkNamespace? network = null) =>
        Keep(await PlainServer.StartAsync(Scratch, program, name, address ?? AddressOn(network), network));

    /// <summary>A server of UDP that does what its script says.</summary>
    public RogueDatagrams Datagrams(Action<RogueDatagrams, ReceivedDatagram> script, bool checks = false) =>
        Keep(new RogueDatagrams(Ports.Next(), script) { ScriptSeesChecks = checks });

    /// <summary>The same on another host.</summary>
    public RogueDatagrams DatagramsOn(NetworkNamespace host, IPAddress address, Action<RogueDatagrams, ReceivedDatagram> script) =>
        Keep(host.Enter(() => new RogueDatagrams(new IPEndPoint(address, Ports.NextNumber()), script)));

    /// <summary>A way to a server that treats packets as told.</summary>
    public DatagramRelay Relay(IPEndPoint server, Weather weather) => Keep(new DatagramRelay(server, weather));

    /// <summary>A backend on a host of its own.</summary>
    public RogueBackend RogueOn(NetworkNamespace host, Func<RogueSession, Task> script) =>
        Keep(new RogueBackend(host.Enter(() => RogueBackend.Listen(IPAddress.Loopback)), Authority.Issue(BackendName), script));

    public async Task<NetworkNamespace> NetworkAsync() => Keep(await NetworkNamespace.CreateAsync());

    /// <summary>The value of <c>--server</c> for a backend with a certificate of our authority.</summary>
    public string Server(IPEndPoint endPoint, string name, params string[] options) =>
        Server("dot", endPoint, name, options);

    public string Server(Daemon backend, params string[] options) => Server(backend.Transport, backend.EndPoint, backend.Name, options);

    public string Server(RogueDatagrams backend, string name, params string[] options) => Server("udp", backend.EndPoint, name, options);

    public string Server(RogueBackend backend, string name, params string[] options) =>
        Server(backend.Transport, backend.EndPoint, name, options);

    /// <summary>A rogue backend taken as it is, without health checks between the test's own queries.</summary>
    public string Unchecked(RogueBackend backend, string name, params string[] options) =>
        Server(backend, name, ["healthCheckMode=up", .. options]);

    /// <inheritdoc cref="Unchecked(RogueBackend, string, string[])"/>
    public string Unchecked(RogueDatagrams backend, string name, params string[] options) =>
        Server(backend, name, ["healthCheckMode=up", .. options]);

    /// <summary>fastdist on a port of its own, with these arguments.</summary>
    public Task<FastdistProcess> FastdistAsync(params string[] arguments) =>
        FastdistAsync(Ports.Next(), arguments);

    public async Task<FastdistProcess> FastdistAsync(IPEndPoint listen, params string[] arguments) =>
        Keep(await FastdistProcess.StartAsync(listen, ["-l", $"{listen}", .. arguments]));

    /// <summary>fastdist on a host of its own.</summary>
    public async Task<FastdistProcess> FastdistOnAsync(NetworkNamespace host, IPEndPoint listen, params string[] arguments) =>
        Keep(await FastdistProcess.StartAsync(listen, ["-l", $"{listen}", .. arguments], host));

    /// <summary>fastdist with one backend that is up, and stays so when the machine is too busy to check it in time.</summary>
    public async Task<FastdistProcess> FastdistBeforeAsync(Daemon backend, params string[] arguments)
    {
        FastdistProcess fastdist = await FastdistAsync(["--server", Server(backend, "checkTimeout=20000"), .. arguments]);
        await fastdist.MarkedUpAsync(backend.Name);
        return fastdist;
    }

    /// <summary>fastdist with one rogue backend, called "one", that is not checked.</summary>
    public Task<FastdistProcess> FastdistBeforeAsync(RogueBackend backend, params string[] arguments) =>
        FastdistAsync(["--server", Unchecked(backend, "one"), .. arguments]);

    /// <summary>The options that present this certificate, from files of this name that a reload finds again.</summary>
    public string Certificate(ServerCertificate certificate, string file = "dot")
    {
        string chain = Scratch.Write($"{file}.pem", certificate.CertificatePem);
        return $"cert={chain},key={Scratch.WriteSecret($"{file}.key", certificate.KeyPem)}";
    }

    /// <summary>fastdist that answers over TLS, UDP and TCP before this backend.</summary>
    /// <param name="backend">Its only backend.</param>
    /// <param name="tls">The options of <c>--tls-local</c>; without, a certificate for <see cref="BackendName"/>.</param>
    /// <param name="arguments">Further flags.</param>
    public Task<FastdistProcess> DotAsync(RogueBackend backend, string? tls = null, params string[] arguments) =>
        DotAsync(tls, ["--server", Unchecked(backend, "one"), .. arguments]);

    /// <inheritdoc cref="DotAsync(RogueBackend, string?, string[])"/>
    public async Task<FastdistProcess> DotAsync(Daemon backend, string? tls = null, params string[] arguments)
    {
        FastdistProcess fastdist = await DotAsync(tls, ["--server", Server(backend, "checkTimeout=20000"), .. arguments]);
        await fastdist.MarkedUpAsync(backend.Name);
        return fastdist;
    }

    /// <summary>fastdist that answers over TLS, UDP and TCP, with these arguments.</summary>
    public async Task<FastdistProcess> DotAsync(
        string? tls, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        IPEndPoint listen = Ports.Next();
        IPEndPoint secure = Ports.Next();
        return Keep(await FastdistProcess.StartAsync(
            listen,
            ["-l", $"{listen}", "--tls-local", $"{secure},{tls ?? Certificate(Authority.Issue(BackendName))}", .. arguments],
            tls: secure,
            environment: environment));
    }

    /// <summary>fastdist that answers over HTTPS, UDP and TCP before this backend.</summary>
    /// <param name="backend">Its only backend.</param>
    /// <param name="doh">The options of <c>--doh-local</c>; empty for HTTP in the clear; without, a certificate for <see cref="BackendName"/>.</param>
    /// <param name="arguments">Further flags.</param>
    public Task<FastdistProcess> DohAsync(RogueBackend backend, string? doh = null, params string[] arguments) =>
        DohAsync(doh, ["--server", Unchecked(backend, "one"), .. arguments]);

    /// <inheritdoc cref="DohAsync(RogueBackend, string?, string[])"/>
    public async Task<FastdistProcess> DohAsync(Daemon backend, string? doh = null, params string[] arguments)
    {
        FastdistProcess fastdist = await DohAsync(doh, ["--server", Server(backend, "checkTimeout=20000"), .. arguments]);
        await fastdist.MarkedUpAsync(backend.Name);
        return fastdist;
    }

    /// <summary>fastdist that answers over HTTPS, UDP and TCP, with these arguments.</summary>
    public async Task<FastdistProcess> DohAsync(string? doh, string[] arguments)
    {
        IPEndPoint listen = Ports.Next();
        IPEndPoint web = Ports.Next();
        string options = doh ?? DohCertificate();
        return Keep(await FastdistProcess.StartAsync(
            listen, ["-l", $"{listen}", "--doh-local", options.Length > 0 ? $"{web},{options}" : $"{web}", .. arguments], doh: web));
    }

    /// <summary>The options that present a certificate over HTTPS, with these behind it.</summary>
    public string DohCertificate(params string[] options) =>
        string.Join(',', [Certificate(Authority.Issue(BackendName), "doh"), .. options]);

    private static IPAddress AddressOn(NetworkNamespace? host) => host is null ? Ports.Address : IPAddress.Loopback;

    /// <summary>The value of <c>--server</c> for whoever is asked over one of the <see cref="Exchanges"/>.</summary>
    public string Server(string transport, IPEndPoint endPoint, string name, params string[] options) =>
        string.Join(',', (string[])[$"{endPoint}", $"name={name}", .. Ways(transport), .. Patient(options)]);

    private string[] Ways(string transport) => transport switch
    {
        "udp" => ["tls=udp"],
        "tcp" => ["tls=none"],
        _ => [Trust],
    };

    /// <summary>A test that is not about the deadline of a query gives it the time that a busy machine needs.</summary>
    private static string[] Patient(string[] options) => WithDefault("udpTimeout=30", WithDefault("queryTimeout=30000", options));

    private static string[] WithDefault(string setting, string[] options) =>
        options.Any(option => option.Contains(setting[..(setting.IndexOf('=', StringComparison.Ordinal) + 1)], StringComparison.Ordinal))
            ? options
            : [setting, .. options];

    public T Keep<T>(T thing)
        where T : IAsyncDisposable
    {
        _things.Push(thing);
        return thing;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            while (_things.TryPop(out IAsyncDisposable? thing))
            {
                if ((thing as ChildProcess ?? (thing as Daemon)?.Process) is { } process)
                {
                    TestContext.Current.TestOutputHelper?.WriteLine(
                        $"{process.Command}\n{string.Join('\n', process.Log.Snapshot().TakeLast(60))}");
                }

                await thing.DisposeAsync();
            }
        }
        finally
        {
            Scratch.Dispose();
        }
    }
}
