using System;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class EndTests
{
    private static readonly byte[] s_goAway = Frames.Frame(Frames.GoAway, Frames.NoFlags, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    [Fact]
    public void A_session_that_finishes_says_GOAWAY_and_answers_what_was_asked()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        connection.Take();
        connection.Session.Finish();
        Assert.Equal(Http2End.Finished, connection.Session.End);
        Assert.Equal(["GOAWAY 1 NO_ERROR"], connection.Output());
        Assert.False(connection.Session.IsOver);
        Assert.True(connection.Answer(1, 9));
        Assert.False(connection.Session.IsSettled);
        Assert.Equal("DATA 1 09 END", connection.Output()[1]);
        Assert.True(connection.Session.IsOver);
        Assert.True(connection.Session.IsSettled);
    }

    [Fact]
    public void What_is_asked_after_GOAWAY_is_not_handed_out()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        connection.Take();
        connection.Session.Finish();
        connection.Output();
        connection.Give(Frames.Get(3, "/"));
        Assert.Null(connection.Take());
        Assert.Equal(1, connection.Session.OpenStreams);
    }

    [Fact]
    public void Nor_is_a_POST_that_crossed_it_and_the_others_are_still_answered()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        connection.Take();
        connection.Session.Finish();
        connection.Output();
        Assert.True(connection.Give(Frames.Post(3, "/", 1, 2, 3)));
        Assert.Null(connection.Take());
        Assert.True(connection.Answer(1, 9));
        Assert.Equal("DATA 1 09 END", connection.Output()[^1]);
    }

    [Fact]
    public void What_is_answered_after_the_session_was_broken_off_is_not_taken()
    {
        using var connection = Connection.Open();
        connection.Give(Frames.Get(1, "/"));
        connection.Take();
        Assert.False(connection.Give(Frames.Frame(Frames.Priority, Frames.NoFlags, 0, 0, 0, 0, 0, 255)));
        Assert.False(connection.Answer(1, 9));
    }

    [Fact]
    public void Finishing_an_idle_session_ends_it_once_GOAWAY_has_left()
    {
        using var connection = Connection.Open();
        connection.Session.Finish();
        connection.Session.Finish();
        Assert.Equal(["GOAWAY 0 NO_ERROR"], connection.Output());
        Assert.True(connection.Session.IsOver);
        Assert.False(connection.Give(Frames.Get(1, "/")));
    }

    [Fact]
    public void A_peer_that_says_GOAWAY_still_gets_its_answers()
    {
        using var connection = Connection.Open();
        Assert.True(connection.Give([.. Frames.Get(1, "/"), .. s_goAway]));
        Assert.Equal(Http2End.Finished, connection.Session.End);
        Assert.NotNull(connection.Take());
        Assert.True(connection.Answer(1, 9));
        Assert.Equal("DATA 1 09 END", connection.Output()[1]);
        Assert.True(connection.Session.IsOver);
    }

    [Fact]
    public void A_peer_that_says_GOAWAY_with_nothing_open_ends_the_session()
    {
        using var connection = Connection.Open();
        Assert.False(connection.Give(s_goAway));
        Assert.Equal(Http2End.Finished, connection.Session.End);
    }

    [Theory]
    [InlineData("DATA without a stream", "000001 00 00 00000000 00", "GOAWAY 0 PROTOCOL_ERROR")]
    [InlineData("HEADERS of an even stream", "000001 01 05 00000002 82", "GOAWAY 0 PROTOCOL_ERROR")]
    [InlineData("HEADERS of a table entry that is not there", "000001 01 05 00000001 FF", "GOAWAY 1 COMPRESSION_ERROR")]
    [InlineData("a frame longer than 16384 bytes", "004001 00 00 00000001", "GOAWAY 0 FRAME_SIZE_ERROR")]
    [InlineData("PRIORITY of the wrong length", "000004 02 00 00000001 00000000", "GOAWAY 0 FRAME_SIZE_ERROR")]
    [InlineData("RST_STREAM of an idle stream", "000004 03 00 00000001 00000008", "GOAWAY 0 PROTOCOL_ERROR")]
    [InlineData("SETTINGS of the wrong length", "000005 04 00 00000000 0000000000", "GOAWAY 0 FRAME_SIZE_ERROR")]
    [InlineData("SETTINGS that allow push to a server", "000006 04 00 00000000 0002 00000002", "GOAWAY 0 PROTOCOL_ERROR")]
    [InlineData("an initial window beyond 2^31-1", "000006 04 00 00000000 0004 80000000", "GOAWAY 0 FLOW_CONTROL_ERROR")]
    [InlineData("PUSH_PROMISE from a client", "000005 05 04 00000001 00000002 82", "GOAWAY 0 PROTOCOL_ERROR")]
    [InlineData("PING of the wrong length", "000007 06 00 00000000 00000000000000", "GOAWAY 0 FRAME_SIZE_ERROR")]
    [InlineData("a window update of nothing", "000004 08 00 00000000 00000000", "GOAWAY 0 PROTOCOL_ERROR")]
    [InlineData("a window beyond 2^31-1", "000004 08 00 00000000 7FFFFFFF", "GOAWAY 0 FLOW_CONTROL_ERROR")]
    [InlineData("CONTINUATION of nothing", "000001 09 04 00000001 82", "GOAWAY 0 PROTOCOL_ERROR")]
    public void A_peer_that_breaks_the_protocol_is_told_which_way(string what, string frame, string goAway)
    {
        using var connection = Connection.Open();
        connection.Give(Convert.FromHexString(frame.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal([goAway], connection.Output());
        Assert.True(connection.Session.End == Http2End.ProtocolError, what);
        Assert.True(connection.Session.IsOver);
        Assert.True(connection.Session.IsSettled);
        Assert.False(connection.Give(Frames.Get(3, "/")));
    }

    [Fact]
    public void A_window_update_of_nothing_for_a_stream_breaks_the_protocol()
    {
        using var connection = Connection.Open();
        connection.Give([.. Frames.Get(1, "/"), .. Frames.Update(1, 0)]);
        Assert.Equal(["GOAWAY 1 PROTOCOL_ERROR"], connection.Output());
        Assert.Equal(Http2End.ProtocolError, connection.Session.End);
    }

    [Fact]
    public void DATA_after_the_end_of_a_request_breaks_the_protocol()
    {
        using var connection = Connection.Open();
        connection.Give([.. Frames.Get(1, "/"), .. Frames.Frame(Frames.Data, Frames.EndStream, 1, 1)]);
        Assert.Equal(["GOAWAY 1 STREAM_CLOSED"], connection.Output());
        Assert.Equal(Http2End.ProtocolError, connection.Session.End);
    }

    [Theory]
    [InlineData(Http2End.None, "none")]
    [InlineData(Http2End.Http1, "http1")]
    [InlineData(Http2End.NotHttp, "not-http")]
    [InlineData(Http2End.Finished, "finished")]
    [InlineData(Http2End.ProtocolError, "protocol-error")]
    [InlineData(Http2End.ControlFlood, "control-flood")]
    [InlineData(Http2End.ResetFlood, "reset-flood")]
    public void Each_end_has_a_name_to_count_by(Http2End end, string name) => Assert.Equal(name, Http2Ends.NameOf(end));
}
