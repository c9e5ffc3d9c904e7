using System;
using System.Security.Authentication;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>A backend's certificate ends while it is in use.</summary>
[Trait("Row", "C1")]
public sealed class CertificateEndTests
{
    [Theory]
    [InlineData("openssl", SslProtocols.Tls12)]
    [InlineData("openssl", SslProtocols.Tls13)]
    [InlineData("sslstream", SslProtocols.Tls13)]
    public async Task Nothing_is_resumed_that_derives_from_it(string provider, SslProtocols protocol)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.ClosesAfterEachAnswer, lab.Authority.Issue(Lab.BackendName, TimeSpan.FromSeconds(5)), protocol);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", $"tls={provider}", "queryTimeout=1000"), "--shards", "1");

        // As long as it lasts, each connection but the first resumes.
        await Patience.UntilAsync(
            async () => (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode == Rcode.ServFail
                && fastdist.Told(LogEvent.CertificateRefused).Length > 0,
            "the end");

        Assert.Contains("expired", (await fastdist.ToldAsync(LogEvent.CertificateRefused))["reason"]);
        await fastdist.ToldAsync(LogEvent.CertificateEnded, line => line["backend"] == "one");
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(provider == "openssl", counters.Backend("one")["tls-resumptions"] > 0);
        int received = backend.Received.Count;
        Assert.Equal(Rcode.ServFail, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test"))).Rcode);
        Assert.Equal(received, backend.Received.Count);
    }

    [Fact]
    public async Task A_connection_that_is_open_stays_and_the_log_tells()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers, lab.Authority.Issue(Lab.BackendName, TimeSpan.FromSeconds(5)));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--shards", "1");
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).Rcode);

        await fastdist.ToldAsync(LogEvent.CertificateEnded);

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test"))).Rcode);
        Assert.Equal(1, backend.Handshakes);
    }
}
