using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>Clients that send or take slowly, or not at all.</summary>
[Trait("Stage", "5")]
public sealed class SlowClientTests
{
    private const string Long = "3600";

    private static readonly byte[] s_query = Message.Query("x.load.test");

    [Theory, ClassData(typeof(Rings))]
    public async Task A_body_that_never_ends_is_given_up_after_the_receive_timeout(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await OneShardAsync(lab, ring, "--tcp-recv-timeout", "1");
        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        int stream = client.NextStream();
        await client.SendAsync(Http2Frame.PostHeaders(stream), Http2Frame.Data(stream, s_query[..5], ends: false));

        await client.UntilClosedAsync();

        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("client-timeouts"));
        Assert.Equal(Rcode.NoError, (await other.AskAsync(s_query)).Rcode);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_request_in_too_many_pieces(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await OneShardAsync(
            lab, ring, "--max-tcp-read-ios-per-query", "20", "--ban-duration-for-exceeding-max-read-ios-per-query", "0");
        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        await client.AskAsync(s_query);
        int stream = client.NextStream();
        await client.SendAsync(Http2Frame.PostHeaders(stream));

        // The kernel may join pieces, but not that many.
        byte[] body = Http2Frame.Data(stream, new byte[16_000]);
        int sent = 0;
        while (sent < body.Length && await client.TrySendAsync([body[sent]]))
        {
            sent++;
            Assert.Equal(Rcode.NoError, (await other.AskAsync(s_query)).Rcode);
        }

        Assert.InRange(sent, 1, body.Length - 1);
        await fastdist.CountedAsync(counters => counters.Doh("too-many-read-ios") == 1, "one with too many reads");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_never_opens_its_window(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await OneShardAsync(lab, ring, "--tcp-send-timeout", "1");
        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh, window: 0);
        await client.SendAsync([.. Enumerable.Range(0, 20).Select(_ => Http2Frame.Get(client.NextStream(), s_query))]);

        await client.UntilClosedAsync();

        Assert.Equal(Rcode.NoError, (await other.AskAsync(s_query)).Rcode);
        await fastdist.CountedAsync(
            counters => counters.Doh("doh-stalled") == 1 && counters.Doh("client-timeouts") == 1 && counters.Doh("current-connections") == 1,
            "one that was stalled");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_opens_its_window_late_gets_every_answer(string ring)
    {
        const int size = 60_000;
        const int count = 20;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, size)]));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring, "--shards", "1", "--tcp-send-timeout", Long);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh, window: 0);
        int[] streams = [.. Enumerable.Range(0, count).Select(_ => client.NextStream())];
        await client.SendAsync([.. streams.Select(stream => Http2Frame.Get(stream, s_query))]);
        await fastdist.CountedAsync(counters => counters.Doh("responses") == count, "every answer ready");

        await client.SendAsync(
            Http2Frame.WindowUpdate(0, 1 << 30), Http2Frame.Settings((Http2Frame.SettingInitialWindow, Http2Client.WideOpen)));

        var bodies = await client.ReceiveBodiesAsync(count);
        Assert.All(bodies.Values, body => Assert.Equal(size, body.Length));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_opens_its_window_bit_by_bit_is_not_taken_for_a_slow_writer(string ring)
    {
        const int size = 20_000;
        const int step = 200;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, size)]));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring, "--shards", "1", "--max-tcp-read-ios-per-query", "50");
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh, window: 0);
        int stream = client.NextStream();
        await client.SendAsync(Http2Frame.Get(stream, s_query));

        int got = 0;
        while (got < size)
        {
            await client.SendAsync(Http2Frame.WindowUpdate(stream, step));
            got += (await client.FirstAsync(frame => frame.Type == Http2FrameType.Data))?.Payload.Length ?? throw new InvalidOperationException($"closed after {got} bytes");
        }

        Assert.Equal(size, got);
        Assert.Equal(0, (await fastdist.CountersAsync()).Doh("too-many-read-ios"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_does_not_read_is_closed_after_the_send_timeout(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, 60_000)]));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring, "--shards", "1", "--tcp-send-timeout", "1");
        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client deaf = await Http2Client.ConnectAsync(fastdist.Doh, receiveBuffer: 4_096);

        await deaf.SendAsync([.. Enumerable.Range(0, 90).Select(_ => Http2Frame.Get(deaf.NextStream(), s_query))]);

        await Patience.UntilAsync(
            async () =>
            {
                Assert.Equal(Rcode.NoError, (await other.AskAsync(s_query)).Rcode);
                return (await fastdist.CountersAsync()).Doh("client-timeouts") == 1;
            },
            "one client timeout");
        await fastdist.CountedAsync(counters => counters.Doh("current-connections") == 1, "the other one left");
    }

    private static Task<FastdistProcess> OneShardAsync(Lab lab, string ring, params string[] arguments) =>
        lab.DohAsync(lab.Rogue(Rogue.Answers), null, ["--io", ring, "--shards", "1", .. arguments]);
}
