using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>Clients that cost more than they ask for: each ends in a counter, and nobody else notices.</summary>
[Trait("Stage", "5")]
public sealed class BoundTests
{
    private static readonly byte[] s_query = Message.Query("x.load.test");

    [Theory, ClassData(typeof(Rings))]
    public async Task Rapid_resets(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await OneShardAsync(lab, ring);
        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);

        await FloodAsync(client, other, () =>
        {
            int stream = client.NextStream();
            return [Http2Frame.Get(stream, s_query), Http2Frame.Reset(stream)];
        });

        await EndedAsync(fastdist, other, "doh-ended-reset-flood");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Errors_that_make_us_reset(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await OneShardAsync(lab, ring);
        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);

        // A window that is opened by nothing is an error of the stream (RFC 9113 section 6.9).
        await FloodAsync(client, other, () =>
        {
            int stream = client.NextStream();
            return [Http2Frame.Get(stream, s_query), Http2Frame.WindowUpdate(stream, 0)];
        });

        await EndedAsync(fastdist, other, "doh-ended-");
    }

    [Theory]
    [InlineData("io_uring", "PING")]
    [InlineData("io_uring", "SETTINGS")]
    [InlineData("io_uring", "WINDOW_UPDATE")]
    [InlineData("io_uring", "PRIORITY")]
    [InlineData("io_uring", "empty DATA")]
    [InlineData("epoll", "PING")]
    [InlineData("epoll", "SETTINGS")]
    public async Task Frames_that_ask_for_nothing(string ring, string kind)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await OneShardAsync(lab, ring);
        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh, window: 65_535);
        int stream = client.NextStream();
        await client.SendAsync(Http2Frame.PostHeaders(stream));

        await FloodAsync(client, other, () =>
        [
            kind switch
            {
                "PING" => Http2Frame.Ping(),
                "SETTINGS" => Http2Frame.Settings((Http2Frame.SettingHeaderTableSize, 4_096)),
                "WINDOW_UPDATE" => Http2Frame.WindowUpdate(0, 1),
                "PRIORITY" => Http2Frame.Make(Http2FrameType.Priority, 0, stream + 2, 0, 0, 0, 0, 16),
                _ => Http2Frame.Data(stream, [], ends: false),
            },
        ]);

        await EndedAsync(fastdist, other, "doh-ended-control-flood");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_header_block_without_end(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await OneShardAsync(lab, ring);
        await using Http2Client other = await Http2Client.ConnectAsync(fastdist.Doh);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        byte[] whole = Http2Frame.Get(client.NextStream(), s_query);
        await client.SendAsync(Http2Frame.Make(Http2FrameType.Headers, Http2Frame.EndStream, 1, whole[Http2Frame.HeaderSize..]));

        // A field of eight bytes each time.
        await FloodAsync(client, other, () => [Http2Frame.Make(Http2FrameType.Continuation, 0, 1, 0, 3, (byte)'x', (byte)'-', (byte)'a', 2, (byte)'b', (byte)'c')]);

        await EndedAsync(fastdist, other, "doh-ended-control-flood");
    }

    [Theory]
    [InlineData("io_uring", true)]
    [InlineData("io_uring", false)]
    [InlineData("epoll", true)]
    [InlineData("epoll", false)]
    public async Task DNS_without_HTTP_is_closed_and_counted(string ring, bool clear)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), clear ? "" : null, "--io", ring);

        await using Http2Client client = await Http2Client.ConnectSilentlyAsync(fastdist.Doh, clear, alpn: "h2");
        await client.SendAsync(Message.Framed(s_query));

        Assert.Empty(await client.ReceiveRawAsync());
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Doh("doh-ended-not-http"));
        Assert.Equal(0, counters.Doh("queries"));
    }

    [Fact]
    public async Task DNS_in_the_clear_where_TLS_is_expected_is_a_failed_handshake()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Doh);
        await client.SendAsync(s_query);
        while (await client.ReadSomeAsync(100) > 0)
        {
            // An alert.
        }

        await fastdist.CountedAsync(counters => counters.FailedHandshakes == 1, "a failed handshake");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Frames_that_break_the_protocol_end_with_GOAWAY_that_says_so(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await OneShardAsync(lab, ring);
        (byte[] Frame, Http2Error Error)[] wrong =
        [
            (Http2Frame.Data(0, [0]), Http2Error.Protocol),
            (Http2Frame.Headers(2, ends: true, [.. Http2Frame.Request("GET", "/")]), Http2Error.Protocol),
            (Http2Frame.Make(Http2FrameType.Ping, 0, 0, 1), Http2Error.FrameSize),
            (Http2Frame.WindowUpdate(0, 0), Http2Error.Protocol),
            (Http2Frame.Make(Http2FrameType.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, 1, 0xff, 0xff, 0xff, 0xff), Http2Error.Compression),
        ];

        foreach ((byte[] frame, Http2Error error) in wrong)
        {
            await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
            await client.SendAsync(frame);
            Assert.Equal(error, (await client.GoAwayAsync())?.Error);
            await client.UntilClosedAsync();
        }

        Assert.Equal(wrong.Length, (await fastdist.CountersAsync()).Doh("doh-ended-protocol-error"));
        Assert.Equal(Rcode.NoError, (await Http2Client.AskAsync(fastdist.Doh, s_query)).Rcode);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Answers_to_requests_that_were_reset_are_dropped_and_counted(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring, "--shards", "1");
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        int reset = client.NextStream();
        await client.SendAsync(Http2Frame.Get(reset, s_query));
        await backend.ReceivedAsync(1);

        await client.SendAsync(Http2Frame.Reset(reset), Http2Frame.Ping());
        await client.FirstAsync(frame => frame.Type == Http2FrameType.Ping);
        gate.SetResult();

        Assert.Equal(Rcode.NoError, (await client.AskAsync(s_query)).Rcode);
        await fastdist.CountedAsync(counters => counters.Doh("doh-abandoned") == 1, "one abandoned");
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("responses"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_does_not_know_how_many_streams_it_may_open_is_refused_those_beyond(string ring)
    {
        const int count = 30;
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.DohAsync(
            lab.DohCertificate("maxInFlight=10"),
            ["--server", lab.Unchecked(backend, "one", "queryTimeout=60000,silenceTimeout=60000"), "--io", ring, "--shards", "1"]);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        await client.SendAsync([.. Enumerable.Range(0, count).Select(_ => Http2Frame.Get(client.NextStream(), s_query))]);
        await backend.ReceivedAsync(10);
        await fastdist.CountedAsync(counters => counters.Backend("one")["outstanding"] == 10, "ten outstanding");
        Assert.Equal(10, backend.Received.Count);
        gate.SetResult();

        // Those refused may be asked again at once (RFC 9113 section 8.7); the rest has its answers.
        int answered = 0;
        int refused = 0;
        while (answered + refused < count)
        {
            Http2Frame frame = await client.ReceiveAsync() ?? throw new InvalidOperationException($"closed after {answered} and {refused}");
            Assert.NotEqual(Http2FrameType.GoAway, frame.Type);
            answered += frame.Ends ? 1 : 0;
            if (frame.Type == Http2FrameType.Reset)
            {
                Assert.Equal(Http2Error.RefusedStream, frame.Error);
                refused++;
            }
        }

        Assert.InRange(answered, 10, count);
        Assert.Equal(Rcode.NoError, (await client.AskAsync(s_query)).Rcode);
    }

    [Fact]
    public async Task A_client_that_knows_how_many_and_opens_more_has_broken_the_protocol()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Never), lab.DohCertificate("maxInFlight=10"), "--shards", "1");
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        await client.FirstAsync(frame => frame is { Type: Http2FrameType.Settings, Flags: 0 });

        await client.SendAsync([Http2Frame.SettingsAck(), .. Enumerable.Range(0, 11).Select(_ => Http2Frame.Get(client.NextStream(), s_query))]);

        Assert.Equal(Http2Error.Protocol, (await client.GoAwayAsync())?.Error);
        await fastdist.CountedAsync(counters => counters.Doh("doh-ended-protocol-error") == 1, "one that broke the protocol");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Many_requests_at_once_leave_room_for_others_in_each_turn(string ring)
    {
        const int count = 60;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("maxRequestsPerTurn=4"), "--io", ring, "--shards", "1");
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);

        await client.SendAsync([.. Enumerable.Range(0, count).Select(_ => Http2Frame.Get(client.NextStream(), s_query))]);

        Assert.Equal(count, (await client.ReceiveBodiesAsync(count)).Count);
        Assert.InRange((await fastdist.CountersAsync()).Doh("doh-requests-deferred"), 1, count);
    }

    private static Task<FastdistProcess> OneShardAsync(Lab lab, string ring, params string[] arguments) =>
        lab.DohAsync(lab.Rogue(Rogue.Answers), null, ["--io", ring, "--shards", "1", .. arguments]);

    /// <summary>Sends until the server has enough, which another client must not notice.</summary>
    private static async Task FloodAsync(Http2Client client, Http2Client other, Func<byte[][]> frames)
    {
        Task<Http2Frame?> ended = client.GoAwayAsync();
        for (int i = 0; !ended.IsCompleted; i++)
        {
            await client.TrySendAsync([.. Enumerable.Range(0, 20).SelectMany(_ => frames())]);
            Assert.Equal(Rcode.NoError, (await other.AskAsync(s_query)).Rcode);
            Assert.True(i < 10_000, "the flood was not ended");
        }

        Assert.NotEqual(Http2Error.None, (await ended)?.Error ?? Http2Error.EnhanceYourCalm);
    }

    private static async Task EndedAsync(FastdistProcess fastdist, Http2Client other, string counter)
    {
        await fastdist.CountedAsync(counters => counters.DohFrontend.Sum(counter) == 1 && counters.Doh("current-connections") == 1, $"one in {counter}");
        Assert.Equal(Rcode.NoError, (await other.AskAsync(s_query)).Rcode);
        Assert.Equal(Rcode.NoError, (await Http2Client.AskAsync(fastdist.Doh, s_query)).Rcode);
    }
}
