using System.Linq;
using System.Net;
using System.Security.Authentication;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Forwarding;

[Trait("Stage", "1")]
public sealed class TlsValidationTests
{
    /// <summary>The last info code that IANA has registered; which one fits is the product's choice.</summary>
    private const int LastKnownExtendedError = 30;

    [Theory]
    [InlineData("wrong name", "io_uring")]
    [InlineData("wrong name", "epoll")]
    [InlineData("other authority", "io_uring")]
    [InlineData("other authority", "epoll")]
    [InlineData("expired", "io_uring")]
    [InlineData("expired", "epoll")]
    [InlineData("self-signed", "io_uring")]
    [InlineData("self-signed", "epoll")]
    public async Task A_certificate_that_does_not_verify_gets_no_query_and_the_client_a_SERVFAIL(string flaw, string ring)
    {
        await using var lab = new Lab();
        (ServerCertificate certificate, string subject, string issuer) = Flawed(lab, flaw);
        RogueBackend backend = lab.Rogue(Rogue.Answers, certificate);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Server(backend.EndPoint, "flawed"), "--io", ring);

        LogLine line = await fastdist.ToldAsync(LogEvent.CertificateRefused, line => line["backend"] == "flawed");
        Assert.StartsWith(subject, OneWay(line["subject"]));
        Assert.StartsWith(issuer, OneWay(line["issuer"]));
        await fastdist.MarkedDownAsync("flawed");

        ParsedMessage udp = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("u.load.test", edns: 1_232));
        ParsedMessage tcp = await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("t.load.test", edns: 1_232));
        ParsedMessage plain = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("p.load.test"));

        Assert.Equal([Rcode.ServFail, Rcode.ServFail, Rcode.ServFail], [udp.Rcode, tcp.Rcode, plain.Rcode]);
        Assert.InRange(udp.Edns?.ExtendedError ?? -1, 0, LastKnownExtendedError);
        Assert.InRange(tcp.Edns?.ExtendedError ?? -1, 0, LastKnownExtendedError);
        Assert.Null(plain.Edns);
        Assert.Empty(backend.Received);
        Counters counters = await fastdist.CountersAsync();
        Assert.True(counters.Backend("flawed")["tls-failures"] > 0);
        Assert.Equal("down", counters.Backend("flawed").Text("state"));
    }

    [Theory]
    [InlineData("wrong name")]
    [InlineData("other authority")]
    [InlineData("expired")]
    [InlineData("self-signed")]
    public async Task Without_validation_any_certificate_will_do(string flaw)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, Flawed(lab, flaw).Certificate);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", $"{backend.EndPoint},name=any,validateCertificates=false");
        await fastdist.MarkedUpAsync("any");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
    }

    [Fact]
    public async Task A_certificate_may_be_checked_by_its_address()
    {
        await using var lab = new Lab();
        RogueBackend good = lab.Rogue(Rogue.Answers, lab.Authority.Issue("elsewhere.test", IPAddress.Loopback));
        RogueBackend bad = lab.Rogue(Rogue.Answers, lab.Authority.Issue("elsewhere.test", IPAddress.Parse("192.0.2.1")));
        string trust = $"subjectAddr=127.0.0.1,caStore={lab.Scratch.Write("ca.pem", lab.Authority.Pem)}";
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", $"{good.EndPoint},name=good,{trust}", "--server", $"{bad.EndPoint},name=bad,{trust}");

        await fastdist.MarkedUpAsync("good");
        await fastdist.ToldAsync(LogEvent.CertificateRefused, line => line["backend"] == "bad");
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task TLS_1_2_and_1_3_are_spoken_with_the_server_name_and_the_protocol_name_dot(SslProtocols version)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, protocols: version);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));

        Assert.Equal(Rcode.NoError, answer.Rcode);
        RogueSession session = backend.Sessions.First(one => one.Records > 0);
        Assert.Equal(version, session.Protocol);
        Assert.Equal("dot.test", session.ServerName);
        Assert.Equal("dot", session.Alpn);
    }

    /// <summary>OpenSSL has several ways to write a name; ours leads to one of them.</summary>
    private static string OneWay(string name) => name.Replace("CN = ", "CN=").Replace("/CN=", "CN=");

    private static (ServerCertificate Certificate, string Subject, string Issuer) Flawed(Lab lab, string flaw)
    {
        const string good = Lab.BackendName;
        const string authority = "CN=fastdist test authority";
        return flaw switch
        {
            "wrong name" => (lab.Authority.Issue("elsewhere.test"), "CN=elsewhere.test", authority),
            "other authority" => (new CertificateAuthority("a stranger").Issue(good), $"CN={good}", "CN=a stranger"),
            "expired" => (lab.Authority.IssueExpired(good), $"CN={good}", authority),
            _ => (CertificateAuthority.SelfSigned(good), $"CN={good}", $"CN={good}"),
        };
    }
}
