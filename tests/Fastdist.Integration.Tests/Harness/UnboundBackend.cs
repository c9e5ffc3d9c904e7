using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>unbound, answering every name from local data over DNS-over-TLS.</summary>
internal sealed class UnboundBackend : Daemon
{
    private UnboundBackend(string name, IPEndPoint endPoint, string[] command, NetworkNamespace? network)
        : base(name, endPoint, command, network)
    {
    }

    public static async Task<UnboundBackend> StartAsync(
        Scratch scratch, string name, ServerCertificate certificate, IPAddress address, NetworkNamespace? network = null) =>
        await StartAsync(scratch, name, certificate, new IPEndPoint(address, Ports.NextNumber()), network);

    public static async Task<UnboundBackend> StartAsync(Scratch scratch, string name, ServerCertificate certificate, IPEndPoint endPoint, NetworkNamespace? network)
    {
        // One local zone for the root: unbound never asks anyone else.
        string configuration = scratch.Write($"unbound-{name}.conf", UnboundFile.Of(endPoint, $"""
                tls-port: {endPoint.Port}
                tls-service-key: "{scratch.Write($"unbound-{name}.key", certificate.KeyPem)}"
                tls-service-pem: "{scratch.Write($"unbound-{name}.pem", certificate.CertificatePem)}"
                access-control: 0.0.0.0/0 allow
                access-control: ::0/0 allow
                incoming-num-tcp: 100
                tcp-idle-timeout: 600000
                local-zone: "." redirect
                local-data: ". 3600 IN A 192.0.2.1"
            """));
        var backend = new UnboundBackend(name, endPoint, ["unbound", "-d", "-c", configuration], network);
        await backend.StartAsync();
        return backend;
    }
}
