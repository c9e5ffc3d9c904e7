using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>SIGHUP: new certificates for new handshakes, and nothing lost.</summary>
[Trait("Stage", "4")]
public sealed class ReloadTests
{
    private const string Renewed = "renewed.test";

    [Theory, ClassData(typeof(Rings))]
    public async Task New_handshakes_get_the_new_certificate_and_old_sessions_live_on(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--shards", "2");
        await using DotClient before = await DotClient.ConnectAsync(fastdist.Tls);

        lab.Certificate(lab.Authority.Issue(Renewed));
        await fastdist.ReloadAsync();

        await ShowsAsync(fastdist, Renewed);
        Assert.Equal(Lab.BackendName, before.CommonName);
        Assert.Equal(Rcode.NoError, (await before.AskAsync(Message.Query("x.load.test"))).Rcode);
        Assert.Equal(1, (await fastdist.CountersAsync()).Process["reloads"]);
    }

    [Theory, Trait("Row", "C2")]
    [InlineData("the certificate is none")]
    [InlineData("the key is another's")]
    [InlineData("the certificate has expired")]
    [InlineData("the chain was cut")]
    public async Task A_flaw_leaves_that_certificate_as_it_was_and_no_other_and_is_logged_and_counted(string flaw)
    {
        await using var lab = new Lab();
        string first = lab.Certificate(lab.Authority.Issue("first.test"), "first");
        string second = lab.Certificate(lab.Authority.Issue("second.test"), "second");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{first},{second}", "--shards", "2");

        ServerCertificate renewed = lab.Authority.Issue("first.test");
        lab.Certificate(renewed, "first");
        switch (flaw)
        {
            case "the certificate is none":
                lab.Scratch.Write("second.pem", "none");
                break;
            case "the key is another's":
                lab.Scratch.WriteSecret("second.key", lab.Authority.Issue("second.test").KeyPem);
                break;
            case "the chain was cut":
                ServerCertificate next = lab.Authority.Issue("second.test");
                lab.Certificate(next with { CertificatePem = $"{next.CertificatePem}\n{lab.Authority.Pem[..^40]}" }, "second");
                break;
            default:
                lab.Certificate(lab.Authority.IssueExpired("second.test"), "second");
                break;
        }

        LogLine said = await fastdist.FailToReloadAsync();

        Assert.Contains(lab.Scratch.PathOf("second"), said.Message);
        await fastdist.ToldAsync(LogEvent.ReloadedInPart);
        await Patience.UntilAsync(
            async () =>
            {
                await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls, name: "first.test");
                return client.Certificate.Thumbprint == renewed.Certificate.Thumbprint;
            },
            "the one that was renewed");
        await using DotClient other = await DotClient.ConnectAsync(fastdist.Tls, name: "second.test");
        Assert.Equal("second.test", other.CommonName);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal((1, 0), (counters.Process["reload-failures"], counters.Process["reloads"]));
    }

    [Fact, Trait("Row", "C2")]
    public async Task An_expired_certificate_of_one_frontend_holds_no_other_back_nor_ticket_keys()
    {
        await using var lab = new Lab();
        IPEndPoint doh = Ports.Next();
        string keys = lab.Scratch.WriteSecret("tickets", new byte[80]);
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null, "--doh-local", $"{doh},{lab.Certificate(lab.Authority.Issue("doh.test"), "doh")},ticketKeyFile={keys}");

        lab.Certificate(lab.Authority.Issue(Renewed));
        lab.Certificate(lab.Authority.IssueExpired("doh.test"), "doh");
        lab.Scratch.WriteSecret("tickets", new byte[79]);
        int from = fastdist.Log.Count;
        await fastdist.FailToReloadAsync();

        await fastdist.ToldSinceAsync(from, LogEvent.ReloadedInPart, line => line["count"] == "2");
        string[] reasons = [.. fastdist.Told(LogEvent.ReloadFailed, from).Select(line => line["reason"])];
        Assert.Equal(2, reasons.Length);
        string expired = Assert.Single(reasons, reason => reason.Contains("expired", StringComparison.Ordinal));
        Assert.Contains($"--doh-local {doh}", expired);
        Assert.Contains(lab.Scratch.PathOf("doh.pem"), expired);
        string cut = Assert.Single(reasons, reason => reason.Contains("79 bytes", StringComparison.Ordinal));
        Assert.Contains($"ticketKeyFile={keys}", cut);
        await ShowsAsync(fastdist, Renewed);
        Assert.Contains("doh.test", (await OpenSslClient.RunAsync(doh, "-tls1_3")).Text);
    }

    [Theory, Trait("Row", "C2")]
    [InlineData("missing")]
    [InlineData("empty")]
    public async Task A_missing_or_empty_OCSP_response_is_a_warning_at_the_start_and_the_one_before_stays_at_a_reload(string flaw)
    {
        await using var lab = new Lab();
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        string options = lab.Certificate(certificate);
        string response = lab.Scratch.PathOf("dot.ocsp");
        Spoil();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{options},ocspResponses={response}", "--shards", "1");
        await WarnsAsync(0);

        await Ocsp.ResponseAsync(lab, certificate, "dot");
        await fastdist.ReloadAsync();
        await StapledAsync();

        Spoil();
        int from = fastdist.Log.Count;
        await fastdist.ReloadAsync();
        await WarnsAsync(from);
        await StapledAsync();

        async Task WarnsAsync(int from)
        {
            LogLine warning = await fastdist.ToldSinceAsync(from, LogEvent.CertificateDoubtful, line => line["warning"].Contains(response, StringComparison.Ordinal));
            Assert.Contains("nothing is stapled", warning.Message);
        }

        void Spoil()
        {
            File.Delete(response);
            if (flaw == "empty")
            {
                lab.Scratch.Write("dot.ocsp", "");
            }
        }

        Task StapledAsync() => Patience.UntilAsync(
            async () => (await OpenSslClient.RunAsync(fastdist.Tls, "-status")).Text.Contains("Cert Status: good", StringComparison.Ordinal), "a response");
    }

    [Fact]
    public async Task An_OCSP_response_is_read_again()
    {
        await using var lab = new Lab();
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        string options = lab.Certificate(certificate);
        string response = await Ocsp.ResponseAsync(lab, lab.Authority.Issue("stranger.test"), "dot");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{options},ocspResponses={response}");
        Assert.Contains("OCSP response: no response sent", (await OpenSslClient.RunAsync(fastdist.Tls, "-status")).Text);

        await Ocsp.ResponseAsync(lab, certificate, "dot");
        await fastdist.ReloadAsync();

        await Patience.UntilAsync(
            async () => (await OpenSslClient.RunAsync(fastdist.Tls, "-status")).Text.Contains("Cert Status: good", StringComparison.Ordinal),
            "the new response");
    }

    private static Task ShowsAsync(FastdistProcess fastdist, string name) => Patience.UntilAsync(
        async () =>
        {
            await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
            return client.CommonName == name;
        },
        $"the certificate of {name}");
}

/// <summary>Reloads while the machine is busy with queries.</summary>
[Trait("Stage", "4")]
[Collection(LoadCollection.Name)]
public sealed class ReloadUnderLoadTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task No_query_is_lost_on_any_frontend_during_reloads(string ring)
    {
        const int queries = 40_000;
        const int reloads = 8;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(await lab.UnboundAsync(), null, "--io", ring, "--shards", "2");

        Task<DnsperfResult> dot = Dnsperf.RunAsync(lab.Scratch, "dot", fastdist.Tls, queries, "-c", "4", "-Q", "10000");
        Task<DnsperfResult> tcp = Dnsperf.RunAsync(lab.Scratch, "tcp", fastdist.Listen, queries, "-c", "4", "-Q", "10000");
        Task<DnsperfResult> udp = Dnsperf.RunAsync(lab.Scratch, "udp", fastdist.Listen, queries, "-c", "4", "-Q", "10000");
        await fastdist.CountedAsync(counters => counters.Dot("queries") > 0, "the load to begin");
        for (int i = 0; i < reloads; i++)
        {
            lab.Certificate(lab.Authority.Issue(Lab.BackendName));
            await fastdist.ReloadAsync();
            // Handshakes in between, with whichever certificate.
            Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query($"x{i}.load.test"))).Rcode);
        }

        Assert.All(await Task.WhenAll(dot, tcp, udp), load => Assert.True(load is { Lost: 0, NoError: queries }, load.Text));
        Counters after = await fastdist.CountersAsync();
        Assert.Equal(reloads, after.Process["reloads"]);
        Assert.Equal(0, after.FailedHandshakes);
    }
}
