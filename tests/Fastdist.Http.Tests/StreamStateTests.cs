using System;
using System.Linq;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

/// <summary>Frames that come where a stream's state does not let them (RFC 9113 sections 5.1, 5.1.1 and 6.3), as h2spec tries them.</summary>
[Trait("Row", "D6")]
public class StreamStateTests
{
    private static readonly byte[] s_priority = [0, 0, 0, 0, 255];
    private static readonly byte[] s_data = Frames.Frame(Frames.Data, Frames.EndStream, 1, 1);
    private static readonly byte[] s_continuation = Frames.Frame(Frames.Continuation, Frames.EndHeaders, 1, [.. Hpack.Field("x-a", "b")]);
    private static readonly byte[] s_reset = Frames.Frame(Frames.Reset, Frames.NoFlags, 1, 0, 0, 0, 8);

    [Theory]
    [InlineData(0, "GOAWAY 0 PROTOCOL_ERROR")]
    [InlineData(1, "")]
    [InlineData(7, "")]
    public void PRIORITY_is_of_a_stream_and_otherwise_ignored(int stream, string expected) =>
        Assert.Equal(expected, Said(Frames.Frame(Frames.Priority, Frames.NoFlags, stream, s_priority)));

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void PRIORITY_of_another_size_is_an_error(int size) =>
        Assert.Contains("FRAME_SIZE_ERROR", Said([.. Frames.Get(1, "/"), .. Frames.Frame(Frames.Priority, Frames.NoFlags, 1, new byte[size])]), StringComparison.Ordinal);

    [Fact]
    public void PRIORITY_begins_no_stream()
    {
        using var connection = Connection.Open();
        Assert.True(connection.Give([.. Frames.Frame(Frames.Priority, Frames.NoFlags, 3, s_priority), .. Frames.Get(1, "/1")]));
        Assert.Equal("/1", connection.Take()?.Target);
    }

    [Fact]
    public void A_stream_that_was_passed_over_cannot_be_opened() =>
        Assert.Equal("GOAWAY 5 PROTOCOL_ERROR", Said([.. Frames.Get(5, "/5"), .. Frames.Get(3, "/3")]));

    [Fact]
    public void Nor_can_it_after_others_were_passed_over_nor_in_bytes_of_its_own()
    {
        using var connection = Connection.Open();
        foreach (byte[] frame in (byte[][])[Frames.Get(1, "/1"), Frames.Get(7, "/7"), Frames.Get(9, "/9")])
        {
            Assert.True(connection.Give(frame));
        }

        // In single bytes, as a frame's header may come in two reads.
        byte[] late = Frames.Get(3, "/3");
        Assert.Contains(late, one => !connection.Give(one));
        Assert.Equal("GOAWAY 9 PROTOCOL_ERROR", connection.Output()[^1]);
    }

    [Theory]
    [InlineData("DATA")]
    [InlineData("HEADERS")]
    public void Nothing_follows_what_has_ended_and_was_answered(string type)
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        Assert.NotNull(connection.Take());
        Assert.True(connection.Answer(1, 1));
        Assert.EndsWith(" END", connection.Output()[^1], StringComparison.Ordinal);

        Assert.False(connection.Give(type == "DATA" ? s_data : Frames.Get(1, "/")));

        Assert.Equal("GOAWAY 1 STREAM_CLOSED", Assert.Single(connection.Output()));
        Assert.Equal(Http2End.ProtocolError, connection.Session.End);
    }

    [Fact]
    public void CONTINUATION_never_comes_alone()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        Assert.NotNull(connection.Take());
        Assert.True(connection.Answer(1, 1));
        connection.Drain();
        connection.Give(s_continuation);
        Assert.Equal("GOAWAY 1 PROTOCOL_ERROR", Assert.Single(connection.Output()));
    }

    [Theory]
    [InlineData("DATA", true)]
    [InlineData("DATA", false)]
    [InlineData("HEADERS", true)]
    [InlineData("HEADERS", false)]
    public void Nothing_follows_a_reset_of_the_clients(string type, bool isTogether)
    {
        byte[] late = type == "DATA" ? s_data : Frames.Get(1, "/");
        byte[] begun = [.. Frames.PostHeaders(1, "/"), .. s_reset];
        using var connection = Connection.Open();
        Assert.False(isTogether ? connection.Give([.. begun, .. late]) : connection.Give(begun) && connection.Give(late));
        Assert.Equal("GOAWAY 1 STREAM_CLOSED", connection.Output()[^1]);
    }

    [Theory]
    [InlineData("DATA")]
    [InlineData("HEADERS")]
    public void Nothing_but_a_reset_follows_the_end_of_a_request(string type) =>
        Assert.Contains("STREAM_CLOSED", Said([.. Frames.Get(1, "/"), .. type == "DATA" ? s_data : Frames.Get(1, "/")]), StringComparison.Ordinal);

    [Theory]
    [InlineData("DATA")]
    [InlineData("RST_STREAM")]
    [InlineData("WINDOW_UPDATE")]
    [InlineData("CONTINUATION")]
    public void A_stream_begins_with_HEADERS(string type) => Assert.Equal(
        "GOAWAY 0 PROTOCOL_ERROR",
        Said(type switch
        {
            "DATA" => s_data,
            "RST_STREAM" => s_reset,
            "WINDOW_UPDATE" => Frames.Frame(Frames.WindowUpdate, Frames.NoFlags, 1, 0, 0, 0, 100),
            _ => s_continuation,
        }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_on_its_way_to_a_stream_that_we_refused_does_no_harm(bool isTogether)
    {
        using var connection = Connection.Silent(new Http2Options { MaxConcurrentStreams = 1 });
        connection.Give([.. Frames.Opening, .. Frames.Get(1, "/1")]);
        byte[] refused = Frames.PostHeaders(3, "/3");
        byte[] late = [.. Frames.Frame(Frames.Data, Frames.NoFlags, 3, 1), .. Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 3, [.. Hpack.Field("x-trailer", "1")])];
        Assert.True(isTogether ? connection.Give([.. refused, .. late]) : connection.Give(refused) && connection.Give(late));
        Assert.Contains("RST_STREAM 3 REFUSED_STREAM", connection.Output());
        Assert.True(connection.Give(late));
        Assert.Empty(connection.Output());
    }

    [Fact]
    public void Trailers_and_bodies_of_requests_that_come_at_once_are_no_late_frames()
    {
        using var connection = Connection.Open();
        byte[] trailers = [.. Hpack.Field("x-trailer", "1")];
        byte[] posts = [.. Enumerable.Range(0, 20).SelectMany(i => (byte[])
        [
            .. Frames.PostHeaders((2 * i) + 1, "/"), .. Frames.Frame(Frames.Data, Frames.NoFlags, (2 * i) + 1, 1),
            .. Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, (2 * i) + 1, trailers),
        ])];
        Assert.True(connection.Give(posts));
        Assert.Equal(20, connection.TakeAll().Count);
    }

    [Theory]
    [InlineData("INVALID CONNECTION PREFACE\r\n\r\n", true)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", true)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\rX", true)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", false)]
    public void Who_agreed_on_HTTP_2_and_does_not_speak_it_is_not_answered_in_HTTP_1(string first, bool isNegotiated)
    {
        using var connection = Connection.Silent(isNegotiated: isNegotiated);
        Assert.False(connection.Give([.. first.Select(letter => (byte)letter)]));
        Assert.Equal(isNegotiated ? Http2End.NotHttp : Http2End.Http1, connection.Session.End);
        Assert.Empty(connection.Output());
    }

    private static string Said(byte[] frames)
    {
        using var connection = Connection.Open();
        connection.Give(frames);
        return string.Join(", ", connection.Output());
    }
}
