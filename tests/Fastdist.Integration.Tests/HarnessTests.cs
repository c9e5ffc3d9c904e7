using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests;

/// <summary>What the other tests stand on, tried without the product: when these fail, look here first.</summary>
[Trait("Stage", "1")]
public sealed class HarnessTests
{
    [Fact]
    public async Task Nsd_answers_over_TLS_with_a_certificate_that_verifies()
    {
        await using var lab = new Lab();
        NsdBackend nsd = await lab.NsdAsync();
        string authority = lab.Scratch.Write("ca.pem", lab.Authority.Pem);

        Kdig answer = await Kdig.AskAsync(nsd.EndPoint, "+tls-hostname=dot.test", $"+tls-ca={authority}", "x.load.test");
        Kdig large = await Kdig.AskAsync(nsd.EndPoint, "+tls-hostname=dot.test", $"+tls-ca={authority}", "t60000.test", "TXT");

        Assert.Equal("NOERROR", answer.Status);
        Assert.True(answer.Holds("192.0.2.1"), answer.Text);
        Assert.Equal("NOERROR", large.Status);
    }

    [Fact]
    public async Task Unbound_answers_over_TLS()
    {
        await using var lab = new Lab();
        UnboundBackend unbound = await lab.UnboundAsync();

        Kdig answer = await Kdig.AskAsync(unbound.EndPoint, "+tls", "+tls-sni=dot.test", "x.load.test");

        Assert.Equal("NOERROR", answer.Status);
    }

    [Fact]
    public async Task The_rogue_backend_answers_over_TLS_and_remembers_the_query()
    {
        await using var lab = new Lab();
        RogueBackend rogue = lab.Rogue(Rogue.Answers);

        Kdig answer = await Kdig.AskAsync(rogue.EndPoint, "+tls", "+tls-sni=dot.test", "x.load.test");

        Assert.Equal("NOERROR", answer.Status);
        Assert.Single(rogue.Received);
        Assert.Equal("dot.test", Assert.Single(rogue.Sessions).ServerName);
        Assert.True(rogue.Sessions[0].Records > 0);
    }

    [Fact]
    public async Task Dnsperf_counts_no_loss_against_plain_NSD()
    {
        await using var lab = new Lab();
        NsdBackend nsd = await lab.NsdAsync();

        DnsperfResult result = await Dnsperf.RunAsync(lab.Scratch, "tcp", nsd.Plain, 20_000, "-c", "4");

        Assert.Equal(20_000, result.NoError);
        Assert.Equal(0, result.Lost);
    }

    [Fact]
    public async Task Two_network_namespaces_reach_each_other()
    {
        await using var lab = new Lab();
        NetworkNamespace server = await lab.NetworkAsync();
        NetworkNamespace client = await lab.NetworkAsync();
        await NetworkNamespace.JoinAsync(server, client);
        await server.AddressAsync("10.77.0.1/24");
        await client.AddressAsync("10.77.0.9/24");
        NsdBackend nsd = await lab.NsdAsync(address: IPAddress.Parse("10.77.0.1"), network: server);

        using DnsUdpClient inside = client.Enter(() => new DnsUdpClient(nsd.Plain));
        Kdig answer = await Kdig.AskAsync(client, "10.77.0.1", nsd.Plain.Port, "x.load.test");

        Assert.Equal(Rcode.NoError, (await inside.AskAsync(Message.Query("y.load.test"))).Rcode);
        Assert.Equal("NOERROR", answer.Status);
        Assert.Equal("UDP", answer.Transport);
    }

    [Fact]
    public void Kinds_of_log_messages_have_the_names_and_numbers_that_the_product_gives_them()
    {
        string source = string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "src"), "*Log*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

        Assert.All(Enum.GetValues<LogEvent>(), kind => Assert.Matches(
            $@"LoggerMessage\((EventId = )?{kind:D},.*\s+.* void {kind}\(|EventId {kind}\b.* new\({kind:D}, nameof\({kind}\)\)", source));
    }

    [Fact]
    public void Messages_are_made_to_size()
    {
        byte[] query = Message.Query("x.test", edns: 4_096);

        Assert.Equal(65_535, Message.AnswerOfSize(query, 65_535).Length);
        Assert.Equal(65_535, Message.QueryOfSize("x.test", 65_535).Length);
        Assert.Equal(1_232, ParsedMessage.Parse(Message.AnswerOfSize(query, 900)).Edns?.UdpSize);
    }
}
