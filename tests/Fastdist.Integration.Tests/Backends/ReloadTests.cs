using System;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>A reload has the files of backends read again, too: connections made from then on go by them.</summary>
[Trait("Stage", "3")]
public sealed class ReloadTests
{
    [Fact]
    public async Task Another_client_certificate_is_shown_on_new_connections()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer, asksForCertificate: true);
        string certificate = lab.Certificate(lab.Authority.Issue("old.test"), "client");
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", certificate), "--shards", "2");
        await AskAsync(fastdist);
        Assert.Contains(backend.Sessions, session => session.ClientSubject == "CN=old.test");

        lab.Certificate(lab.Authority.Issue("new.test"), "client");
        await fastdist.ReloadAsync();

        await Patience.UntilAsync(
            async () =>
            {
                await AskAsync(fastdist);
                return Array.Exists(backend.Sessions, session => session.ClientSubject == "CN=new.test");
            },
            "the new certificate");
    }

    [Theory]
    [InlineData("openssl")]
    [InlineData("sslstream")]
    public async Task Who_is_no_longer_trusted_gets_no_query_and_resumes_nothing(string provider)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", $"tls={provider}", "queryTimeout=1000"), "--shards", "1");
        await AskAsync(fastdist);

        lab.Scratch.Write("ca.pem", new CertificateAuthority("another one").Pem);
        await fastdist.ReloadAsync();

        await Patience.UntilAsync(
            async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode == Rcode.ServFail
                && fastdist.Told(LogEvent.CertificateRefused).Length > 0,
            "a refusal");
        int received = backend.Received.Count;
        Assert.Equal(Rcode.ServFail, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test"))).Rcode);
        Assert.Equal(received, backend.Received.Count);

        lab.Scratch.Write("ca.pem", lab.Authority.Pem);
        await fastdist.ReloadAsync();
        await Patience.UntilAsync(
            async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("z.load.test"))).Rcode == Rcode.NoError, "an answer again");
    }

    [Fact, Trait("Row", "C2")]
    public async Task Files_that_cannot_be_used_leave_their_backend_as_it_was_and_nothing_else()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer);
        FastdistProcess fastdist = await lab.DotAsync(backend, null, "--shards", "1");
        await AskAsync(fastdist);
        await fastdist.CountedAsync(c => c.Backend("one")["current-connections"] == 1 && c.Backend("one")["closed-by-peer"] > 0, "the next connection");
        long full = (await fastdist.CountersAsync()).Backend("one")["tls-new-sessions"];

        lab.Certificate(lab.Authority.Issue("renewed.test"));
        lab.Scratch.Write("ca.pem", "none");
        LogLine refusal = await fastdist.FailToReloadAsync();

        Assert.Contains("--server one: ", refusal.Message);
        Assert.Contains("ca.pem", refusal.Message);
        Assert.Equal((0, 1), ((await fastdist.CountersAsync()).Process["reloads"], (await fastdist.CountersAsync()).Process["reload-failures"]));
        for (int i = 0; i < 10; i++)
        {
            await AskAsync(fastdist);
        }

        // What was to be resumed still is, and clients are shown the new certificate.
        Assert.Equal(full, (await fastdist.CountersAsync()).Backend("one")["tls-new-sessions"]);
        Assert.True(backend.Connections > 5);
        await Patience.UntilAsync(
            async () => (await OpenSslClient.RunAsync(fastdist.Tls, "-tls1_3")).Text.Contains("renewed.test", StringComparison.Ordinal), "the new certificate");
    }

    [Theory, Trait("Row", "C2")]
    [InlineData("openssl")]
    [InlineData("sslstream")]
    public async Task An_expired_client_certificate_is_a_warning_and_the_backend_is_asked(string provider)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        string certificate = lab.Certificate(lab.Authority.IssueExpired("client.test"), "client");

        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", $"tls={provider}", certificate));

        LogLine warning = await fastdist.ToldAsync(LogEvent.ClientCertificateDoubtful, line => line["backend"] == "one");
        Assert.Contains(lab.Scratch.PathOf("client.pem"), warning["warning"]);
        Assert.Contains("expired", warning["warning"]);
        await AskAsync(fastdist);
        await fastdist.ReloadAsync();
    }

    private static async Task AskAsync(FastdistProcess fastdist) =>
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);
}
