using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// NSD, serving the root zone over DNS-over-TLS and over plain TCP: <c>*.load.test</c> has an address, and
/// <c>tN.test</c> has an answer of about N bytes.
/// </summary>
internal sealed class NsdBackend : IBackend
{
    private static readonly int[] TextSizes = [600, 1_500, 4_000, 16_000, 60_000];

    private readonly string[] _command;
    private readonly NetworkNamespace? _network;
    private ChildProcess? _process;

    private NsdBackend(string name, IPEndPoint tls, IPEndPoint plain, string[] command, NetworkNamespace? network)
    {
        Name = name;
        EndPoint = tls;
        Plain = plain;
        _command = command;
        _network = network;
    }

    public string Name { get; }

    /// <summary>DNS-over-TLS.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Plain TCP and UDP.</summary>
    public IPEndPoint Plain { get; }

    public ChildProcess Process => _process!;

    public static async Task<NsdBackend> StartAsync(
        Scratch scratch, string name, ServerCertificate certificate, IPAddress address, NetworkNamespace? network = null)
    {
        IPAddress here = network is null ? address : IPAddress.Loopback;
        IPEndPoint tls = new(address, Ports.Free(here).Port);
        IPEndPoint plain = new(address, Ports.Free(here).Port);
        string configuration = scratch.Write($"nsd-{name}.conf", $"""
            server:
                ip-address: {address}@{tls.Port}
                ip-address: {address}@{plain.Port}
                tls-port: {tls.Port}
                tls-service-key: "{scratch.Write($"nsd-{name}.key", certificate.KeyPem)}"
                tls-service-pem: "{scratch.Write($"nsd-{name}.pem", certificate.CertificatePem)}"
                server-count: 1
                tcp-count: 1000
                tcp-query-count: 0
                tcp-timeout: 600
                username: ""
                zonesdir: ""
                database: ""
                pidfile: ""
                xfrdfile: "{scratch.PathOf($"nsd-{name}.xfrd")}"
                zonelistfile: "{scratch.PathOf($"nsd-{name}.zones")}"
                xfrdir: "{scratch.Folder}"
                rrl-ratelimit: 0
            remote-control:
                control-enable: no
            zone:
                name: "."
                zonefile: "{scratch.Write($"nsd-{name}.zone", Zone())}"
            """);
        var backend = new NsdBackend(name, tls, plain, ["nsd", "-d", "-c", configuration], network);
        await backend.StartAsync();
        return backend;
    }

    public async Task StartAsync()
    {
        _process = _network is null ? new ChildProcess(_command) : _network.Start(_command);
        await Patience.UntilAsync(AcceptsAsync, $"NSD on {EndPoint}; it says:\n{_process.Log}");
    }

    /// <summary>Ends the daemon and its children at once, as a crash of the host would.</summary>
    public async Task KillAsync()
    {
        foreach (int process in ProcessTable.Family(Process.Id))
        {
            LinuxSignals.Send(process, LinuxSignal.Kill);
        }

        await Process.ExitAsync();
    }

    /// <summary>Stops or continues the daemon and its children; stopped, it is a black hole.</summary>
    public void SignalAll(LinuxSignal signal)
    {
        foreach (int process in ProcessTable.Family(Process.Id))
        {
            LinuxSignals.Send(process, signal);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Process.HasExited)
        {
            await KillAsync();
        }

        await Process.DisposeAsync();
    }

    private Task<bool> AcceptsAsync()
    {
        using Socket socket = _network is null
            ? new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : _network.Enter(() => new Socket(EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
        try
        {
            socket.Connect(EndPoint);
            return Task.FromResult(true);
        }
        catch (SocketException) when (!Process.HasExited)
        {
            return Task.FromResult(false);
        }
    }

    private static string Zone()
    {
        var zone = new StringBuilder("""
            $ORIGIN .
            $TTL 3600
            @ IN SOA a.root-servers.net. nobody.test. 1 3600 600 86400 3600
            @ IN NS a.root-servers.net.
            a.root-servers.net. IN A 192.0.2.53
            *.load.test. IN A 192.0.2.1
            *.load.test. IN AAAA 2001:db8::1

            """);
        foreach (int size in TextSizes)
        {
            // Each record: 12 bytes before the data, a length byte and 200 of text.
            for (int i = 0; i < size / 213; i++)
            {
                zone.AppendLine($"t{size}.test. IN TXT \"{i:0000}{string.Concat(Enumerable.Repeat('t', 196))}\"");
            }
        }

        return zone.ToString();
    }
}
