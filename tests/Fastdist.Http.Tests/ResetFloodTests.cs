using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class ResetFloodTests
{
    private const int Most = 20;

    // Control frames are not what these tests are about.
    private static readonly Http2Options s_options = new() { MaxResets = Most, MaxControlFrames = 10_000, MaxBodySize = 4 };

    /// <summary>Requests after which the stream is reset, by the client or because the client makes the server do it.</summary>
    private static readonly Dictionary<string, Func<int, byte[]>> s_provocations = new()
    {
        ["rapid reset"] = stream => [.. Frames.Get(stream, "/"), .. Frames.ResetOf(stream)],
        ["a request that is reset before its body"] = stream => [.. Frames.PostHeaders(stream, "/"), .. Frames.ResetOf(stream)],
        ["a window beyond 2^31-1"] = stream => [.. Frames.Get(stream, "/"), .. Frames.Update(stream, int.MaxValue)],
        ["a request without a path"] = stream => Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, stream, 0x82, 0x87),
        ["a header name in capitals"] = stream => Frames.Frame(
            Frames.Headers, Frames.EndHeaders | Frames.EndStream, stream, [.. Hpack.Method("GET"), .. Hpack.Target("/"), .. Hpack.Field("Accept", "x")]),
        ["a body shorter than its content-length"] = stream =>
        [
            .. Frames.Frame(Frames.Headers, Frames.EndHeaders, stream, [.. Hpack.Method("POST"), .. Hpack.Target("/"), .. Hpack.Field("content-length", "3")]),
            .. Frames.Frame(Frames.Data, Frames.EndStream, stream, 1),
        ],
    };

    public static IEnumerable<TheoryDataRow<string>> Kinds() => s_provocations.Keys.Select(kind => new TheoryDataRow<string>(kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void So_many_resets_are_borne_and_one_more_ends_the_connection(string kind)
    {
        using var connection = Connection.Open(s_options);
        int stream = 1;
        for (int i = 0; i < Most; i++, stream += 2)
        {
            Turn(connection, s_provocations[kind](stream));
            Assert.Equal(Http2End.None, connection.Session.End);
            Assert.Equal(0, connection.Session.OpenStreams);
        }

        List<string> output = Turn(connection, s_provocations[kind](stream));
        Assert.Equal(Http2End.ResetFlood, connection.Session.End);
        Assert.Equal($"GOAWAY {stream} ENHANCE_YOUR_CALM", output[^1]);
        Assert.True(connection.Session.IsOver);
        Assert.False(connection.Give(Frames.Get(stream + 2, "/")));
        Assert.Null(connection.Take());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Time_makes_room_for_more(string kind)
    {
        using var connection = Connection.Open(s_options);
        for (int stream = 1; stream < 20 * Most; stream += 2)
        {
            connection.Now += 1_000_000 / Most;
            Turn(connection, s_provocations[kind](stream));
        }

        Assert.Equal(Http2End.None, connection.Session.End);
    }

    [Fact]
    public void Bodies_that_are_too_large_are_resets_too()
    {
        using var connection = Connection.Open(s_options);
        int stream = 1;
        for (; stream < 4 * Most && connection.Session.End == Http2End.None; stream += 2)
        {
            connection.Give([.. Frames.PostHeaders(stream, "/"), .. Frames.Frame(Frames.Data, Frames.NoFlags, stream, new byte[5])]);
            connection.Take();
            connection.Answer(stream);
            connection.Drain();
        }

        Assert.Equal(Http2End.ResetFlood, connection.Session.End);
        Assert.Equal((2 * (Most + 1)) + 1, stream);
    }

    [Fact]
    public void More_resets_than_nghttp2_would_bear_by_itself_are_the_operators_choice()
    {
        using var connection = Connection.Open(new Http2Options { MaxResets = 5000, MaxControlFrames = 10_000 });
        for (int stream = 1; stream < 8000; stream += 2)
        {
            Turn(connection, s_provocations["rapid reset"](stream));
        }

        Assert.Equal(Http2End.None, connection.Session.End);
    }

    private static List<string> Turn(Connection connection, byte[] bytes)
    {
        connection.Give(bytes);
        connection.TakeAll();
        return connection.Output();
    }
}
