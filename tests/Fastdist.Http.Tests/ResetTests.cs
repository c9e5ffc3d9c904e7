using System;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class ResetTests
{
    [Fact]
    public void A_request_that_is_reset_before_it_is_complete_is_never_handed_out()
    {
        using var connection = Connection.Open();
        connection.Give([.. Frames.PostHeaders(1, "/"), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, 1), .. Frames.ResetOf(1)]);
        Gone(connection);
    }

    [Fact]
    public void A_request_that_is_reset_before_it_is_taken_is_never_handed_out_and_the_next_one_is()
    {
        using var connection = Connection.Open();
        connection.Give([.. Frames.Get(1, "/1"), .. Frames.Get(3, "/3"), .. Frames.ResetOf(1)]);
        Assert.Equal("/3", connection.Take()?.Target);
        Assert.False(connection.Answer(1, 1));
        Assert.True(connection.Answer(3, 1));
    }

    [Fact]
    public void A_request_that_is_reset_while_it_is_worked_on_cannot_be_answered()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        connection.Take();
        connection.Give(Frames.ResetOf(1));
        Gone(connection);
    }

    [Fact]
    public void An_answer_that_has_not_left_is_dropped_with_its_stream()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        connection.Take();
        Assert.True(connection.Answer(1, 1, 2, 3));
        connection.Give(Frames.ResetOf(1));
        Gone(connection);
    }

    [Fact]
    public void An_answer_that_has_left_in_part_ends_with_a_whole_frame()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        connection.Take();
        connection.Answer(1, new byte[40_000]);
        var start = new byte[1000];
        Assert.Equal(1000, connection.Session.Send(start));
        connection.Give([.. Frames.ResetOf(1), .. Frames.Get(3, "/")]);
        Assert.Equal(0, connection.Pool.HeldBytes);
        using var inflater = new Inflater();
        string[] lines = [.. ServerFrames.Read([.. start, .. connection.Drain()], inflater)];
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("HEADERS 1", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("DATA 1", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, connection.Take()?.StreamId);
    }

    [Fact]
    public void A_stream_that_is_used_again_knows_nothing_of_the_request_before()
    {
        using var connection = Connection.Open(new Http2Options { MaxHeaderSize = 400, MaxBodySize = 4 });

        // Each leaves something else behind: body, fields, bounds that were passed, an answer on its way.
        connection.Give(Frames.Frame(
            Frames.Headers, Frames.EndHeaders, 1,
            [.. Hpack.Method("POST"), .. Hpack.Target("/first"), .. Hpack.Field("content-type", "application/dns-message"), .. Hpack.Field("x-forwarded-for", "192.0.2.1")]));
        connection.Give([.. Frames.Frame(Frames.Data, Frames.NoFlags, 1, 1, 2), .. Frames.ResetOf(1)]);
        Fresh(connection, 3);
        connection.Give([.. Frames.PostHeaders(5, "/"), .. Frames.Frame(Frames.Data, Frames.NoFlags, 5, 1, 2, 3, 4, 5), .. Frames.ResetOf(5)]);
        Fresh(connection, 7);
        connection.Give([.. Frames.Get(9, "/" + new string('a', 400)), .. Frames.ResetOf(9)]);
        Fresh(connection, 11);
        connection.Give(
            [
                .. Frames.PostHeaders(13, "/"), .. Frames.Frame(Frames.Headers, Frames.EndHeaders | Frames.EndStream, 13, Hpack.Field("trailer", "x")), .. Frames.ResetOf(13),
            ]);
        Fresh(connection, 15);
        connection.Give(Frames.Get(17, "/"));
        connection.TakeAll();
        connection.Answer(17, 1, 2, 3);
        connection.Give(Frames.ResetOf(17));
        Fresh(connection, 19);
    }

    [Fact]
    public void Streams_of_one_session_serve_the_next_session_of_the_pool()
    {
        using var pool = new Http2Pool();
        for (int round = 0; round < 3; round++)
        {
            using var connection = Connection.Open(pool: pool);
            connection.Give([.. Frames.Post(1, "/first", 1, 2, 3), .. Frames.PostHeaders(3, "/second")]);
            connection.TakeAll();
            connection.Answer(1, 9);
        }

        Assert.Equal(0, pool.HeldBytes);
        Http2Stream one = pool.Take(), two = pool.Take();
        Assert.NotEqual(0, one.Target.Capacity);
        Assert.NotEqual(0, two.Target.Capacity);
        Http2Stream three = pool.Take();
        Assert.Equal(0, three.Target.Capacity);
        pool.Return(one);
        pool.Return(two);
        pool.Return(three);
    }

    [Fact]
    public void Memory_of_a_large_body_is_not_kept_for_later_ones()
    {
        using var pool = new Http2Pool();
        Http2Stream stream = pool.Take();
        stream.Body.Append(new byte[5000]);
        stream.Target.Append(new byte[100]);
        pool.Return(stream);
        Assert.Same(stream, pool.Take());
        Assert.Equal(0, stream.Body.Capacity);
        Assert.Equal(100, stream.Target.Capacity);
        Assert.Equal(0, stream.Target.Length);
        pool.Return(stream);
    }

    [Fact]
    public void A_session_may_be_disposed_of_twice_and_before_anything_was_said()
    {
        var connection = Connection.Silent();
        connection.Session.Dispose();
        connection.Dispose();
    }

    private static void Gone(Connection connection)
    {
        Assert.Null(connection.Take());
        Assert.False(connection.Answer(1, 1));
        Assert.Equal(0, connection.Session.OpenStreams);
        Assert.Equal(0, connection.Pool.HeldBytes);
        Assert.Equal((long.MaxValue, long.MaxValue), connection.Session.Oldest());
        Assert.Empty(connection.Output());
        Assert.True(connection.Session.IsSettled);
        Assert.Equal(Http2End.None, connection.Session.End);
    }

    private static void Fresh(Connection connection, int stream)
    {
        Assert.Equal(0, connection.Session.OpenStreams);
        Assert.Null(connection.Take());
        connection.Give(Frames.Get(stream, "/fresh"));
        Assert.Equal(new Request(stream, HttpMethod.Get, "/fresh", false, "", "", false, false), connection.Take());
        Assert.True(connection.Answer(stream, 7));
        Assert.Equal($"DATA {stream} 07 END", connection.Output()[^1]);
    }
}
