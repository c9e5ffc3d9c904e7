using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

public class OpeningTests
{
    [Fact]
    public void The_server_begins_with_its_settings_before_the_client_has_said_anything()
    {
        using var connection = Connection.Silent(new Http2Options { MaxConcurrentStreams = 7, MaxHeaderSize = 2048 });
        Assert.True(connection.Session.HasOutput);
        Assert.Equal(["SETTINGS 3=7 6=2048 9=1"], connection.Output());
        Assert.False(connection.Session.HasOutput);
    }

    [Fact]
    public void The_clients_settings_are_acknowledged_after_the_servers_own()
    {
        using var connection = Connection.Silent();
        Assert.True(connection.Give(Frames.Opening));
        Assert.Equal(["SETTINGS 3=100 6=16384 9=1", "SETTINGS ACK"], connection.Output());
    }

    [Fact]
    public void A_ping_is_acknowledged_with_its_own_bytes()
    {
        using var connection = Connection.Open();
        Assert.True(connection.Give(Frames.Frame(Frames.Ping, Frames.NoFlags, 0, 1, 2, 3, 4, 5, 6, 7, 8)));
        Assert.Equal(["PING ACK 0102030405060708"], connection.Output());
    }

    [Fact]
    public void An_acknowledgement_of_a_ping_is_not_answered()
    {
        using var connection = Connection.Open();
        Assert.True(connection.Give(Frames.Frame(Frames.Ping, Frames.Ack, 0, 1, 2, 3, 4, 5, 6, 7, 8)));
        Assert.Empty(connection.Output());
    }

    [Fact]
    public void Frames_of_unknown_types_and_settings_of_unknown_names_are_ignored()
    {
        using var connection = Connection.Open();
        Assert.True(connection.Give([.. Frames.Frame(0xBE, 0xFF, 0, 1, 2, 3), .. Frames.Setting(0x2A2A, 1), .. Frames.Get(1, "/")]));
        Assert.Equal(["SETTINGS ACK"], connection.Output());
        Assert.Equal("/", connection.Take()?.Target);
    }

    [Fact]
    public void A_preface_that_settings_do_not_follow_breaks_the_protocol()
    {
        using var connection = Connection.Silent();
        connection.Give([.. Frames.Preface, .. Frames.Frame(Frames.Ping, Frames.NoFlags, 0, 1, 2, 3, 4, 5, 6, 7, 8)]);
        Assert.Equal(["SETTINGS 3=100 6=16384 9=1", "GOAWAY 0 PROTOCOL_ERROR"], connection.Output());
        Assert.Equal(Http2End.ProtocolError, connection.Session.End);
        Assert.False(connection.Give(Frames.Get(1, "/")));
        Assert.Null(connection.Take());
    }
}
