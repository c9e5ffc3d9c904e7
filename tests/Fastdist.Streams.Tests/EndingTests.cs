using System;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Streams.Tests;

public class EndingTests
{
    [Theory, ClassData(typeof(Transports))]
    public void A_stream_is_finished_when_everything_is_out_and_close_notify_last(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        RingStream stream = pair.Client.Stream;
        pair.Client.Add("last"u8);
        Assert.False(stream.TryFinish(0));
        stream.TryFlush(0, out _);
        Assert.False(stream.TryFinish(0));
        stream.Sent(0, 0);

        if (transport != Transport.Plain)
        {
            Assert.False(stream.TryFinish(0));
            Assert.True(stream.Sent(0, 0));
        }

        Assert.True(stream.TryFinish(0));
        Assert.Equal(transport == Transport.Plain ? 1 : 2, pair.Client.Wire.Sends.Count);
        Pair.Deliver(pair.Client, pair.Server);
        Assert.Equal("last"u8, pair.Server.Bytes);
        Assert.Equal(transport == Transport.Plain ? StreamStatus.Dry : StreamStatus.Ended, pair.Server.Status);
    }

    [Theory, ClassData(typeof(Providers))]
    public void A_goodbye_comes_behind_what_was_sealed_already(TlsProvider provider)
    {
        using Pair pair = Pair.Established(provider);
        pair.Client.Add("last"u8);
        pair.Client.Stream.Close();

        Assert.True(pair.Client.Wire.IsClosed);
        Assert.Empty(pair.Client.Wire.Sends);
        Pair.Deliver(pair.Client, pair.Server);
        Assert.Equal("last"u8, pair.Server.Bytes);
        Assert.Equal(StreamStatus.Ended, pair.Server.Status);
    }

    [Theory, ClassData(typeof(Providers))]
    public void No_goodbye_is_said_that_could_not_be_opened(TlsProvider provider)
    {
        using Pair dropped = Pair.Established(provider);
        dropped.Client.Add("never"u8);
        dropped.Client.Stream.DropGathered();
        dropped.Client.Stream.Close();
        Assert.Empty(dropped.Client.Wire.Last);

        using Pair full = Pair.Established(provider);
        full.Client.Wire.TakesLast = false;
        full.Client.Add("never"u8);
        full.Client.Stream.Close();
        Assert.Single(full.Client.Wire.Last);

        using Pair sending = Pair.Established(provider);
        sending.Client.Add("now"u8);
        sending.Client.Stream.TryFlush(0, out _);
        sending.Client.Stream.Close();
        Assert.Empty(sending.Client.Wire.Last);
    }

    [Theory, ClassData(typeof(Providers))]
    public void What_was_gathered_plain_can_be_dropped_and_the_goodbye_said(TlsProvider provider)
    {
        using Pair pair = Pair.Established(provider, coalesces: true);
        pair.Client.Add("never"u8);
        pair.Client.Stream.DropGathered();
        pair.Client.Stream.Close();

        Pair.Deliver(pair.Client, pair.Server);
        Assert.Empty(pair.Server.Bytes);
        Assert.Equal(StreamStatus.Ended, pair.Server.Status);
    }

    [Theory, ClassData(typeof(Providers))]
    public void Goodbye_is_said_once(TlsProvider provider)
    {
        using Pair pair = Pair.Established(provider);
        Assert.False(pair.Client.Stream.TryFinish(0));
        pair.Client.Stream.Sent(0, 0);
        pair.Client.Stream.Close();

        Assert.Empty(pair.Client.Wire.Last);
    }

    [Fact]
    public void A_handshake_that_fails_has_its_alert_leave_before_the_end()
    {
        using var pair = new Pair(Transport.OpenSsl);

        // A record with a handshake message that begins none.
        pair.Server.Receive([22, 3, 1, 0, 5, 20, 0, 0, 1, 0]);
        Assert.Equal(StreamStatus.Failed, pair.Server.Status);

        Assert.False(pair.Server.Stream.TryFinish(0));
        Assert.True(pair.Server.Stream.Sent(0, 0));
        Assert.True(pair.Server.Stream.TryFinish(0));

        Assert.Single(pair.Server.Wire.Sends);
    }

    [Theory, ClassData(typeof(Transports))]
    public void One_that_lingers_says_fin_and_is_read_on(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        pair.Server.Take = _ =>
        {
            pair.Server.Stream.Pause();
            return 0;
        };
        pair.Client.Add("more"u8);
        pair.Client.Flush();
        Pair.Deliver(pair.Client, pair.Server);

        pair.Server.Stream.Linger();

        Assert.Equal((true, false, 0), (pair.Server.Wire.IsShut, pair.Server.Wire.IsPaused, pair.Server.Memory.BuffersTaken));
    }

    [Theory, ClassData(typeof(Transports))]
    public void The_next_stream_begins_as_the_first_did(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        RingStream stream = pair.Server.Stream;
        pair.Server.Take = static _ => 0;
        pair.Client.Add("kept"u8);
        pair.Client.Flush();
        Pair.Deliver(pair.Client, pair.Server);
        pair.Server.Add("sent"u8);
        stream.TryFlush(0, out _);
        pair.Server.Add("gathered"u8);
        stream.Pause();
        stream.DropGathered();
        stream.Release();

        Assert.Equal((0, 0), (pair.Server.Memory.BuffersTaken, pair.Server.Memory.OutputBytes));
        var ring = new HandRing();
        Ring.StreamHandle handle = ring.Add();
        stream.Begin(ring, handle);
        Assert.Equal((0, 0, false, false, false, null), (stream.Kept, stream.Gathered, stream.IsPaused, stream.IsSending, stream.HasFailed, stream.Session));
        ReadOnlySpan<byte> data = [1, 2, 3];
        Assert.Equal(StreamStatus.Dry, stream.Open(ref data, out ReadOnlySpan<byte> opened));
        Assert.Equal<byte>([1, 2, 3], opened.ToArray());
        stream.Keep(default);
        Assert.True(stream.TryReserve(3, out Span<byte> room) && stream.TryAdd(3) && stream.TryFlush(0, out int sent) && sent == 3 && !room.IsEmpty);
        Assert.Single(ring[handle].Sends);
    }
}
