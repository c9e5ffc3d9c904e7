using System;
using System.IO;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Configuration;

/// <summary>The lines that dnsdist's guide to DNS-over-TLS prints, on a host that has the addresses and files they name.</summary>
public sealed class GuideTests
{
    private const string One = "addTLSLocal('192.0.2.55', '/etc/ssl/certs/example.com.pem', '/etc/ssl/private/example.com.key')";

    private const string Two =
        "addTLSLocal('192.0.2.55', {'/etc/ssl/certs/example.com.rsa.pem', '/etc/ssl/certs/example.com.ecdsa.pem'}, {'/etc/ssl/private/example.com.rsa.key', '/etc/ssl/private/example.com.ecdsa.key'})";

    private const string Server = "newServer({address=\"[2001:DB8::1]:853\", tls=\"openssl\", subjectName=\"dot.powerdns.com\", validateCertificates=true})";

    private static readonly IPEndPoint s_address = IPEndPoint.Parse("192.0.2.55:53");

    [Fact]
    public async Task Queries_over_udp_tcp_tls_and_https_all_leave_over_tls()
    {
        await using var lab = new Lab();
        NetworkNamespace host = await HostAsync(lab);
        await StartAsync(lab, host, One, Server, "setLocal('192.0.2.55')", "addDOHLocal('192.0.2.55', '/etc/ssl/certs/example.com.pem', '/etc/ssl/private/example.com.key')");

        foreach ((int port, string option) in new[] { (53, "+notcp"), (53, "+tcp"), (853, "+tls"), (443, "+https") })
        {
            // It has no other socket than the one for DNS-over-TLS.
            Kdig answer = await Kdig.AskAsync(host, "192.0.2.55", port, option, "name.example", "A");
            Assert.True(answer.Status == "NOERROR" && answer.Holds("192.0.2.1"), $"{option}\n{answer.Text}");
        }
    }

    [Theory]
    [InlineData("rsa_pss_rsae_sha256", "RSA-PSS")]
    [InlineData("ecdsa_secp256r1_sha256", "ECDSA")]
    public async Task A_client_gets_the_chain_of_the_kind_of_key_that_it_can_check(string signatures, string shown)
    {
        await using var lab = new Lab();
        NetworkNamespace host = await HostAsync(lab);
        await StartAsync(lab, host, Two, Server);

        string authority = lab.Scratch.Write("authority.pem", lab.Authority.Pem);
        ChildProcess client = await ChildProcess.RunAsync(
            [.. host.Prefix, "sh", "-c", $"openssl s_client -connect 192.0.2.55:853 -CAfile {authority} -verify_hostname example.com -verify_return_error -sigalgs {signatures} </dev/null"]);

        string text = client.Output.ToString();
        Assert.True(text.Contains($"Peer signature type: {shown}", StringComparison.Ordinal) && text.Contains("Verify return code: 0 (ok)", StringComparison.Ordinal), $"{text}\n{client.Log}");
    }

    private static async Task<NetworkNamespace> HostAsync(Lab lab)
    {
        NetworkNamespace host = await lab.NetworkAsync();
        await host.RunAsync("ip", "address", "add", "192.0.2.55/32", "dev", "lo");
        await host.RunAsync("ip", "address", "add", "2001:db8::1/128", "dev", "lo", "nodad");
        lab.Keep(await UnboundBackend.StartAsync(lab.Scratch, "one", lab.Authority.Issue("dot.powerdns.com"), IPEndPoint.Parse("[2001:db8::1]:853"), host));
        return host;
    }

    /// <summary>Starts it where the files of the guide are, and the authority is one of those that the host trusts.</summary>
    private static async Task StartAsync(Lab lab, NetworkNamespace host, params string[] lines)
    {
        Directory.CreateDirectory(lab.Scratch.PathOf("certs"));
        Directory.CreateDirectory(lab.Scratch.PathOf("private"));
        lab.Scratch.Write("certs/ca-certificates.crt", lab.Authority.Pem);
        ServerCertificate rsa = lab.Authority.IssueRsa("example.com"), ecdsa = lab.Authority.Issue("example.com");
        foreach ((string name, ServerCertificate certificate) in new[] { ("example.com", ecdsa), ("example.com.rsa", rsa), ("example.com.ecdsa", ecdsa) })
        {
            lab.Scratch.Write($"certs/{name}.pem", certificate.CertificatePem);
            lab.Scratch.WriteSecret($"private/{name}.key", certificate.KeyPem);
        }

        const string Furnish = "mount -t tmpfs tmpfs /etc/ssl/certs && mount -t tmpfs tmpfs /etc/ssl/private && cp certs/* /etc/ssl/certs && cp private/* /etc/ssl/private && exec \"$@\"";
        string file = lab.Scratch.Write("dnsdist.conf", string.Join('\n', [.. lines, "addACL('192.0.2.0/24')"]));
        lab.Keep(await FastdistProcess.StartAsync(
            s_address, ["-C", file], host, prefix: ["unshare", "-m", "sh", "-c", $"cd {lab.Scratch.Folder} && {Furnish}", "sh"]));
    }
}
