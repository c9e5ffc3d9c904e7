using System;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class WindowTests
{
    private const int InitialWindowSize = 4;

    [Fact]
    public void Without_a_window_the_body_is_held_and_leaves_as_the_window_opens()
    {
        using Connection connection = Answered(1, 2, 3, 4, 5);
        Assert.StartsWith("HEADERS 1", Assert.Single(connection.Output()), StringComparison.Ordinal);
        Assert.False(connection.Session.HasOutput);
        Assert.False(connection.Session.IsSettled);
        Assert.Equal(5, connection.Pool.HeldBytes);

        Assert.True(connection.Give(Frames.Update(1, 2)));
        Assert.Equal(["DATA 1 0102"], connection.Output());
        Assert.Equal(5, connection.Pool.HeldBytes);

        Assert.True(connection.Give(Frames.Setting(InitialWindowSize, 3)));
        Assert.Equal(["SETTINGS ACK", "DATA 1 030405 END"], connection.Output());
        Assert.Equal(0, connection.Pool.HeldBytes);
        Assert.Equal(0, connection.Session.OpenStreams);
    }

    [Fact]
    public void The_oldest_answer_that_has_not_left_is_told()
    {
        using Connection connection = Answered(1);
        connection.Drain();
        long first = connection.Now;
        Assert.Equal((long.MaxValue, first), connection.Session.Oldest());

        connection.Now += 1000;
        connection.Give(Frames.Get(3, "/"));
        Assert.Equal((long.MaxValue, first), connection.Session.Oldest());
        connection.Take();
        connection.Now += 1000;
        connection.Answer(3, 3);
        connection.Drain();
        Assert.Equal((long.MaxValue, first), connection.Session.Oldest());

        connection.Give(Frames.Update(1, 9));
        connection.Drain();
        Assert.Equal((long.MaxValue, first + 2000), connection.Session.Oldest());
        connection.Give(Frames.Update(3, 9));
        connection.Drain();
        Assert.Equal((long.MaxValue, long.MaxValue), connection.Session.Oldest());
    }

    [Fact]
    public void The_oldest_request_that_is_incomplete_is_told_and_one_that_waits_for_its_answer_is_neither()
    {
        using var connection = Connection.Open();
        long first = connection.Now;
        connection.Give(Frames.PostHeaders(1, "/"));
        connection.Now += 1000;
        connection.Give(Frames.PostHeaders(3, "/"));
        Assert.Equal((first, long.MaxValue), connection.Session.Oldest());
        connection.Give(Frames.Frame(Frames.Data, Frames.EndStream, 1, 1));
        Assert.Equal((first + 1000, long.MaxValue), connection.Session.Oldest());
        connection.Give(Frames.Frame(Frames.Data, Frames.EndStream, 3, 1));
        Assert.Equal((long.MaxValue, long.MaxValue), connection.Session.Oldest());
    }

    [Fact]
    public void The_window_of_the_connection_holds_answers_too()
    {
        using var connection = Connection.Open();
        connection.Give([.. Frames.Get(1, "/"), .. Frames.Get(3, "/")]);
        connection.TakeAll();
        connection.Answer(1, new byte[65_000]);
        connection.Answer(3, new byte[65_000]);
        connection.Drain();
        Assert.False(connection.Session.HasOutput);
        Assert.NotEqual(0, connection.Pool.HeldBytes);
        connection.Give(Frames.Update(0, 100_000));
        connection.Drain();
        Assert.Equal(0, connection.Pool.HeldBytes);
        Assert.Equal(0, connection.Session.OpenStreams);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("protocol error")]
    [InlineData("GOAWAY")]
    [InlineData("dispose")]
    public void What_is_held_is_let_go_however_it_ends(string how)
    {
        Connection connection = Answered(1, 2, 3);
        connection.Drain();
        Assert.Equal(3, connection.Pool.HeldBytes);
        switch (how)
        {
            case "reset":
                connection.Give(Frames.ResetOf(1));
                Assert.Equal(0, connection.Pool.HeldBytes);
                Assert.True(connection.Session.IsSettled);
                break;
            case "protocol error":
                connection.Give(Frames.Frame(Frames.Data, Frames.NoFlags, 0, 1));
                connection.Drain();
                Assert.True(connection.Session.IsSettled);
                break;
            case "GOAWAY":
                connection.Session.Finish();
                connection.Drain();
                Assert.False(connection.Session.IsSettled);
                break;
            default:
                break;
        }

        connection.Dispose();
        Assert.Equal(0, connection.Pool.HeldBytes);
    }

    private static Connection Answered(params ReadOnlySpan<byte> body)
    {
        Connection connection = Connection.Open();
        connection.Give([.. Frames.Setting(InitialWindowSize, 0), .. Frames.Get(1, "/")]);
        connection.Drain();
        connection.Take();
        Assert.True(connection.Answer(1, body));
        return connection;
    }
}
