using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>Connections that we end: what was asked is answered.</summary>
[Trait("Stage", "5")]
public sealed class EndTests
{
    private const int Count = 20;

    private static readonly byte[] s_query = Message.Query("x.load.test");

    [Theory, ClassData(typeof(Rings))]
    public async Task Asked_to_end_it_says_GOAWAY_answers_what_is_in_flight_and_exits_with_0(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client idle = await Http2Client.ConnectAsync(fastdist.Doh);
        await client.SendAsync([.. Enumerable.Range(0, Count).Select(_ => Http2Frame.Get(client.NextStream(), s_query))]);
        await backend.ReceivedAsync(Count);

        fastdist.Signal(LinuxSignal.Terminate);
        Assert.Equal(Http2Error.None, (await client.GoAwayAsync())?.Error);
        Assert.Equal(Http2Error.None, (await idle.GoAwayAsync())?.Error);
        gate.SetResult();

        Assert.Equal(Count, (await client.ReceiveBodiesAsync(Count)).Count);
        await client.UntilClosedAsync();
        await idle.UntilClosedAsync();
        Assert.Equal(0, await fastdist.ExitAsync());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_request_begun_before_the_GOAWAY_is_taken_to_its_end_and_answered(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        int stream = client.NextStream();
        await client.SendAsync(Http2Frame.PostHeaders(stream), Http2Frame.Ping());
        await client.FirstAsync(frame => frame.Type == Http2FrameType.Ping);

        fastdist.Signal(LinuxSignal.Terminate);
        Http2Frame? goAway = await client.GoAwayAsync();
        Assert.Equal(stream, goAway!.Payload[3]);

        // Each is answered in a turn of its own, by whose end a connection that is done is closed.
        for (int turn = 0; turn < 3; turn++)
        {
            await client.SendAsync(Http2Frame.Ping());
            Assert.NotNull(await client.FirstAsync(frame => frame.Type == Http2FrameType.Ping));
        }

        await client.SendAsync(Http2Frame.Data(stream, s_query));

        Assert.Equal(Rcode.NoError, ParsedMessage.Parse((await client.ReceiveBodiesAsync(1))[stream]).Rcode);
        await client.UntilClosedAsync();
        Assert.Equal(0, await fastdist.ExitAsync());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Asked_to_end_it_still_reads_what_waited_unread(string ring)
    {
        const int most = 10;
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.DohAsync(backend, $"{lab.DohCertificate()},maxInFlight={most}", "--io", ring, "--shards", "1");
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh, window: 0);
        await client.SendAsync(Http2Frame.Ping());
        await client.FirstAsync(frame => frame.Type == Http2FrameType.Ping);

        // One record: the requests fill the connection's share, so the rest stays unread, and with it that there is a window now.
        await client.SendAsync(
        [
            .. Enumerable.Range(0, most).Select(_ => Http2Frame.Get(client.NextStream(), s_query)),
            .. Enumerable.Repeat(Http2Frame.Ping(), 50),
            Http2Frame.WindowUpdate(0, 1 << 30),
            Http2Frame.Settings((Http2Frame.SettingInitialWindow, Http2Client.WideOpen)),
        ]);
        await backend.ReceivedAsync(most);
        fastdist.Signal(LinuxSignal.Terminate);
        Assert.Equal(Http2Error.None, (await client.GoAwayAsync())?.Error);
        gate.SetResult();

        Assert.Equal(most, (await client.ReceiveBodiesAsync(most)).Count);
        await client.UntilClosedAsync();
        Assert.Equal(0, await fastdist.ExitAsync());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task After_so_many_queries_it_says_GOAWAY_and_answers_them_all(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(
            lab.Rogue(Rogue.Answers), null, "--io", ring, "--max-tcp-queries-per-connection", $"{Count}");
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);

        await client.SendAsync([.. Enumerable.Range(0, Count).Select(_ => Http2Frame.Post(client.NextStream(), s_query))]);

        Assert.Equal(Count, (await client.ReceiveBodiesAsync(Count)).Count);
        await client.UntilClosedAsync();
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(Count, counters.Doh("responses"));
        Assert.Equal(0, counters.Doh("died-sending-response"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Requests_after_the_GOAWAY_are_not_taken_and_the_client_can_tell(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--max-tcp-queries-per-connection", "5");
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);

        await client.SendAsync([.. Enumerable.Range(0, Count).Select(_ => Http2Frame.Get(client.NextStream(), s_query))]);
        int last = -1;
        int ended = 0;
        while (await client.ReceiveAsync() is { } frame)
        {
            last = frame.Type == Http2FrameType.GoAway ? (frame.Payload[2] << 8) | frame.Payload[3] : last;
            ended += frame.Ends ? 1 : 0;
        }

        // Whatever is not above that stream has its answer; the rest may be asked again elsewhere (RFC 9113 section 6.8).
        Assert.InRange(last, 9, 2 * Count);
        Assert.Equal((last + 1) / 2, ended);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_says_GOAWAY_gets_its_answers_before_the_end(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        await client.SendAsync(
            [.. Enumerable.Range(0, Count).Select(_ => Http2Frame.Get(client.NextStream(), s_query)), Http2Frame.Make(Http2FrameType.GoAway, 0, 0, new byte[8])]);
        await backend.ReceivedAsync(Count);
        gate.SetResult();

        Assert.Equal(Count, (await client.ReceiveBodiesAsync(Count)).Count);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_connection_ends_although_nobody_wants_the_last_answers(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        int[] streams = [.. Enumerable.Range(0, Count).Select(_ => client.NextStream())];
        await client.SendAsync([.. streams.Select(stream => Http2Frame.Get(stream, s_query))]);
        await backend.ReceivedAsync(Count);

        await client.SendAsync([.. streams.Select(stream => Http2Frame.Reset(stream)), Http2Frame.Ping()]);
        await client.FirstAsync(frame => frame.Type == Http2FrameType.Ping);
        await client.SendAsync(Http2Frame.Make(Http2FrameType.GoAway, 0, 0, new byte[8]));
        await fastdist.CountersAsync();
        gate.SetResult();

        await client.UntilClosedAsync();
        Assert.Equal(Count, (await fastdist.CountersAsync()).Doh("doh-abandoned"));
    }
}
