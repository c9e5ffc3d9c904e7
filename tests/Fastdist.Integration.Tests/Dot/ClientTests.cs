using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>DNS-over-TLS as other people's programs speak it.</summary>
[Trait("Stage", "4")]
public sealed class ClientTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task Kdig_is_answered_whoever_we_are(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(await lab.NsdAsync(), null, "--io", ring);

        Kdig answer = await Kdig.AskAsync(fastdist.Tls, "+tls", "x.load.test");

        Assert.Equal("NOERROR", answer.Status);
        Assert.True(answer.Holds("192.0.2.1"), answer.Text);
        Assert.True(answer.Holds("TLS session (TLS1.3)"), answer.Text);
    }

    [Fact]
    public async Task Kdig_that_wants_our_name_and_authority_is_answered()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(await lab.NsdAsync());
        string authority = lab.Scratch.Write("ca.pem", lab.Authority.Pem);

        Kdig strict = await Kdig.AskAsync(fastdist.Tls, $"+tls-ca={authority}", "+tls-hostname=dot.test", "x.load.test");
        Kdig elsewhere = await Kdig.AskAsync(fastdist.Tls, $"+tls-ca={authority}", "+tls-hostname=elsewhere.test", "x.load.test");

        Assert.Equal("NOERROR", strict.Status);
        Assert.NotEqual("NOERROR", elsewhere.Status);
    }

    [Fact]
    public async Task Kdig_that_knows_our_key_is_answered()
    {
        await using var lab = new Lab();
        ServerCertificate certificate = lab.Authority.Issue(Lab.BackendName);
        string stranger = lab.Authority.Issue(Lab.BackendName).Pin;
        FastdistProcess fastdist = await lab.DotAsync(await lab.NsdAsync(), lab.Certificate(certificate));

        Kdig pinned = await Kdig.AskAsync(fastdist.Tls, $"+tls-pin={certificate.Pin}", "x.load.test");
        Kdig other = await Kdig.AskAsync(fastdist.Tls, $"+tls-pin={stranger}", "x.load.test");

        Assert.Equal("NOERROR", pinned.Status);
        Assert.NotEqual("NOERROR", other.Status);
    }

    [Fact]
    public async Task A_large_answer_comes_whole()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(await lab.NsdAsync());

        Kdig answer = await Kdig.AskAsync(fastdist.Tls, "+tls", "t60000.test", "TXT");

        Assert.Equal("NOERROR", answer.Status);
        Assert.Equal(60_000 / 213, answer.Text.Split('\n').Count(line => line.StartsWith("t60000.test.", System.StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("stubby")]
    [InlineData("unbound")]
    [InlineData("dnsdist")]
    public async Task A_resolver_that_validates_forwards_to_us(string resolver)
    {
        const int count = 50;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.DotAsync(backend);
        Forwarder forwarder = resolver switch
        {
            "stubby" => await Forwarder.StubbyAsync(lab, fastdist.Tls),
            "unbound" => await Forwarder.UnboundAsync(lab, fastdist.Tls),
            _ => await Forwarder.DnsdistAsync(lab, fastdist.Tls),
        };

        using var client = new DnsUdpClient(forwarder.EndPoint);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query($"q{i}.load.test", edns: 1_232))).Rcode);
        }

        Counters counters = await fastdist.CountersAsync();
        Assert.InRange(counters.Dot("tls13-queries"), count, long.MaxValue);
        Assert.InRange(backend.Received.Count(query => ParsedMessage.Parse(query).QuestionName.EndsWith(".load.test.", System.StringComparison.OrdinalIgnoreCase)), count, count * 2);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task One_fastdist_forwards_to_another(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess inner = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        FastdistProcess outer = await lab.DotAsync(null, ["--server", lab.Server(inner.Tls, "inner"), "--io", ring]);
        await outer.MarkedUpAsync("inner");

        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(outer.Listen, Message.Query("u.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(outer.Listen, Message.Query("t.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(outer.Tls, Message.Query("s.load.test"))).Rcode);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Queries_may_be_pipelined_and_their_answers_come_as_they_are_ready(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.AnswersBackwards(10)), null, "--io", ring, "--shards", "1");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);

        await client.SendAsync([.. Enumerable.Range(0, 10).Select(id => Message.Query($"o{id}.load.test", id: id))]);

        var answers = await client.ReceiveManyAsync(10);
        Assert.Equal(Enumerable.Range(0, 10).Reverse(), answers.Keys);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task The_largest_message_passes_both_ways(string ring)
    {
        const int largest = 65_535;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, largest)]));
        FastdistProcess fastdist = await lab.DotAsync(backend, null, "--io", ring);
        byte[] query = Message.QueryOfSize("big.load.test", largest);
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);

        await client.SendAsync(query, query, query);

        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Message.AnswerOfSize(query, largest), (await client.ReceiveAsync()).Bytes);
        }
    }

    [Theory]
    [InlineData("interface=lo")]
    [InlineData("tcpListenQueueSize=16,tcpFastOpenQueueSize=16")]
    public async Task Sockets_take_their_options(string options)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},{options}");

        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"))).Rcode);
    }

    [Fact]
    public async Task A_frontend_listens_on_further_addresses_as_well()
    {
        await using var lab = new Lab();
        var more = Ports.Next();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},additionalAddresses={more}");

        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("x.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(more, Message.Query("y.load.test"))).Rcode);
        Assert.Equal(2, (await fastdist.CountersAsync()).Dot("queries"));
    }
}
