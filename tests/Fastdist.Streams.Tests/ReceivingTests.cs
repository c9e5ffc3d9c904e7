using System;
using System.Linq;
using System.Text;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Streams.Tests;

public class ReceivingTests
{
    [Theory, ClassData(typeof(Transports))]
    public void What_was_not_taken_comes_again_with_more_behind_it(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        pair.Server.Take = static bytes => bytes.EndsWith("."u8) ? bytes.Length : 0;

        Say(pair, "half");
        Assert.Equal((4, 1, 0L), (pair.Server.Stream.Kept, pair.Server.Memory.BuffersTaken, pair.Server.Taken.Length));
        Say(pair, " a sentence.");

        Assert.Equal("half a sentence."u8, pair.Server.Bytes);
        Assert.Equal((0, 0), (pair.Server.Stream.Kept, pair.Server.Memory.BuffersTaken));
    }

    [Theory, ClassData(typeof(Transports))]
    public void Messages_of_any_length_are_put_together_out_of_pieces_of_any_length(Transport transport)
    {
        using Pair pair = Pair.Established(transport, coalesces: true);
        var random = new Random(1);
        byte[][] messages = [.. Enumerable.Range(0, 60).Select(i => Message(random, i % 10 == 0 ? 60_000 : 200))];
        pair.Server.Take = static bytes => WholeMessages(bytes, most: int.MaxValue);
        foreach (byte[] message in messages)
        {
            pair.Client.Add(message);
            pair.Client.Flush();
            Pair.Deliver(pair.Client, pair.Server, 1 + random.Next(3000));
        }

        Assert.Equal(messages.SelectMany(static message => message), pair.Server.Bytes);
        Assert.Equal(0, pair.Server.Stream.Kept);
    }

    [Theory, ClassData(typeof(Transports))]
    public void Nothing_is_lost_or_turned_round_by_pauses(Transport transport)
    {
        using Pair pair = Pair.Established(transport, coalesces: true);
        var random = new Random(2);
        byte[][] messages = [.. Enumerable.Range(0, 400).Select(i => Message(random, i % 50 == 0 ? 20_000 : 100))];
        pair.Server.Take = bytes =>
        {
            int taken = WholeMessages(bytes, most: 1 + random.Next(5));
            if (taken > 0)
            {
                pair.Server.Stream.Pause();
            }

            return taken;
        };
        foreach (byte[] message in messages)
        {
            pair.Client.Add(message);
            pair.Client.Flush();
            Pair.Deliver(pair.Client, pair.Server, 1 + random.Next(3000));
            if (random.Next(3) == 0)
            {
                pair.Server.GoOn();
            }

            // What waits is what one look opened, and never more for being looked at again.
            Assert.InRange(pair.Server.Stream.Kept, 0, 64 * 1024);
        }

        while (pair.Server.Stream.IsPaused)
        {
            pair.Server.GoOn();
            Pair.Deliver(pair.Client, pair.Server);
        }

        Assert.Equal(messages.SelectMany(static message => message), pair.Server.Bytes);
    }

    [Theory, ClassData(typeof(Transports))]
    public void A_pause_holds_the_peer_back_until_what_was_left_is_taken(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        pair.Server.Take = bytes =>
        {
            pair.Server.Stream.Pause();
            return 1;
        };

        Say(pair, "abc");
        Assert.Equal(("a", 2, true), (Text(pair.Server), pair.Server.Stream.Kept, pair.Server.Wire.IsPaused));
        pair.Server.GoOn();
        Assert.Equal(("ab", 1, true), (Text(pair.Server), pair.Server.Stream.Kept, pair.Server.Wire.IsPaused));
        pair.Server.Take = static bytes => bytes.Length;
        pair.Server.GoOn();

        Assert.Equal(("abc", 0, false), (Text(pair.Server), pair.Server.Stream.Kept, pair.Server.Wire.IsPaused));
    }

    [Theory, ClassData(typeof(Transports))]
    public void What_is_kept_is_what_the_owner_says(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        Say(pair, "x");
        ReadOnlySpan<byte> data = pair.Client.Add("abc"u8) && pair.Client.Flush() ? [.. pair.Client.Wire.Way] : default;

        Assert.Equal(StreamStatus.Dry, pair.Server.Stream.Open(ref data, out ReadOnlySpan<byte> opened));
        byte[] own = [.. opened];
        "xyz"u8.CopyTo(own);
        pair.Server.Stream.Keep(own.AsSpan(1));
        pair.Client.Wire.Way.Clear();
        Say(pair, "!");

        Assert.Equal("xyz!"u8, pair.Server.Bytes);
    }

    [Theory, ClassData(typeof(Providers))]
    public void The_end_of_a_session_is_told_after_what_came_before_it(TlsProvider provider)
    {
        using Pair pair = Pair.Established(provider);
        pair.Server.Take = bytes =>
        {
            pair.Server.Stream.Pause();
            return 1;
        };
        pair.Client.Add("abc"u8);
        pair.Client.Flush();
        Assert.False(pair.Client.Stream.TryFinish(0));

        Pair.Deliver(pair.Client, pair.Server);
        Assert.Equal("a", Text(pair.Server));
        pair.Server.Take = static bytes => bytes.Length;
        pair.Server.GoOn();
        Pair.Deliver(pair.Client, pair.Server);

        Assert.Equal(("abc", StreamStatus.Ended), (Text(pair.Server), pair.Server.Status));
    }

    [Theory, ClassData(typeof(Providers))]
    public void What_came_with_the_end_of_a_handshake_is_opened(TlsProvider provider)
    {
        using var pair = new Pair(provider == TlsProvider.SslStream ? Transport.SslStream : Transport.OpenSsl);
        pair.Client.Receive(default);
        pair.Client.Flush();
        Pair.Deliver(pair.Client, pair.Server);
        pair.Server.Flush();
        Pair.Deliver(pair.Server, pair.Client);
        pair.Client.Add("at once"u8);
        pair.Client.Flush();

        Pair.Deliver(pair.Client, pair.Server);

        Assert.Equal("at once"u8, pair.Server.Bytes);
    }

    [Theory, ClassData(typeof(Providers))]
    public void A_silent_session_rests_once_and_goes_on(TlsProvider provider)
    {
        using Pair pair = Pair.Established(provider);
        Say(pair, "a");
        Assert.True(pair.Server.Stream.TryRest());
        Assert.False(pair.Server.Stream.TryRest());

        Say(pair, "b");

        Assert.Equal("ab", Text(pair.Server));
        Assert.True(pair.Server.Stream.TryRest());
    }

    private static void Say(Pair pair, string text)
    {
        pair.Client.Add(Encoding.ASCII.GetBytes(text));
        pair.Client.Flush();
        Pair.Deliver(pair.Client, pair.Server);
    }

    private static string Text(End end) => Encoding.ASCII.GetString(end.Bytes);

    /// <summary>A message with its length before it, up to so many bytes.</summary>
    private static byte[] Message(Random random, int most)
    {
        byte[] message = new byte[2 + random.Next(most)];
        random.NextBytes(message);
        (message[0], message[1]) = ((byte)(message.Length >> 8), (byte)message.Length);
        return message;
    }

    private static int WholeMessages(ReadOnlySpan<byte> bytes, int most)
    {
        int taken = 0;
        for (; most > 0 && bytes.Length - taken >= 2; most--)
        {
            int length = (bytes[taken] << 8) | bytes[taken + 1];
            if (bytes.Length - taken < length)
            {
                break;
            }

            taken += length;
        }

        return taken;
    }
}
