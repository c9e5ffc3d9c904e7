using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// NSD, serving the root zone over DNS-over-TLS and over plain TCP: <c>*.load.test</c> has an address, and
/// <c>tN.test</c> has an answer of about N bytes. Debian's NSD 4.6 answers only the first of several messages in one
/// TLS record until more bytes arrive, so it is no backend for tests that pipeline.
/// </summary>
internal sealed class NsdBackend : Daemon
{
    private static readonly int[] TextSizes = [600, 1_500, 4_000, 16_000, 60_000];

    private NsdBackend(string name, IPEndPoint tls, IPEndPoint plain, string[] command, NetworkNamespace? network)
        : base(name, tls, command, network)
    {
        Plain = plain;
    }

    /// <summary>Plain TCP and UDP.</summary>
    public IPEndPoint Plain { get; }

    public static async Task<NsdBackend> StartAsync(
        Scratch scratch, string name, ServerCertificate certificate, IPAddress address, NetworkNamespace? network = null,
        int queriesPerConnection = 0)
    {
        IPEndPoint tls = new(address, Ports.NextNumber());
        IPEndPoint plain = new(address, Ports.NextNumber());
        string configuration = scratch.Write($"nsd-{name}.conf", $"""
            server:
                ip-address: {address}@{tls.Port}
                ip-address: {address}@{plain.Port}
                tls-port: {tls.Port}
                tls-service-key: "{scratch.Write($"nsd-{name}.key", certificate.KeyPem)}"
                tls-service-pem: "{scratch.Write($"nsd-{name}.pem", certificate.CertificatePem)}"
                server-count: 1
                tcp-count: 1000
                tcp-query-count: {queriesPerConnection}
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
