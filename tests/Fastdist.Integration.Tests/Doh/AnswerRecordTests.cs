using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>How responses are put into TLS records: dnsperf drops all but the first of those that share one.</summary>
[Trait("Stage", "5"), Trait("Row", "A9")]
public sealed class AnswerRecordTests
{
    private const int Count = 40;
    private const int MaxRecordPayload = 4_096;

    [Theory, ClassData(typeof(Rings))]
    public async Task Responses_that_are_ready_together_have_a_record_each(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.AnswersBackwards(Count)), null, "--io", ring, "--shards", "1");
        await using Http2Client client = await WarmAsync(fastdist);

        Assert.Equal(Count, await RecordsOfAsync(client));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task They_share_few_where_the_operator_says_so(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(
            lab.Rogue(Rogue.AnswersBackwards(Count)), lab.DohCertificate("coalesceAnswers=true"), "--io", ring, "--shards", "1");
        await using Http2Client client = await WarmAsync(fastdist);

        // The backend sends its answers in one record, which may come in two reads.
        Assert.InRange(await RecordsOfAsync(client), 1, 5);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Refusals_and_what_HTTP_says_itself_share_no_record_with_a_response(string ring)
    {
        const int large = 20_000;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, large)]));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring, "--shards", "1");
        await using Http2Client client = await WarmAsync(fastdist);
        int before = client.Records;

        await client.SendAsync(
            Http2Frame.Get(client.NextStream(), Message.Query("q.load.test"), "/elsewhere"),
            Http2Frame.Get(client.NextStream(), Message.Query("large.load.test")),
            Http2Frame.Settings(),
            Http2Frame.Get(client.NextStream(), Message.Query("q.load.test"), "/elsewhere"));
        var bodies = await client.ReceiveBodiesAsync(3);

        // The acknowledgement may come before the others or among them, and a large body begins behind its header fields.
        int whole = (bodies.Values.Single(body => body.Length == large).Length / MaxRecordPayload) + 2;
        Assert.InRange(client.Records - before, 2 + whole - 1, 2 + whole + 1);
    }

    private static async Task<Http2Client> WarmAsync(FastdistProcess fastdist)
    {
        Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        await client.SendAsync(Http2Frame.Ping());
        await client.FirstAsync(frame => frame.Type == Http2FrameType.Ping);
        return client;
    }

    private static async Task<int> RecordsOfAsync(Http2Client client)
    {
        int before = client.Records;
        await client.SendAsync([.. Enumerable.Range(0, Count).Select(i => Http2Frame.Get(client.NextStream(), Message.Query($"q{i}.load.test")))]);
        await client.ReceiveBodiesAsync(Count);
        return client.Records - before;
    }
}
