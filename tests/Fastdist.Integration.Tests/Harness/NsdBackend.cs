using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>
/// NSD, serving the <see cref="RootZone"/> over DNS-over-TLS and over plain TCP. Debian's NSD 4.6 answers only the first of several messages in one
/// TLS record until more bytes arrive, so it is no backend for tests that pipeline.
/// </summary>
internal sealed class NsdBackend : Daemon
{
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
                zonefile: "{scratch.Write($"nsd-{name}.zone", RootZone.File())}"
            """);
        var backend = new NsdBackend(name, tls, plain, ["nsd", "-d", "-c", configuration], network);
        await backend.StartAsync();
        return backend;
    }
}
