using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

/// <summary>resolver.arpa, whose names are about the resolver asked and nobody behind it (RFC 9462 section 6.1).</summary>
[Trait("Row", "D8")]
public sealed class ResolverArpaTests
{
    private const ushort Svcb = 64;
    private const ushort Any = 255;
    private const int Soa = 6;

    [Theory]
    [InlineData("udp", "_dns.resolver.arpa", Svcb)]
    [InlineData("tcp", "_dns.resolver.arpa", Svcb)]
    [InlineData("dot", "_dns.resolver.arpa", Svcb)]
    [InlineData("doh", "_dns.resolver.arpa", Svcb)]
    [InlineData("udp", "_DNS.Resolver.ARPA", Message.A)]
    [InlineData("udp", "resolver.arpa", Any)]
    [InlineData("tcp", "a.b.resolver.arpa", Any)]
    public async Task It_is_empty_whether_or_not_a_backend_is_there(string protocol, string name, ushort type)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await StartAsync(lab, protocol, "--server", lab.Server(backend.EndPoint, "one", "healthCheckMode=down"));

        ParsedMessage answer = await AskAsync(lab, fastdist, protocol, Message.Query(name, type, edns: 4096));

        const int authoritativeWithRecursion = 0x8580;
        Assert.Equal(authoritativeWithRecursion, answer.Flags);
        Assert.Equal(name + '.', answer.QuestionName);
        Assert.Empty(answer.Answers);
        ParsedRecord soa = answer.Authority.Single();
        Assert.Equal(("resolver.arpa.", Soa, 10_800u), (soa.Name.ToLowerInvariant(), soa.Type, soa.Ttl));
        Assert.Equal(1232, answer.Edns!.UdpSize);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal((1, 1, 1), (Of(counters, protocol, "queries"), Of(counters, protocol, "responses"), Of(counters, protocol, "resolver-arpa")));
        Assert.Empty(backend.Received);
    }

    [Fact]
    public async Task It_is_padded_and_told_of_keepalive_like_any_answer_over_TLS()
    {
        const ushort keepalive = 11, padding = 12;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));

        ParsedMessage answer = await DotClient.AskAsync(
            fastdist.Tls, Message.Query("_dns.resolver.arpa", Svcb, edns: 1232, options: [(keepalive, []), (padding, new byte[50])]));

        Assert.Equal(468, answer.Bytes.Length);
        Assert.True(answer.Edns!.Has(keepalive));
    }

    [Fact]
    public async Task A_browser_may_keep_the_answer_as_long_as_the_SOA_says()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        Curl response = await Curl.GetAsync(lab, fastdist, Message.Query("_dns.resolver.arpa", Svcb));

        Assert.Equal("max-age=10800", response["cache-control"]);
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [InlineData("dot")]
    [InlineData("doh")]
    public async Task A_backend_is_asked_when_the_operator_wants_that(string protocol)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await StartAsync(lab, protocol, "--server", lab.Unchecked(backend, "one"), "--forward-resolver-arpa", "true");

        ParsedMessage answer = await AskAsync(lab, fastdist, protocol, Message.Query("_dns.resolver.arpa", Message.A));

        Assert.NotEmpty(answer.Answers);
        Assert.Single(backend.Received);
        Assert.Equal(0, Of(await fastdist.CountersAsync(), protocol, "resolver-arpa"));
    }

    [Fact]
    public async Task Names_that_only_look_like_it_are_forwarded()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        foreach (string name in (string[])["myresolver.arpa", "resolver.arpa.example", "arpa", "service.arpa"])
        {
            Assert.NotEmpty((await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query(name, Message.A))).Answers);
        }

        Assert.Equal(4, backend.Received.Count);
    }

    private static Task<FastdistProcess> StartAsync(Lab lab, string protocol, params string[] arguments) =>
        protocol == "dot" ? lab.DotAsync(tls: null, arguments) : lab.DohAsync(doh: null, arguments);

    private static async Task<ParsedMessage> AskAsync(Lab lab, FastdistProcess fastdist, string protocol, byte[] query) => protocol switch
    {
        "udp" => await DnsUdpClient.AskAsync(fastdist.Listen, query),
        "tcp" => await DnsTcpClient.AskAsync(fastdist.Listen, query),
        "dot" => await DotClient.AskAsync(fastdist.Tls, query),
        _ => (await Curl.PostAsync(lab, fastdist, query)).Message,
    };

    private static long Of(Counters counters, string protocol, string key) => protocol switch
    {
        "udp" => counters.Udp(key),
        "tcp" => counters.Tcp(key),
        "dot" => counters.Dot(key),
        _ => counters.Doh(key),
    };
}
