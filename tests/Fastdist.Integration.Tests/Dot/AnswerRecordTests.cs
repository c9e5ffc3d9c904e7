using System.Linq;
using System.Security.Authentication;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>How answers are put into TLS records: dnsdist 1.7 sees only the first of those that share one.</summary>
[Trait("Stage", "4"), Trait("Row", "A9")]
public sealed class AnswerRecordTests
{
    private const int Count = 40;
    private const int MaxRecordPayload = 4_096;

    /// <summary>An opcode that we answer ourselves (RFC 1996).</summary>
    private const int Notify = 4;

    [Theory]
    [InlineData("io_uring", SslProtocols.Tls13)]
    [InlineData("io_uring", SslProtocols.Tls12)]
    [InlineData("epoll", SslProtocols.Tls13)]
    [InlineData("epoll", SslProtocols.Tls12)]
    public async Task Answers_that_are_ready_together_have_a_record_each(string ring, SslProtocols version)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.AnswersBackwards(Count)), null, "--io", ring, "--shards", "1");
        await using DotClient client = await WarmAsync(fastdist, version);
        int before = client.Records;

        await client.SendAsync([.. Enumerable.Range(0, Count).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        await client.ReceiveManyAsync(Count);

        Assert.Equal(Count, client.Records - before);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Large_and_padded_answers_and_our_own_share_no_record_either(string ring)
    {
        const int large = 20_000;
        const int padded = 468;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query =>
            [ParsedMessage.Parse(query).QuestionName.StartsWith("large", System.StringComparison.Ordinal) ? Message.AnswerOfSize(query, large) : Message.Answer(query)]));
        FastdistProcess fastdist = await lab.DotAsync(backend, null, "--io", ring, "--shards", "1");
        await using DotClient client = await WarmAsync(fastdist, SslProtocols.Tls13);
        int before = client.Records;

        await client.SendAsync(
            Message.Query("large.load.test", id: 1),
            Message.WithOpcode(Message.Query("notify.load.test", id: 2), Notify),
            Message.Query("padded.load.test", id: 3, edns: 1_232, options: (12, new byte[8])),
            Message.Query("axfr.load.test", Message.Axfr, id: 4),
            Message.Query("large.load.test", id: 5),
            Message.WithOpcode(Message.Query("notify.load.test", id: 6), Notify));
        var answers = await client.ReceiveManyAsync(6);

        Assert.Equal(padded, answers[3].Bytes.Length);
        Assert.Equal(
            answers.Values.Sum(answer => (answer.Bytes.Length + 2 + MaxRecordPayload - 1) / MaxRecordPayload),
            client.Records - before);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task They_share_few_where_the_operator_says_so(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.AnswersBackwards(Count)),
            $"{lab.Certificate(lab.Authority.Issue(Lab.BackendName))},coalesceAnswers=true", "--io", ring, "--shards", "1");
        await using DotClient client = await WarmAsync(fastdist, SslProtocols.Tls13);
        int before = client.Records;

        await client.SendAsync([.. Enumerable.Range(0, Count).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        await client.ReceiveManyAsync(Count);

        // The backend sends its answers in one record, which may come in two reads.
        Assert.InRange(client.Records - before, 1, 5);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_session_that_is_broken_ends_although_its_answers_come_later(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.DotAsync(backend, null, "--io", ring, "--shards", "1");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
        await client.SendAsync([.. Enumerable.Range(0, Count).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        await backend.ReceivedAsync(Count);

        // A record that nobody sealed.
        await client.SendUnencryptedAsync([0x17, 3, 3, 0, 0x20, .. new byte[0x20]]);
        await fastdist.CountedAsync(counters => counters.Dot("tls-errors") == 1, "the broken record");
        gate.SetResult();

        await fastdist.CountedAsync(
            counters => counters.Dot("current-connections") == 0 && counters.Process["in-flight"] == 0, "the end of the connection");
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("responses"));
    }

    /// <summary>A client that has its tickets, which are records, too.</summary>
    private static async Task<DotClient> WarmAsync(FastdistProcess fastdist, SslProtocols version)
    {
        DotClient client = await DotClient.ConnectAsync(fastdist.Tls, protocols: version);
        Assert.Equal(Rcode.NotImp, (await client.AskAsync(Message.WithOpcode(Message.Query("warm.load.test"), Notify))).Rcode);
        return client;
    }
}
