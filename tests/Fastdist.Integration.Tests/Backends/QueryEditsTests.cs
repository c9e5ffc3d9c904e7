using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

/// <summary>padQueries and useClientSubnet: the backend sees them, the client does not.</summary>
[Trait("Stage", "3")]
public sealed class QueryEditsTests
{
    private const int ClientSubnet = 8;
    private const int Padding = 12;

    [Theory]
    [InlineData(null)]
    [InlineData(1_232)]
    public async Task Padded_queries_fill_blocks_of_128_bytes(int? edns)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one", "padQueries=true"));

        foreach (int size in (int[])[1, 30, 60])
        {
            ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query($"{new string('p', size)}.load.test", edns: edns));
            Assert.Equal(Rcode.NoError, answer.Rcode);
            Assert.Equal(edns is not null, answer.Edns is not null);
        }

        Assert.All(backend.Received, query => Assert.Equal(0, query.Length % 128));
        Assert.All(backend.Received, query => Assert.True(ParsedMessage.Parse(query).Edns?.Has(Padding)));
    }

    public static MatrixTheoryData<string, int?> Ways => new(["dot", "udp"], [null, 1_232]);

    [Theory, MemberData(nameof(Ways))]
    public async Task The_clients_network_is_told_to_the_backend_and_not_in_the_answer(string transport, int? edns)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(transport, Rogue.AnswersWith(query => [Echo(query)]));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "useClientSubnet=true"), "--ecs-source-prefix-v4", "16");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: edns));
        ParsedMessage overTcp = await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("y.load.test", edns: edns));

        foreach (byte[] query in backend.Received)
        {
            (int Code, byte[] Data) option = ParsedMessage.Parse(query).Edns!.Options.Single(o => o.Code == ClientSubnet);
            Assert.Equal([0, 1, 16, 0, 127, 0], option.Data);
        }

        Assert.Equal(2, backend.Asked);
        foreach (ParsedMessage one in (ParsedMessage[])[answer, overTcp])
        {
            Assert.Equal(Rcode.NoError, one.Rcode);
            Assert.Equal(edns is not null, one.Edns is not null);
            Assert.False(one.Edns?.Has(ClientSubnet) == true);
        }
    }

    [Theory, Trait("Row", "D2")]
    [InlineData(new byte[] { 0, 1, 0, 0 }, new byte[] { 0, 1, 0, 0 }, true)]
    [InlineData(new byte[] { 0, 2, 0, 0 }, new byte[] { 0, 2, 0, 0 }, true)]
    [InlineData(new byte[] { 0, 1, 8, 0, 198 }, new byte[] { 0, 1, 8, 0, 127 }, false)]
    [InlineData(new byte[] { 0, 1, 32, 0, 198, 51, 100, 1 }, new byte[] { 0, 1, 24, 0, 127, 0, 0 }, false)]
    public async Task Override_never_tells_more_than_the_client_did(byte[] own, byte[] expected, bool comesBack)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Echo(query)]));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "useClientSubnet=true"), "--ecs-override", "true");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: 1_232, options: (ClientSubnet, own)));

        Assert.Equal(expected, ParsedMessage.Parse(Assert.Single(backend.Received)).Edns!.Options.Single(o => o.Code == ClientSubnet).Data);
        Assert.Equal(comesBack, answer.Edns!.Has(ClientSubnet));
    }

    [Fact]
    public async Task A_query_that_is_sent_again_is_edited_for_its_new_backend()
    {
        await using var lab = new Lab();
        RogueBackend plain = lab.Rogue(Rogue.ClosesOnQuery);
        RogueBackend padded = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(plain, "plain", "order=1", "useClientSubnet=true"),
            "--server", lab.Unchecked(padded, "padded", "order=2", "padQueries=true"),
            "--policy", "roundrobin", "--shards", "1");

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query($"q{i}.load.test"))).Rcode);
        }

        Assert.NotEmpty(plain.Received);
        Assert.All(padded.Received, query => Assert.Equal([Padding], ParsedMessage.Parse(query).Edns!.Options.Select(o => o.Code)));
    }

    // The query as its own answer, options and all.
    private static byte[] Echo(byte[] query) => Message.WithFlags(query, 0x8180);
}
