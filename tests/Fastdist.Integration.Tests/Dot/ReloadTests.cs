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
        Assert.Contains("reloaded", await fastdist.ReloadAsync());

        await ShowsAsync(fastdist, Renewed);
        Assert.Equal(Lab.BackendName, before.CommonName);
        Assert.Equal(Rcode.NoError, (await before.AskAsync(Message.Query("x.load.test"))).Rcode);
        Assert.Equal(1, (await fastdist.CountersAsync()).Process["reloads"]);
    }

    [Theory]
    [InlineData("the certificate is none")]
    [InlineData("the key is another's")]
    [InlineData("the certificate has expired")]
    public async Task A_flaw_leaves_everything_as_it_was_and_is_logged_and_counted(string flaw)
    {
        await using var lab = new Lab();
        string first = lab.Certificate(lab.Authority.Issue("first.test"), "first");
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), $"{first},{lab.Certificate(lab.Authority.Issue("second.test"), "second")}");

        // The first one is fine, and yet not used without the second.
        lab.Certificate(lab.Authority.Issue(Renewed), "first");
        switch (flaw)
        {
            case "the certificate is none":
                lab.Scratch.Write("second.pem", "none");
                break;
            case "the key is another's":
                lab.Scratch.WriteSecret("second.key", lab.Authority.Issue("second.test").KeyPem);
                break;
            default:
                lab.Certificate(lab.Authority.IssueExpired("second.test"), "second");
                break;
        }

        string said = await fastdist.ReloadAsync();

        Assert.Contains("reload failed", said);
        Assert.Contains(lab.Scratch.PathOf("second"), said);
        for (int i = 0; i < 4; i++)
        {
            await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls, name: "first.test");
            Assert.Equal("first.test", client.CommonName);
        }

        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Process["reload-failures"]);
        Assert.Equal(0, counters.Process["reloads"]);
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
        Assert.Contains("reloaded", await fastdist.ReloadAsync());

        await Patience.UntilAsync(
            async () => (await OpenSslClient.RunAsync(fastdist.Tls, "-status")).Text.Contains("Cert Status: good", System.StringComparison.Ordinal),
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
            Assert.Contains("reloaded", await fastdist.ReloadAsync());
            // Handshakes in between, with whichever certificate.
            Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query($"x{i}.load.test"))).Rcode);
        }

        Assert.All(await Task.WhenAll(dot, tcp, udp), load => Assert.True(load is { Lost: 0, NoError: queries }, load.Text));
        Counters after = await fastdist.CountersAsync();
        Assert.Equal(reloads, after.Process["reloads"]);
        Assert.Equal(0, after.FailedHandshakes);
    }
}
