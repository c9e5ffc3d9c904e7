using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Doh;

/// <summary>Frames and beginnings that HTTP/2 does not let a client send (RFC 9113 sections 3.4, 5.1 and 6.3), and how the connection ends.</summary>
[Trait("Stage", "5"), Trait("Row", "D6")]
public sealed class StreamStateTests
{
    private static readonly byte[] s_query = Message.Query("x.load.test");

    [Theory, ClassData(typeof(Rings))]
    public async Task PRIORITY_of_no_stream_ends_the_connection(string ring) =>
        await EndsAsync(ring, Http2Error.Protocol, [Http2Frame.Make(Http2FrameType.Priority, 0, 0, 0, 0, 0, 0, 255)]);

    [Theory, ClassData(typeof(Rings))]
    public async Task So_does_a_stream_smaller_than_one_before(string ring) =>
        await EndsAsync(ring, Http2Error.Protocol, [Http2Frame.Get(5, s_query), Http2Frame.Get(3, s_query)]);

    [Theory, ClassData(typeof(Rings))]
    public async Task So_does_what_follows_a_reset_of_the_clients_own(string ring) =>
        await EndsAsync(ring, Http2Error.StreamClosed, [Http2Frame.PostHeaders(1), Http2Frame.Reset(1), Http2Frame.Data(1, s_query)]);

    [Theory, ClassData(typeof(Rings))]
    public async Task So_does_what_follows_a_request_that_was_answered(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);
        Assert.Equal(Rcode.NoError, (await client.AskAsync(s_query)).Rcode);

        await client.SendAsync(Http2Frame.Data(1, s_query));

        Assert.Equal(Http2Error.StreamClosed, (await client.GoAwayAsync())?.Error);
        await client.UntilClosedAsync();
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("doh-ended-protocol-error"));
    }

    [Theory]
    [InlineData("io_uring", "-tls1_3")]
    [InlineData("io_uring", "-tls1_2")]
    [InlineData("epoll", "-tls1_3")]
    [InlineData("epoll", "-tls1_2")]
    public async Task An_invalid_preface_ends_in_order_and_not_in_HTTP_1(string ring, string version)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        await using OpenSslClient client = await OpenSslClient.ConnectAsync(fastdist.Doh, "-alpn", "h2", "-msg", version);

        await client.TypeAsync("INVALID CONNECTION PREFACE");

        await client.PrintedAsync("warning close_notify");
        await client.ExitAsync();
        Assert.DoesNotContain("HTTP/1.1", client.Text);
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("doh-ended-not-http"));
    }

    private static async Task EndsAsync(string ring, Http2Error error, byte[][] frames)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DohAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        await using Http2Client client = await Http2Client.ConnectAsync(fastdist.Doh);

        await client.SendAsync(frames);

        Assert.Equal(error, (await client.GoAwayAsync())?.Error);
        await client.UntilClosedAsync();
        Assert.Equal(1, (await fastdist.CountersAsync()).Doh("doh-ended-protocol-error"));
    }
}
