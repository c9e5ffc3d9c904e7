using System;
using System.Linq;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class RequestTests
{
    [Fact]
    public void Trailers_are_taken_but_say_nothing_of_the_request()
    {
        using var connection = Connection.Open();
        byte[] trailers = [.. Hpack.Field("x-forwarded-for", "192.0.2.66"), .. Hpack.Field("content-type", "text/plain")];
        connection.Give(Frames.Frame(
            Frames.Headers, Frames.EndHeaders, 1,
            [.. Hpack.Method("POST"), .. Hpack.Target("/"), .. Hpack.Field("content-type", "application/dns-message"), .. Hpack.Field("x-forwarded-for", "192.0.2.1")]));
        connection.Give(Frames.Frame(Frames.Data, Frames.NoFlags, 1, 1));
        Assert.Null(connection.Take());
        Assert.True(connection.Give(Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, trailers)));
        Assert.Equal(new Request(1, HttpMethod.Post, "/", true, "01", "192.0.2.1", false, false), connection.Take());
    }

    [Fact]
    public void Of_several_forwarded_for_fields_the_last_counts()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Frame(
            Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1,
            [.. Hpack.Method("GET"), .. Hpack.Target("/"), .. Hpack.Field("x-forwarded-for", "192.0.2.1, 192.0.2.2"), .. Hpack.Field("x-forwarded-for", "192.0.2.3")]));
        Assert.Equal("192.0.2.3", connection.Take()?.ForwardedFor);
    }

    [Fact]
    public void A_body_comes_in_any_number_of_DATA_padded_or_not()
    {
        using var connection = Connection.Open();
        connection.Give(
            [
                .. Frames.PostHeaders(1, "/"), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, 1, 2),
                .. Frames.Frame(Frames.Data, Frames.Padded, 1, 2, 3, 4, 0, 0), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1), .. Frames.Frame(Frames.Data, Frames.EndStream, 1, 5),
            ]);
        Assert.Equal("0102030405", connection.Take()?.Body);
    }

    [Fact]
    public void A_request_that_is_complete_is_handed_out_once_and_stays_open_until_it_is_answered()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        Assert.NotNull(connection.Take());
        Assert.Null(connection.Take());
        Assert.Equal(1, connection.Session.OpenStreams);
    }

    [Fact]
    public void The_body_that_may_be_is_exactly_as_large_as_allowed()
    {
        using var connection = Connection.Open(new Http2Options { MaxBodySize = 4 });
        connection.Give(Frames.Post(1, "/", 1, 2, 3, 4));
        Assert.Equal("01020304", connection.Take()?.Body);
    }

    [Fact]
    public void A_body_that_is_too_large_is_handed_out_at_once_and_its_stream_reset_without_error_after_the_answer()
    {
        using var connection = Connection.Open(new Http2Options { MaxBodySize = 4 });
        connection.Give([.. Frames.PostHeaders(1, "/"), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, 1, 2, 3)]);
        Assert.Null(connection.Take());
        connection.Give(Frames.Frame(Frames.Data, Frames.NoFlags, 1, 4, 5));
        Assert.Equal(new Request(1, HttpMethod.Post, "/", true, "", "", false, true), connection.Take());
        Assert.True(connection.Session.Respond(1, new HttpResponse(413, HttpContent.Text, null), HttpStatus.TextOf(413), connection.Now));
        Assert.Equal(
            [
                $"HEADERS 1 :status: 413 | content-type: text/plain | content-length: {HttpStatus.TextOf(413).Length} | {Connection.Date}",
                $"DATA 1 {Convert.ToHexString(HttpStatus.TextOf(413))} END",
                "RST_STREAM 1 NO_ERROR",
            ],
            connection.Output());
        Assert.Equal(0, connection.Session.OpenStreams);

        // What was on its way is of no use, and does no harm.
        Assert.True(connection.Give([.. Frames.Frame(Frames.Data, Frames.EndStream, 1, 6), .. Frames.Get(3, "/next")]));
        Assert.Equal("/next", connection.Take()?.Target);
    }

    [Fact]
    public void A_body_that_ends_in_the_frame_that_makes_it_too_large_is_handed_out_once()
    {
        using var connection = Connection.Open(new Http2Options { MaxBodySize = 4 });
        connection.Give(Frames.Post(1, "/", 1, 2, 3, 4, 5));
        Assert.True(connection.Take()?.IsBodyTooLarge);
        Assert.Null(connection.Take());
        Assert.True(connection.Answer(1));
        Assert.EndsWith(" END", Assert.Single(connection.Output()), StringComparison.Ordinal);
        Assert.Equal(0, connection.Session.OpenStreams);
    }

    [Fact]
    public void Header_fields_count_with_32_bytes_each()
    {
        // :method 7+3, :scheme 7+5, :authority 10+21, :path 5+1, and 32 each.
        const int Exactly = 10 + 12 + 31 + 6 + (4 * 32);
        foreach ((int most, bool isTooLarge) in ((int, bool)[])[(Exactly, false), (Exactly - 1, true)])
        {
            using var connection = Connection.Open(new Http2Options { MaxHeaderSize = most });
            connection.Give(Frames.Get(1, "/"));
            Assert.Equal(isTooLarge, connection.Take()?.IsHeaderTooLarge);
        }
    }

    [Fact]
    public void The_method_is_known_even_when_what_comes_before_it_is_too_large()
    {
        using var connection = Connection.Open(new Http2Options { MaxHeaderSize = 400 });
        connection.Give(Frames.Frame(
            Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, [.. Hpack.Target("/" + new string('a', 400)), .. Hpack.Method("HEAD")]));
        Assert.Equal(HttpMethod.Head, connection.Take()?.Method);
        Assert.True(connection.Answer(1, 1));
        Assert.EndsWith(" END", Assert.Single(connection.Output()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_requests_of_one_turn_are_handed_out_in_the_order_of_their_ends()
    {
        using var connection = Connection.Open();
        connection.Give(
            [
                .. Frames.PostHeaders(1, "/1"), .. Frames.PostHeaders(3, "/3"), .. Frames.Get(5, "/5"),
                .. Frames.Frame(Frames.Data, Frames.EndStream, 3, 3), .. Frames.Frame(Frames.Data, Frames.EndStream, 1, 1),
            ]);
        Assert.Equal([5, 3, 1], connection.TakeAll().Select(request => request.StreamId));
    }

    [Fact]
    public void Streams_beyond_the_bound_are_refused_as_long_as_the_client_cannot_know_it()
    {
        using var connection = Connection.Silent(new Http2Options { MaxConcurrentStreams = 2 });
        connection.Give([.. Frames.Opening, .. Frames.Get(1, "/1"), .. Frames.Get(3, "/3"), .. Frames.Get(5, "/5")]);
        Assert.Equal([1, 3], connection.TakeAll().Select(request => request.StreamId));
        Assert.Equal(["SETTINGS 3=2 6=16384 9=1", "SETTINGS ACK", "RST_STREAM 5 REFUSED_STREAM"], connection.Output());
        Assert.Equal(2, connection.Session.OpenStreams);
        Assert.True(connection.Answer(1, 1));
        connection.Drain();
        Assert.True(connection.Give(Frames.Get(7, "/7")));
        Assert.Equal("/7", connection.Take()?.Target);
    }

    [Fact]
    public void Streams_beyond_the_bound_that_was_acknowledged_break_the_protocol()
    {
        using var connection = Connection.Open(new Http2Options { MaxConcurrentStreams = 2 });
        connection.Give([.. Frames.Get(1, "/1"), .. Frames.Get(3, "/3"), .. Frames.Get(5, "/5")]);
        Assert.Equal("GOAWAY 3 PROTOCOL_ERROR", connection.Output()[^1]);
        Assert.Equal(Http2End.ProtocolError, connection.Session.End);
    }
}
