using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class ControlFloodTests
{
    private const int Most = 50;
    private static readonly Http2Options s_options = new() { MaxControlFrames = Most };

    /// <summary>Frames that carry no request, given on a connection whose stream 1 was reset as it had no path and whose stream 3 awaits its body.</summary>
    private static readonly Dictionary<string, byte[]> s_frames = new()
    {
        ["SETTINGS"] = Frames.Frame(Frames.Settings, Frames.NoFlags, 0),
        ["PING"] = Frames.Frame(Frames.Ping, Frames.NoFlags, 0, new byte[8]),
        ["PING ACK"] = Frames.Frame(Frames.Ping, Frames.Ack, 0, new byte[8]),
        ["PRIORITY"] = Frames.Frame(Frames.Priority, Frames.NoFlags, 3, new byte[5]),
        ["PRIORITY of an idle stream"] = Frames.Frame(Frames.Priority, Frames.NoFlags, 99, new byte[5]),
        ["WINDOW_UPDATE"] = Frames.Update(0, 1),
        ["WINDOW_UPDATE of a stream"] = Frames.Update(3, 1),
        ["empty DATA"] = Frames.Frame(Frames.Data, Frames.NoFlags, 3),
        ["DATA that is only padding"] = Frames.Frame(Frames.Data, Frames.Padded, 3, 3, 0, 0, 0),
        ["HEADERS of a stream that we have reset"] = Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 1, 0x82),
        ["DATA of a stream that we have reset"] = Frames.Frame(Frames.Data, Frames.NoFlags, 1, 0),
        ["an unknown type"] = Frames.Frame(0xBE, Frames.NoFlags, 0, 1),
        ["PRIORITY_UPDATE"] = Frames.Frame(0x10, Frames.NoFlags, 0, 0, 0, 0, 3, (byte)'i'),
    };

    public static IEnumerable<TheoryDataRow<string>> Kinds() => s_frames.Keys.Select(kind => new TheoryDataRow<string>(kind));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void So_many_frames_without_a_request_are_taken_and_one_more_ends_the_connection(string kind)
    {
        using Connection connection = Prepared();
        for (int i = 0; i < Most; i++)
        {
            Assert.True(connection.Give(s_frames[kind]));
            connection.Drain();
            Assert.Equal(Http2End.None, connection.Session.End);
        }

        Ends(connection, s_frames[kind]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_flood_that_comes_at_once_ends_the_same(string kind)
    {
        using Connection connection = Prepared();
        Ends(connection, [.. Enumerable.Repeat(s_frames[kind], 3 * Most).SelectMany(frame => frame)]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Time_makes_room_for_more(string kind)
    {
        using Connection connection = Prepared();
        for (int i = 0; i < 20 * Most; i++)
        {
            connection.Now += 1_000_000 / Most;
            Assert.True(connection.Give(s_frames[kind]));
            connection.Drain();
        }

        Assert.Equal(Http2End.None, connection.Session.End);
    }

    [Fact]
    public void Pings_whose_acknowledgements_a_peer_does_not_read_are_a_flood_even_below_the_bound()
    {
        using var connection = Connection.Open(new Http2Options { MaxControlFrames = 10_000 });
        connection.Give([.. Enumerable.Repeat(s_frames["PING"], 200).SelectMany(frame => frame)]);
        Assert.Equal(Http2End.ControlFlood, connection.Session.End);
        Assert.Equal("GOAWAY 0 ENHANCE_YOUR_CALM", connection.Output()[^1]);
    }

    [Fact]
    public void Header_fields_in_endless_CONTINUATION_are_a_flood()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Frame(Frames.Headers, Frames.EndStream, 1, [.. Hpack.Method("GET"), .. Hpack.Target("/")]));
        for (int i = 0; i < 1000 && connection.Session.End == Http2End.None; i++)
        {
            connection.Give(Frames.Frame(Frames.Continuation, Frames.NoFlags, 1, Hpack.Field("x", "y")));
        }

        Assert.Equal(Http2End.ControlFlood, connection.Session.End);
        Assert.Equal("GOAWAY 1 ENHANCE_YOUR_CALM", connection.Output()[^1]);
        Assert.Null(connection.Take());
    }

    [Fact]
    public void A_request_whose_header_takes_a_few_CONTINUATION_is_a_request()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Frame(Frames.Headers, Frames.EndStream, 1, Hpack.Method("GET")));
        connection.Give(Frames.Frame(Frames.Continuation, Frames.NoFlags, 1));
        Assert.True(connection.Give(Frames.Frame(Frames.Continuation, Frames.EndHeaders, 1, Hpack.Target("/split"))));
        Assert.Equal("/split", connection.Take()?.Target);
    }

    [Fact]
    public void Each_answer_pays_for_a_frame_so_an_honest_client_may_ask_as_fast_as_it_can()
    {
        using var connection = Connection.Open(s_options);
        for (int stream = 1; stream < 10_000; stream += 2)
        {
            Assert.True(connection.Give([.. Frames.Get(stream, "/"), .. Frames.Update(0, 1)]));
            Assert.NotNull(connection.Take());
            Assert.True(connection.Answer(stream, 1));
            connection.Drain();
        }

        Assert.Equal(Http2End.None, connection.Session.End);
        Assert.Equal(0, connection.Session.OpenStreams);
    }

    private static Connection Prepared()
    {
        Connection connection = Connection.Open(s_options);
        connection.Give([.. Frames.Frame(Frames.Headers, Frames.EndHeaders, 1, Hpack.Method("POST")), .. Frames.PostHeaders(3, "/")]);
        Assert.Equal(["RST_STREAM 1 PROTOCOL_ERROR"], connection.Output());

        // A full budget.
        connection.Now += 1_000_000;
        return connection;
    }

    private static void Ends(Connection connection, byte[] bytes)
    {
        Assert.False(connection.Give(bytes));
        Assert.Equal(Http2End.ControlFlood, connection.Session.End);
        Assert.True(connection.Session.IsOver);
        Assert.False(connection.Session.IsSettled);
        Assert.EndsWith("ENHANCE_YOUR_CALM", connection.Output()[^1], StringComparison.Ordinal);
        Assert.True(connection.Session.IsSettled);
        Assert.False(connection.Give(Frames.Get(5, "/")));
        Assert.Null(connection.Take());
    }
}
