using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>Whom a backend is asked for, what it may prove itself by, and under which protocol's name.</summary>
public sealed class SubjectTests
{
    public static TheoryData<string, string> Ways => new(("io_uring", "openssl"), ("epoll", "openssl"), ("io_uring", "sslstream"), ("epoll", "sslstream"));

    [Theory, MemberData(nameof(Ways)), Trait("Row", "C3")]
    public async Task A_name_is_sent_and_checked_in_its_canonical_form(string ring, string provider)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, lab.Authority.Issue("dot.xn--bcher-kva.test"));
        await AskedAsync(lab, backend, ring, provider, "subjectName=DOT.bücher.test.");

        // The backend's library shows the A-label that came as what it stands for.
        Assert.Equal("dot.bücher.test", backend.Sessions[0].ServerName);
    }

    [Theory, MemberData(nameof(Ways)), Trait("Row", "C3")]
    public async Task An_address_is_checked_and_not_sent(string ring, string provider)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, lab.Authority.Issue("elsewhere.test", IPAddress.Loopback));
        await AskedAsync(lab, backend, ring, provider, "subjectName=127.0.0.1");

        Assert.Equal("", backend.Sessions[0].ServerName);
    }

    [Theory, MemberData(nameof(Ways)), Trait("Row", "C5")]
    public async Task A_backend_that_refuses_the_name_of_the_protocol_is_asked_without_it(string ring, string provider)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer, lab.Authority.Issue("dot.test"), protocol: "other");
        FastdistProcess fastdist = await AskedAsync(lab, backend, ring, provider, "subjectName=dot.test");
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query($"x{i}.load.test"))).Rcode);
        }

        await fastdist.ToldAsync(LogEvent.ProtocolRefused, line => line["backend"] == "one" && line["protocol"] == "dot");
        CounterLine counters = (await fastdist.CountersAsync()).Backend("one");
        Assert.Equal((1, 0), (counters["tls-handshake-alert-no-application-protocol"], counters["lost-connections"]));
    }

    [Theory, MemberData(nameof(Ways)), Trait("Row", "C5")]
    public async Task No_name_is_offered_when_none_is_wanted(string ring, string provider)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, lab.Authority.Issue("dot.test"), protocol: "other");
        FastdistProcess fastdist = await AskedAsync(lab, backend, ring, provider, "subjectName=dot.test,alpn=none");

        Assert.Equal(0, (await fastdist.CountersAsync()).Backend("one")["tls-failures"]);
    }

    [Theory, MemberData(nameof(Ways)), Trait("Row", "C6")]
    public async Task A_store_with_the_backends_own_certificate_is_enough(string ring, string provider)
    {
        await using var lab = new Lab();
        ServerCertificate own = CertificateAuthority.SelfSigned("dot.test");
        ServerCertificate issued = lab.Authority.Issue("dot.test");
        foreach (ServerCertificate certificate in new[] { own, issued })
        {
            RogueBackend backend = lab.Rogue(Rogue.Answers, certificate);
            await AskedAsync(lab, backend, ring, provider, $"subjectName=dot.test,caStore={lab.Scratch.Write($"{certificate.Pin[..3].Replace('/', '_')}.pem", certificate.CertificatePem)}");
        }
    }

    private static async Task<FastdistProcess> AskedAsync(Lab lab, RogueBackend backend, string ring, string provider, string options)
    {
        string store = options.Contains("caStore=", System.StringComparison.Ordinal) ? "" : $",caStore={lab.Scratch.Write("ca.pem", lab.Authority.Pem)}";
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", $"{backend.EndPoint},name=one,healthCheckMode=up,tls={provider},{options}{store}", "--io", ring, "--shards", "1");
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
        return fastdist;
    }
}
