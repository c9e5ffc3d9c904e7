using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A resolver of somebody else's that sends all it is asked over DNS-over-TLS to one server.</summary>
internal sealed class Forwarder : Daemon
{
    private Forwarder(string name, IPEndPoint endPoint, string[] command)
        : base(name, endPoint, command, network: null)
    {
    }

    /// <summary>stubby, which validates strictly and pads.</summary>
    public static Task<Forwarder> StubbyAsync(Lab lab, IPEndPoint server)
    {
        IPEndPoint listen = Ports.Next();
        string configuration = lab.Scratch.Write("stubby.yml", $"""
            resolution_type: GETDNS_RESOLUTION_STUB
            dns_transport_list:
              - GETDNS_TRANSPORT_TLS
            tls_authentication: GETDNS_AUTHENTICATION_REQUIRED
            tls_ca_file: "{lab.Scratch.Write("stubby-ca.pem", lab.Authority.Pem)}"
            tls_query_padding_blocksize: 128
            appdata_dir: "{lab.Scratch.Folder}"
            idle_timeout: 10000
            listen_addresses:
              - {listen.Address}@{listen.Port}
            upstream_recursive_servers:
              - address_data: {server.Address}
                tls_port: {server.Port}
                tls_auth_name: "{Lab.BackendName}"
            """);
        return StartAsync(lab, "stubby", listen, "stubby", "-C", configuration);
    }

    /// <summary>unbound, which validates the name after the hash sign.</summary>
    public static Task<Forwarder> UnboundAsync(Lab lab, IPEndPoint server)
    {
        IPEndPoint listen = Ports.Next();
        string configuration = lab.Scratch.Write("unbound-forwarder.conf", UnboundFile.Of(
            listen,
            $"""
                do-not-query-localhost: no
                tls-cert-bundle: "{lab.Scratch.Write("unbound-ca.pem", lab.Authority.Pem)}"
            """,
            $"""
            forward-zone:
                name: "."
                forward-tls-upstream: yes
                forward-addr: {server.Address}@{server.Port}#{Lab.BackendName}
            """));
        return StartAsync(lab, "unbound", listen, "unbound", "-d", "-c", configuration);
    }

    /// <summary>dnsdist with out-of-order answers, whose checks are ours to answer too.</summary>
    public static Task<Forwarder> DnsdistAsync(Lab lab, IPEndPoint server) => DnsdistAsync(lab, $$"""
            newServer{address="{{server}}", tls="openssl", subjectName="{{Lab.BackendName}}", validateCertificates=true,
              caStore="{{lab.Scratch.Write("dnsdist-ca.pem", lab.Authority.Pem)}}", maxInFlight=100, checkTimeout=20000}
            """);

    /// <summary>dnsdist with its own number of queries on a connection, and no checks.</summary>
    /// <param name="lab">Whose it is.</param>
    /// <param name="server">Whom it asks over TLS.</param>
    /// <param name="newest">The newest version of TLS it offers, as OpenSSL's configuration names it.</param>
    public static Task<Forwarder> DnsdistOneAtATimeAsync(Lab lab, IPEndPoint server, string newest)
    {
        string openSsl = lab.Scratch.Write("openssl.cnf", $"""
            openssl_conf = init
            [init]
            ssl_conf = ssl
            [ssl]
            system_default = limits
            [limits]
            MaxProtocol = {newest}
            """);
        return DnsdistAsync(
            lab,
            $$"""
            newServer{address="{{server}}", tls="openssl", validateCertificates=false, tcpOnly=true, healthCheckMode="up"}
            """,
            "env", $"OPENSSL_CONF={openSsl}");
    }

    /// <summary>dnsdist that asks over HTTPS, and checks us so too.</summary>
    public static Task<Forwarder> DnsdistOverHttpsAsync(Lab lab, IPEndPoint server) => DnsdistAsync(lab, $$"""
            newServer{address="{{server}}", tls="openssl", subjectName="{{Lab.BackendName}}", validateCertificates=true,
              caStore="{{lab.Scratch.Write("dnsdist-ca.pem", lab.Authority.Pem)}}", dohPath="/dns-query", checkTimeout=20000}
            """);

    /// <summary>dnsdist with these further lines of configuration, started by these words.</summary>
    public static Task<Forwarder> DnsdistAsync(Lab lab, string lines, params string[] prefix)
    {
        IPEndPoint listen = Ports.Next();
        string configuration = lab.Scratch.Write("dnsdist.conf", $"""
            setSecurityPollSuffix("")
            setLocal("{listen}")
            {lines}
            """);
        return StartAsync(lab, "dnsdist", listen, [.. prefix, "dnsdist", "-C", configuration, "--supervised", "--disable-syslog"]);
    }

    private static async Task<Forwarder> StartAsync(Lab lab, string name, IPEndPoint listen, params string[] command)
    {
        var forwarder = new Forwarder(name, listen, command);
        await forwarder.StartAsync();
        return lab.Keep(forwarder);
    }
}
