using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

/// <summary>What is answered without asking a backend, and what is not answered at all.</summary>
[Trait("Stage", "1")]
public sealed class DnsRulesTests
{
    private static readonly byte[] Good = Message.Query("x.load.test");

    [Theory, ClassData(typeof(Transports))]
    public Task A_response_sent_to_us_is_dropped_and_counted(string transport) =>
        DroppedAsync(transport, Message.WithFlags(Good, 0x8100));

    [Theory]
    [InlineData("udp", 0)]
    [InlineData("udp", 1)]
    [InlineData("udp", 11)]
    [InlineData("tcp", 1)]
    [InlineData("tcp", 11)]
    public Task Fewer_bytes_than_a_header_are_dropped_and_counted(string transport, int length) =>
        DroppedAsync(transport, Good[..length]);

    [Theory, Trait("Row", "D3")]
    [InlineData(2_500)]
    [InlineData(60_000)]
    public Task A_query_too_large_to_be_received_whole_is_a_format_error(int size) =>
        AnsweredByUsAsync("udp", Message.QueryOfSize("x.load.test", size), Rcode.FormErr, "formerr");

    [Fact, Trait("Row", "D3")]
    public Task Its_opcode_is_looked_at_all_the_same() =>
        AnsweredByUsAsync("udp", Message.WithOpcode(Message.QueryOfSize("x.load.test", 2_500), 4), Rcode.NotImp, "notimp");

    [Fact, Trait("Row", "D3")]
    public Task A_response_too_large_to_be_received_whole_is_dropped_and_counted() =>
        DroppedAsync("udp", Message.WithFlags(Message.QueryOfSize("x.load.test", 2_500), 0x8100));

    [Theory]
    [InlineData("udp", 0)]
    [InlineData("tcp", 0)]
    [InlineData("udp", 2)]
    [InlineData("tcp", 2)]
    [InlineData("udp", 65_535)]
    [InlineData("tcp", 65_535)]
    public Task Any_number_of_questions_but_one_is_a_format_error(string transport, int count) =>
        AnsweredByUsAsync(transport, Message.WithQuestionCount(Good, count), Rcode.FormErr, "formerr");

    [Theory]
    [InlineData("udp", "no question follows", "")]
    [InlineData("udp", "the name runs off the end", "0378")]
    [InlineData("udp", "the name has no end", "0161")]
    [InlineData("udp", "the type is cut", "01610000")]
    [InlineData("udp", "the class is missing", "0161000001")]
    [InlineData("udp", "the name points to itself", "c00c00010001")]
    [InlineData("udp", "the name points forward", "c02000010001")]
    [InlineData("udp", "a label of a type that is gone", "41610000010001")]
    [InlineData("udp", "a label of a reserved type", "8161000001 0001")]
    [InlineData("tcp", "no question follows", "")]
    [InlineData("tcp", "the name runs off the end", "0378")]
    [InlineData("tcp", "the name points to itself", "c00c00010001")]
    [InlineData("tcp", "a label of a type that is gone", "41610000010001")]
    public Task A_broken_question_is_a_format_error(string transport, string flaw, string question) =>
        AnsweredByUsAsync(
            transport, Message.HeaderAnd(System.Convert.FromHexString(question.Replace(" ", ""))), Rcode.FormErr, "formerr", flaw);

    [Theory, ClassData(typeof(Transports))]
    public Task A_name_of_more_than_255_bytes_is_a_format_error(string transport)
    {
        // 127 labels of one byte and the root make 255 bytes; one label more is too many.
        byte[] labels = [.. Enumerable.Repeat((byte[])[1, (byte)'a'], 128).SelectMany(label => label)];
        return AnsweredByUsAsync(transport, Message.HeaderAnd([.. labels, 0, 0, 1, 0, 1]), Rcode.FormErr, "formerr");
    }

    [Theory]
    [InlineData("udp", 1)]
    [InlineData("udp", 2)]
    [InlineData("udp", 4)]
    [InlineData("udp", 5)]
    [InlineData("udp", 15)]
    [InlineData("tcp", 4)]
    [InlineData("tcp", 5)]
    public Task An_opcode_that_we_cannot_carry_is_not_implemented(string transport, int opcode) =>
        AnsweredByUsAsync(transport, Message.WithOpcode(Good, opcode), Rcode.NotImp, "notimp");

    [Theory]
    [InlineData("udp", 4)]
    [InlineData("udp", 5)]
    [InlineData("tcp", 4)]
    [InlineData("tcp", 5)]
    public async Task NOTIFY_and_UPDATE_reach_a_backend_when_the_operator_wants_that(string transport, int opcode)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(backend, "one"), "--forward-updates", "true");
        byte[] message = Message.WithOpcode(Good, opcode);

        ParsedMessage answer = transport == "udp"
            ? await DnsUdpClient.AskAsync(fastdist.Listen, message)
            : await DnsTcpClient.AskAsync(fastdist.Listen, message);

        Assert.Equal((Message.Id(message), Rcode.NoError), (answer.Id, answer.Rcode));
        Assert.Equal(opcode, (Assert.Single(backend.Received)[2] >> 3) & 0xf);
        Assert.Equal(0, Of(await fastdist.CountersAsync(), transport, "notimp"));
    }

    [Fact]
    public async Task An_UPDATE_that_a_backend_may_have_read_is_not_sent_again()
    {
        await using var lab = new Lab();
        RogueBackend closing = lab.Rogue(Rogue.ClosesOnQuery);
        FastdistProcess fastdist = await lab.FastdistAsync("--server", lab.Unchecked(closing, "closing"), "--forward-updates", "true", "--shards", "1");

        ParsedMessage answer = await DnsTcpClient.AskAsync(fastdist.Listen, Message.WithOpcode(Good, 5));

        Assert.Equal(Rcode.ServFail, answer.Rcode);
        Assert.Single(closing.Received);
    }

    [Theory]
    [InlineData("udp", Message.Axfr)]
    [InlineData("udp", Message.Ixfr)]
    [InlineData("tcp", Message.Axfr)]
    [InlineData("tcp", Message.Ixfr)]
    public Task A_zone_transfer_is_refused(string transport, ushort type) =>
        AnsweredByUsAsync(transport, Message.Query("x.load.test", type), Rcode.Refused, "refused-xfr");

    private static async Task DroppedAsync(string transport, byte[] message)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        using var udp = new DnsUdpClient(fastdist.Listen);
        using DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await (transport == "udp" ? udp.SendAsync(message) : tcp.SendAsync(message));

        await fastdist.CountedAsync(
            counters => Of(counters, transport, "noncompliant-queries") == 1, "one noncompliant query");
        Assert.False(udp.HasAnswer);
        await OthersAreServedAsync(fastdist.Listen);
        Assert.Equal(2, backend.Received.Count);
    }

    private static async Task AnsweredByUsAsync(
        string transport, byte[] message, Rcode expected, string counter, string why = "")
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        ParsedMessage answer = transport == "udp"
            ? await DnsUdpClient.AskAsync(fastdist.Listen, message)
            : await DnsTcpClient.AskAsync(fastdist.Listen, message);

        Assert.True(answer.IsResponse, why);
        Assert.Equal(expected, answer.Rcode);
        Assert.Equal(Message.Id(message), answer.Id);
        Assert.Equal((message[2] >> 3) & 0xf, answer.Opcode);
        Assert.Equal(message[2] & 1, (answer.Flags >> 8) & 1);
        Assert.Equal(1, Of(await fastdist.CountersAsync(), transport, counter));
        Assert.Empty(backend.Received);
        await OthersAreServedAsync(fastdist.Listen);
    }

    private static async Task OthersAreServedAsync(IPEndPoint server)
    {
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(server, Good)).Rcode);
        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(server, Good)).Rcode);
    }

    private static long Of(Counters counters, string transport, string key) =>
        transport == "udp" ? counters.Udp(key) : counters.Tcp(key);
}
