using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

/// <summary>The limit of an answer is min(max(EDNS size, 512), --udp-max-size), 1232 unless said otherwise.</summary>
[Trait("Stage", "1")]
public sealed class UdpTruncationTests
{
    [Theory]
    [InlineData(null, 512)]
    [InlineData(100, 512)]
    [InlineData(512, 512)]
    [InlineData(1_000, 1_000)]
    [InlineData(1_232, 1_232)]
    [InlineData(4_096, 1_232)]
    public async Task An_answer_of_the_limit_passes_and_one_byte_more_is_truncated(int? edns, int limit) =>
        await LimitIsAsync(edns, limit);

    [Theory]
    [InlineData("4096", null, 512)]
    [InlineData("4096", 4_096, 4_096)]
    [InlineData("4096", 65_535, 4_096)]
    [InlineData("512", 1_232, 512)]
    public async Task The_operator_sets_the_upper_limit(string udpMaxSize, int? edns, int limit) =>
        await LimitIsAsync(edns, limit, "--udp-max-size", udpMaxSize);

    [Fact]
    public async Task An_answer_of_65535_bytes_is_truncated_for_UDP_and_whole_for_TCP()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, 65_535)]));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);
        byte[] query = Message.Query("x.load.test", edns: 4_096);

        Assert.True((await DnsUdpClient.AskAsync(fastdist.Listen, query)).IsTruncated);
        Assert.Equal(65_535, (await DnsTcpClient.AskAsync(fastdist.Listen, query)).Bytes.Length);
        Assert.Equal(1, (await fastdist.CountersAsync()).Udp("truncated"));
    }

    [Fact]
    public async Task A_client_that_sees_the_truncation_gets_the_whole_over_TCP()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.NsdAsync());

        Kdig answer = await Kdig.AskAsync(fastdist.Listen, "t16000.test", "TXT");

        Assert.True(answer is { Status: "NOERROR", Transport: "TCP" } && answer.Holds("0074"), answer.Text);
    }

    [Fact]
    public async Task A_truncation_by_the_backend_reaches_the_client()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(
            Rogue.AnswersWith(query => [Message.WithFlags(Message.Answer(query), 0x8380)]));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        Assert.True((await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).IsTruncated);
        Assert.True((await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"))).IsTruncated);
    }

    private static async Task LimitIsAsync(int? edns, int limit, params string[] arguments)
    {
        await using var lab = new Lab();
        // The name says how large the answer is.
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
            [Message.AnswerOfSize(query, int.Parse(ParsedMessage.Parse(query).QuestionName.Split('.')[0][1..]))]));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, arguments);

        ParsedMessage fits = await DnsUdpClient.AskAsync(
            fastdist.Listen, Message.Query($"n{limit}.load.test", edns: edns));
        ParsedMessage over = await DnsUdpClient.AskAsync(
            fastdist.Listen, Message.Query($"n{limit + 1}.load.test", id: 4_711, edns: edns));

        Assert.False(fits.IsTruncated);
        Assert.Equal(limit, fits.Bytes.Length);
        Assert.True(over.IsTruncated);
        Assert.Equal(4_711, over.Id);
        Assert.Equal($"n{limit + 1}.load.test.", over.QuestionName);
        Assert.Empty(over.Answers);
        Assert.Equal(edns is not null, over.Edns is not null);
        Assert.Equal(1, (await fastdist.CountersAsync()).Udp("truncated"));
    }
}
