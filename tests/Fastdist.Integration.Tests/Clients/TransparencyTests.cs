using System;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

/// <summary>What passes through as it came, and what EDNS keeps between two neighbours.</summary>
[Trait("Stage", "1")]
public sealed class TransparencyTests
{
    private const ushort Cookie = 10;
    private const ushort Keepalive = 11;
    private const ushort Padding = 12;

    [Theory, ClassData(typeof(Transports))]
    public async Task Bytes_after_the_last_record_are_forwarded_as_they_are(string transport)
    {
        byte[] query = [.. Message.Query("x.load.test"), 1, 2, 3, 4, 5];
        byte[] seen = await SeenByBackendAsync(transport, query, Message.Answer);

        Assert.Equal(query[2..], seen[2..]);
    }

    [Theory, ClassData(typeof(Transports))]
    public async Task The_letter_case_of_the_question_reaches_the_backend_and_comes_back(string transport)
    {
        byte[] query = Message.Query("MiXeD.LoAd.TeSt");
        byte[] seen = await SeenByBackendAsync(transport, query, Message.Answer);

        Assert.Equal("MiXeD.LoAd.TeSt.", ParsedMessage.Parse(seen).QuestionName);
    }

    [Theory, ClassData(typeof(Transports))]
    public async Task An_answer_in_other_letter_case_is_still_the_answer(string transport) =>
        await SeenByBackendAsync(transport, Message.Query("MiXeD.load.test"), (query, _) =>
            Message.Answer(Message.Query("mixed.LOAD.test", id: Message.Id(query))));

    [Theory, ClassData(typeof(Transports))]
    public async Task A_signed_query_is_not_edited(string transport)
    {
        // TSIG (type 250, class ANY) as the last record: its content does not matter, only that no byte changes.
        byte[] signature = [0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4];
        byte[] query = [.. Message.Query("x.load.test"), .. signature];
        query[11] = 1;

        byte[] seen = await SeenByBackendAsync(transport, query, Message.Answer);

        Assert.Equal(query[2..], seen[2..]);
    }

    [Theory, ClassData(typeof(Transports))]
    public async Task Keepalive_and_padding_of_the_client_stay_with_us_and_its_cookie_passes(string transport)
    {
        byte[] query = Message.Query(
            "x.load.test", edns: 1_232, options: [(Keepalive, []), (Cookie, [1, 2, 3, 4, 5, 6, 7, 8]), (Padding, new byte[20])]);

        byte[] seen = await SeenByBackendAsync(transport, query, Message.Answer);

        ParsedEdns? edns = ParsedMessage.Parse(seen).Edns;
        Assert.NotNull(edns);
        Assert.True(edns.Has(Cookie));
        Assert.DoesNotContain(edns.Options, option => option.Code == Padding && option.Data.Length == 20);
        Assert.False(edns.Has(Keepalive));
    }

    [Fact]
    public async Task Keepalive_and_padding_of_the_backend_do_not_reach_a_UDP_client()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
        [
            Message.WithFlags(
                Message.Query(
                    ParsedMessage.Parse(query).QuestionName,
                    id: Message.Id(query),
                    edns: 1_232,
                    options: [(Keepalive, [0, 100]), (Padding, new byte[100])]),
                0x8180),
        ]));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", edns: 1_232));

        Assert.NotNull(answer.Edns);
        Assert.False(answer.Edns.Has(Keepalive));
        Assert.False(answer.Edns.Has(Padding));
    }

    private static Task<byte[]> SeenByBackendAsync(
        string transport, byte[] query, Func<ReadOnlySpan<byte>, int, byte[]> answer) =>
        SeenByBackendAsync(transport, query, (byte[] seen) => answer(seen, 0));

    private static async Task<byte[]> SeenByBackendAsync(string transport, byte[] query, Func<byte[], byte[]> answer)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(seen => [answer(seen)]));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);

        ParsedMessage reply = transport == "udp"
            ? await DnsUdpClient.AskAsync(fastdist.Listen, query)
            : await DnsTcpClient.AskAsync(fastdist.Listen, query);

        Assert.Equal(Rcode.NoError, reply.Rcode);
        Assert.Equal(Message.Id(query), reply.Id);
        return Assert.Single(backend.Received.ToArray());
    }
}
