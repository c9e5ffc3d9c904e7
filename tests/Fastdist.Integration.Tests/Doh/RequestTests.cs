using System;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>What each kind of request is answered with (RFC 8484 section 4).</summary>
[Trait("Stage", "5")]
public sealed class RequestTests
{
    private const string DnsMessage = "application/dns-message";

    [Theory]
    [InlineData("io_uring", 0)]
    [InlineData("io_uring", 0xbeef)]
    [InlineData("epoll", 0)]
    [InlineData("epoll", 0xbeef)]
    public async Task GET_and_POST_are_answered_with_the_ID_that_was_sent(string ring, int id)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring);
        byte[] query = Message.Query("x.load.test", id: id);

        foreach (Curl response in (Curl[])[await Curl.GetAsync(lab, fastdist, query), await Curl.PostAsync(lab, fastdist, query)])
        {
            Assert.True(response is { Status: 200, Version: "2" }, response.Text);
            Assert.Equal(Message.Answer(query), response.Body);
            Assert.Equal(DnsMessage, response["content-type"]);
            Assert.Equal($"{response.Body.Length}", response["content-length"]);
            Assert.Equal("max-age=60", response["cache-control"]);
            Assert.Equal("fastdist", response["server"]);
            Assert.True(DateTimeOffset.TryParse(response["date"], out DateTimeOffset date));
            Assert.InRange(date, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(2));
        }

        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Doh("doh-get-queries"));
        Assert.Equal(1, counters.Doh("doh-post-queries"));
        Assert.Equal(2, counters.Doh("queries"));
        Assert.Equal(2, counters.Doh("responses"));
        Assert.Equal(2, counters.Doh("tls13-queries"));
        Assert.Equal(2, backend.Received.Count);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task HEAD_says_what_GET_would_and_has_no_body(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        byte[] query = Message.Query("x.load.test", id: 0);

        Curl response = await Curl.GetAsync(lab, fastdist, query, "--head");

        Assert.True(response.Status == 200, response.Text);
        Assert.Equal(DnsMessage, response["content-type"]);
        Assert.Equal($"{Message.Answer(query).Length}", response["content-length"]);
        Assert.Equal("max-age=60", response["cache-control"]);
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("doh-head-queries"));
    }

    [Fact]
    public async Task HTTP_2_in_the_clear_is_served_when_there_is_no_certificate()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), "");
        byte[] query = Message.Query("x.load.test", id: 0);

        Curl get = await Curl.AskInClearAsync(lab, fastdist, Curl.Target(query));
        Curl post = await Curl.AskInClearAsync(lab, fastdist, "/dns-query", Curl.Posting(lab, query));

        Assert.True(get is { Status: 200, Version: "2" }, get.Text);
        Assert.Equal(Message.Answer(query), get.Body);
        Assert.Equal(Message.Answer(query), post.Body);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_failure_that_DNS_can_express_is_200_and_must_not_be_stored(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(null, ["--server", $"{Ports.Next()},name=dead,{lab.Trust}", "--io", ring]);

        Curl response = await Curl.GetAsync(lab, fastdist, Message.Query("x.load.test", id: 7, edns: 1_232));

        Assert.True(response.Status == 200, response.Text);
        Assert.Equal("no-store", response["cache-control"]);
        Assert.Equal(Rcode.ServFail, response.Message.Rcode);
        Assert.Equal(7, response.Message.Id);
        Assert.NotNull(response.Message.Edns!.ExtendedError);
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("servfail"));
    }

    [Fact]
    public async Task What_is_not_forwarded_is_answered_as_over_any_transport()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.DohAsync(backend);
        byte[] query = Message.Query("x.load.test");

        Curl twoQuestions = await Curl.PostAsync(lab, fastdist, Message.WithQuestionCount(query, 2));
        Curl update = await Curl.PostAsync(lab, fastdist, Message.WithOpcode(query, 5));
        Curl transfer = await Curl.PostAsync(lab, fastdist, Message.Query("load.test", Message.Axfr));

        Assert.Equal((200, Rcode.FormErr, "no-store"), (twoQuestions.Status, twoQuestions.Message.Rcode, twoQuestions["cache-control"]));
        Assert.Equal((200, Rcode.NotImp, "no-store"), (update.Status, update.Message.Rcode, update["cache-control"]));
        Assert.Equal((200, Rcode.Refused, "no-store"), (transfer.Status, transfer.Message.Rcode, transfer["cache-control"]));
        Assert.Empty(backend.Received);
    }

    [Theory]
    [InlineData("/dns-query")]
    [InlineData("/dns-query?")]
    [InlineData("/dns-query?dns=")]
    [InlineData("/dns-query?name=x.load.test")]
    [InlineData("/dns-query?dns=no+base64url")]
    [InlineData("/dns-query?dns=AAAA/AAA")]
    [InlineData("/dns-query?dns=A")]
    [InlineData("/dns-query?dns=AAABAAAB")]
    [InlineData("/dns-query?dns=AAABAAABAAAAAAAAAWEAAAEAAQ&x=%GG")]
    public async Task A_GET_without_a_query_is_400(string target)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        await RefusedAsync(fastdist, 400, await Curl.AskAsync(lab, fastdist, target));
    }

    [Theory, Trait("Row", "D5")]
    [InlineData("io_uring")]
    [InlineData("epoll")]
    public async Task The_target_of_a_GET_may_be_percent_encoded(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        byte[] query = Message.Query("x.load.test", id: 0);
        // Padding and all.
        string every = string.Concat(Convert.ToBase64String(query).Replace('+', '-').Replace('/', '_').Select(letter => $"%{(int)letter:X2}"));

        foreach (string target in (string[])[$"/dns%2Dquery?%64ns={every}", $"/dns-query?x=%26&dns={every}"])
        {
            Curl response = await Curl.AskAsync(lab, fastdist, target);
            Assert.True(response.Status == 200, response.Text);
            Assert.Equal(Message.Answer(query), response.Body);
        }
    }

    [Theory, Trait("Row", "D4"), ClassData(typeof(Rings))]
    public async Task A_client_that_asks_whether_to_send_the_body_is_told_to(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        byte[] query = Message.Query("x.load.test");

        // It waits for longer than a request may take to arrive.
        Curl response = await Curl.PostAsync(lab, fastdist, query, "--header", "Expect: 100-continue", "--expect100-timeout", "40");

        Assert.Equal(100, response.Status);
        Assert.Contains("HTTP/2 200", response.Text);
        Assert.Equal(Message.Answer(query), response.Body);
        Assert.Equal(0, (await fastdist.CountersAsync()).Doh("client-timeouts"));
    }

    [Fact]
    public async Task A_GET_of_an_answer_and_a_POST_of_nothing_or_of_an_answer_are_400()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));
        byte[] answer = Message.Answer(Message.Query("x.load.test"));

        Curl get = await Curl.GetAsync(lab, fastdist, answer);
        Curl post = await Curl.PostAsync(lab, fastdist, answer);
        Curl empty = await Curl.PostAsync(lab, fastdist, []);

        Assert.Equal([400, 400, 400], new[] { get, post, empty }.Select(response => response.Status));
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(3, counters.Doh("doh-status-400"));
        Assert.Equal(2, counters.Doh("noncompliant-queries"));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dns-query/")]
    [InlineData("/dns-query/below")]
    [InlineData("/dns-querying")]
    [InlineData("/DNS-QUERY")]
    public async Task Another_path_is_404(string path)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        await RefusedAsync(fastdist, 404, await Curl.AskAsync(lab, fastdist, Curl.Target(Message.Query("x.load.test"), path)));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("get")]
    public async Task Another_method_is_405_and_told_which_there_are(string method)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        Curl response = await Curl.GetAsync(lab, fastdist, Message.Query("x.load.test"), "--request", method);

        Assert.Equal("GET, HEAD, POST", response["allow"]);
        await RefusedAsync(fastdist, 405, response);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_body_that_no_message_can_be_is_413(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);

        Curl response = await Curl.PostAsync(lab, fastdist, new byte[65_536]);

        Assert.True(response.Status == 413, response.Text);
        Assert.Contains("65535", Encoding.ASCII.GetString(response.Body));
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("doh-status-413"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_body_that_goes_on_after_its_413_is_not_waited_for_and_costs_nothing_but_its_stream(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        int stream = client.NextStream();
        await client.SendAsync(Http2Frame.PostHeaders(stream));
        byte[] piece = Http2Frame.Data(stream, new byte[16_384], ends: false);
        // As much as there is room for, twice.
        await client.SendAsync(piece, piece, piece);
        await client.FirstAsync(frame => frame.Type == Http2FrameType.WindowUpdate);
        await client.SendAsync(piece, piece);

        // The response comes before the reset that says that the rest is not wanted (RFC 9113 section 8.1).
        Http2Frame? headers = await client.FirstAsync(frame => frame.Type == Http2FrameType.Headers);
        Http2Frame? body = await client.FirstAsync(frame => frame.Type == Http2FrameType.Data);
        Http2Frame? reset = await client.FirstAsync(frame => frame.Type == Http2FrameType.Reset);
        Assert.Equal((stream, stream, stream), (headers!.Stream, body!.Stream, reset!.Stream));
        Assert.True(body.Ends);
        Assert.Equal(Http2Error.None, reset.Error);
        await client.SendAsync(Http2Frame.Data(stream, new byte[1_000], ends: true));
        Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("x.load.test"))).Rcode);
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("doh-status-413"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task The_largest_message_passes_both_ways(string ring)
    {
        const int largest = 65_535;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, largest)]));
        FastdistProcess fastdist = await lab.DohAsync(backend, null, "--io", ring);
        byte[] query = Message.QueryOfSize("big.load.test", largest);

        Curl response = await Curl.PostAsync(lab, fastdist, query);

        Assert.True(response.Status == 200, response.Text);
        Assert.Equal(Message.AnswerOfSize(query, largest), response.Body);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/dns-json")]
    [InlineData("application/dns-messages")]
    public async Task Another_type_is_415(string type)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        await RefusedAsync(
            fastdist, 415, await Curl.AskAsync(lab, fastdist, "/dns-query", Curl.Posting(lab, Message.Query("x.load.test"), type)));
    }

    [Theory]
    [InlineData("Application/DNS-Message")]
    [InlineData("application/dns-message; charset=utf-8")]
    public async Task The_type_is_the_type_in_any_case_and_with_parameters(string type)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers));

        Curl response = await Curl.AskAsync(lab, fastdist, "/dns-query", Curl.Posting(lab, Message.Query("x.load.test"), type));

        Assert.True(response.Status == 200, response.Text);
    }

    [Fact]
    public async Task Header_fields_that_are_too_large_are_431_and_the_connection_lives_on()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), lab.DohCertificate("maxHeaderSize=1024"));
        byte[] query = Message.Query("x.load.test");

        Curl large = await Curl.GetAsync(lab, fastdist, query, "--header", $"x-large: {new string('l', 2_000)}");
        await RefusedAsync(fastdist, 431, large);
        Curl small = await Curl.GetAsync(lab, fastdist, query, "--header", $"x-small: {new string('s', 500)}");
        Assert.Equal(200, small.Status);

        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        int stream = client.NextStream();
        await client.SendAsync(Http2Frame.Headers(stream, ends: true, [.. Http2Frame.Request("GET", "/dns-query"), ("x-large", new string('l', 5_000))]));
        Assert.Contains("too large", Encoding.ASCII.GetString((await client.ReceiveBodiesAsync(1))[stream]));
        Assert.Equal(Rcode.NoError, (await client.AskAsync(query)).Rcode);
    }

    [Theory]
    [InlineData("io_uring", true)]
    [InlineData("io_uring", false)]
    [InlineData("epoll", true)]
    [InlineData("epoll", false)]
    public async Task HTTP_1_1_is_told_505_and_counted(string ring, bool clear)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), clear ? "" : null, "--io", ring);
        string target = Curl.Target(Message.Query("x.load.test"));

        // The last option counts.
        Curl response = clear
            ? await Curl.AskInClearAsync(lab, fastdist, target, "--http1.1")
            : await Curl.AskAsync(lab, fastdist, target, "--http1.1");

        Assert.True(response is { Status: 505, Version: "1.1" }, response.Text);
        Assert.Equal("close", response["Connection"]);
        Assert.Contains("HTTP/2", Encoding.ASCII.GetString(response.Body));
        Assert.Equal($"{response.Body.Length}", response["Content-Length"]);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Doh("doh-ended-http1"));
        Assert.Equal(0, counters.Doh("queries"));
    }

    [Fact]
    public async Task Whom_the_list_does_not_admit_is_closed_before_any_handshake()
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "-a", "192.0.2.0/24");

        Curl response = await Curl.GetAsync(lab, fastdist, Message.Query("x.load.test"));

        Assert.Equal(0, response.Status);
        await fastdist.CountedAsync(counters => counters.Doh("acl-drops") > 0, "a drop");
    }

    private static async Task RefusedAsync(FastdistProcess fastdist, int status, Curl response)
    {
        Assert.True(response.Status == status, response.Text);
        Assert.Equal("text/plain", response["content-type"]);
        Assert.NotEmpty(response.Body);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Doh($"doh-status-{status}"));
        Assert.Equal(0, counters.Backend("one")["queries"]);
    }
}
