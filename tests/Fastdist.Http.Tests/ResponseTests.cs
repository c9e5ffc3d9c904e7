using System;
using System.Linq;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class ResponseTests
{
    private static readonly byte[] s_headOnly = Frames.Frame(
        Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, [.. Hpack.Method("HEAD"), .. Hpack.Target(Connection.Target)]);

    [Theory]
    [InlineData(60L, " | cache-control: max-age=60")]
    [InlineData(0L, " | cache-control: max-age=0")]
    [InlineData((long)uint.MaxValue, " | cache-control: max-age=4294967295")]
    [InlineData(-1L, " | cache-control: no-store")]
    [InlineData(null, "")]
    public void A_response_says_how_long_it_may_be_kept_or_nothing_of_it(long? maxAge, string expected)
    {
        using var connection = Asked();
        Assert.True(connection.Session.Respond(1, Connection.Ok with { MaxAge = maxAge }, [1, 2, 3, 4], connection.Now));
        Assert.Equal(
            [$"HEADERS 1 :status: 200 | content-type: application/dns-message | content-length: 4 | {Connection.Date}{expected}", "DATA 1 01020304 END"],
            connection.Output());
        Assert.Equal(0, connection.Session.OpenStreams);
    }

    [Theory]
    [InlineData(HttpStatus.BadRequest)]
    [InlineData(HttpStatus.Forbidden)]
    [InlineData(HttpStatus.NotFound)]
    [InlineData(HttpStatus.MethodNotAllowed)]
    [InlineData(HttpStatus.BodyTooLarge)]
    [InlineData(HttpStatus.UnsupportedMediaType)]
    [InlineData(HttpStatus.HeaderTooLarge)]
    [InlineData(HttpStatus.BadGateway)]
    public void A_refusal_is_a_line_of_text_and_405_says_what_is_allowed(int status)
    {
        using var connection = Asked();
        byte[] text = HttpStatus.TextOf(status).ToArray();
        Assert.NotEmpty(text);
        Assert.True(connection.Session.Respond(1, new HttpResponse(status, HttpContent.Text, null), text, connection.Now));
        string allow = status == HttpStatus.MethodNotAllowed ? " | allow: GET, HEAD, POST" : "";
        Assert.Equal(
            [
                $"HEADERS 1 :status: {status} | content-type: text/plain | content-length: {text.Length} | {Connection.Date}{allow}",
                $"DATA 1 {Convert.ToHexString(text)} END",
            ],
            connection.Output());
    }

    [Fact]
    public void The_operators_header_fields_follow_the_servers_own_in_their_order()
    {
        using var connection = Asked(new Http2Options { ExtraHeaders = [new("server", "fastdist"), new("x-empty", ""), new("x-served-by", "ns1")] });
        Assert.True(connection.Answer(1, 7));
        Assert.Equal(
            $"HEADERS 1 :status: 200 | content-type: application/dns-message | content-length: 1 | {Connection.Date} | server: fastdist | x-empty:  | x-served-by: ns1",
            connection.Output()[0]);
    }

    [Fact]
    public void Sixteen_extra_header_fields_fit_beside_all_of_the_servers_own()
    {
        using var connection = Asked(new Http2Options { ExtraHeaders = [.. Enumerable.Range(0, 16).Select(n => new System.Collections.Generic.KeyValuePair<string, string>($"x-{n}", "v"))] });
        Assert.True(connection.Session.Respond(1, new HttpResponse(HttpStatus.MethodNotAllowed, HttpContent.Text, -1), default, connection.Now));
        string line = Assert.Single(connection.Output());
        Assert.Equal(6 + 16, line.Split(" | ").Length);
        Assert.EndsWith(" | x-15: v END", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_response_to_HEAD_has_the_length_of_the_body_but_not_the_body()
    {
        using var connection = Connection.Open();
        connection.Give(s_headOnly);
        Assert.Equal(HttpMethod.Head, connection.Take()?.Method);
        Assert.True(connection.Answer(1, 1, 2, 3));
        Assert.Equal(0, connection.Pool.HeldBytes);
        Assert.Equal([$"HEADERS 1 :status: 200 | content-type: application/dns-message | content-length: 3 | {Connection.Date} END"], connection.Output());
    }

    [Fact]
    public void An_empty_body_needs_no_DATA()
    {
        using var connection = Asked();
        Assert.True(connection.Answer(1));
        Assert.Equal([$"HEADERS 1 :status: 200 | content-type: application/dns-message | content-length: 0 | {Connection.Date} END"], connection.Output());
    }

    [Fact]
    public void A_request_is_answered_once()
    {
        using var connection = Asked();
        Assert.True(connection.Answer(1, 1));
        Assert.False(connection.Answer(1, 2));
        Assert.Equal("DATA 1 01 END", connection.Output()[1]);
        Assert.False(connection.Answer(1, 3));
        Assert.Empty(connection.Output());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void A_stream_that_never_was_cannot_be_answered(int stream)
    {
        using var connection = Asked();
        Assert.False(connection.Answer(stream, 1));
        Assert.Empty(connection.Output());
    }

    [Fact]
    public void Answers_leave_in_the_order_they_are_given_not_that_of_the_requests()
    {
        using var connection = Connection.Open();
        connection.Give([.. Frames.Get(1, "/a"), .. Frames.Get(3, "/b")]);
        Assert.Equal(["/a", "/b"], connection.TakeAll().Select(request => request.Target));
        Assert.True(connection.Answer(3, 3));
        Assert.Equal("DATA 3 03 END", connection.Output()[1]);
        Assert.True(connection.Answer(1, 1));
        Assert.Equal("DATA 1 01 END", connection.Output()[1]);
    }

    [Fact]
    public void The_largest_message_leaves_in_frames_of_16384_bytes()
    {
        using var connection = Asked();
        Assert.True(connection.Answer(1, new byte[65_535]));
        Assert.Equal(65_535, connection.Pool.HeldBytes);
        string[] data = [.. connection.Output().Skip(1)];
        Assert.Equal([16_384, 16_384, 16_384, 16_383], data.Select(line => line.Split(' ')[2].Length / 2));
        Assert.EndsWith("END", data[^1], StringComparison.Ordinal);
        Assert.Equal(0, connection.Pool.HeldBytes);
    }

    [Fact, Trait("Row", "A9")]
    public void What_is_taken_can_end_with_the_end_of_a_response()
    {
        using var connection = Connection.Open();
        connection.Give([.. Frames.Get(1, "/a"), .. Frames.Get(3, "/b"), .. Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 5, [.. Hpack.Method("HEAD"), .. Hpack.Target("/c")]), .. Frames.Get(7, "/d"), .. Frames.Frame(Frames.Ping, 0, 0, new byte[8])]);
        Assert.Equal(4, connection.TakeAll().Count);
        Assert.True(connection.Answer(1, 1));
        Assert.True(connection.Answer(3, new byte[20_000]));
        Assert.True(connection.Answer(5, 3));
        Assert.True(connection.Answer(7));
        Assert.Equal(
            ["PING ACK 0000000000000000, HEADERS 1, HEADERS 3, HEADERS 5 END", "HEADERS 7 END", "DATA 1 END", "DATA 3, DATA 3 END"],
            connection.OutputsOfOne().Select(lines => string.Join(", ", lines)));
    }

    [Fact]
    public void The_date_is_the_one_set_last()
    {
        using var connection = Asked();
        connection.Pool.SetDate(new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.FromHours(1)));
        Assert.True(connection.Answer(1, 1));
        Assert.Contains("date: Sat, 28 Feb 2026 22:59:59 GMT", connection.Output()[0], StringComparison.Ordinal);
    }

    private static Connection Asked(Http2Options? options = null)
    {
        Connection connection = Connection.Open(options);
        Assert.True(connection.Give(Frames.Get(1, Connection.Target)));
        Assert.NotNull(connection.Take());
        return connection;
    }
}
