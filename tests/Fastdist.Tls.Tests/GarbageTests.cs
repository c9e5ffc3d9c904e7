using System.Linq;
using CsCheck;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Whatever a peer sends ends in a status, never in an exception or a crash.</summary>
public abstract class GarbageTests(TlsProvider provider)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Random_bytes_instead_of_a_handshake_fail_or_wait_for_more(bool server) =>
        Gen.Byte.Array[0, 3000].Sample(
            bytes =>
            {
                using var pair = new Pair(provider: provider);
                End end = server ? pair.Server : pair.Client;
                var room = new byte[1 << 16];
                TlsStatus status = end.Session.Handshake(bytes, out int consumed, room, out _);
                Assert.Contains(status, new[] { TlsStatus.Failed, TlsStatus.NeedInput });
                Assert.InRange(consumed, 0, bytes.Length);
                Assert.Equal(status == TlsStatus.Failed, end.Session.Error.Length > 0);
            },
            iter: 200,
            threads: 1);

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\u0000\u001d\u0001\u0002\u0001\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0007example\u0003com\u0000\u0000\u0001\u0000\u0001")]
    public void Plaintext_sent_to_a_TLS_client_fails_with_words(string text)
    {
        using var pair = new Pair(provider: provider);
        byte[] bytes = [.. text.Select(character => (byte)character)];
        Assert.Equal(TlsStatus.Failed, pair.Client.Session.Handshake(bytes, out _, new byte[4096], out _));
        Assert.NotEmpty(pair.Client.Session.Error);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: dot.example.net\r\n\r\n")]
    [InlineData("\u0000\u001d\u0001\u0002\u0001\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0007example\u0003com\u0000\u0000\u0001\u0000\u0001")]
    public void Plaintext_sent_to_a_TLS_server_fails_with_words(string text)
    {
        using var pair = new Pair(provider: provider);
        byte[] bytes = [.. text.Select(character => (byte)character)];
        Assert.Equal(TlsStatus.Failed, pair.Server.Session.Handshake(bytes, out _, new byte[4096], out _));
        Assert.NotEmpty(pair.Server.Session.Error);
    }

    [Fact]
    public void A_flipped_bit_in_a_handshake_never_ends_in_two_established_ends_that_disagree() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5000], Gen.Int[0, 7], Gen.Bool).Sample(
            (flight, position, bit, tls12) =>
            {
                using var pair = new Pair(tls12: tls12, provider: provider);
                bool established = HandshakeWithFlip(pair, flight, position, bit);
                if (established)
                {
                    // What no signature covers (a record header's legacy version) may be flipped without harm.
                    pair.Send(pair.Client, "question"u8);
                    pair.Receive(pair.Server);
                    Assert.Equal("question"u8, pair.Server.Opened.ToArray());
                }
            },
            iter: 150,
            threads: 1);

    [Fact]
    public void A_flipped_bit_in_a_record_fails_the_session_and_opens_nothing() =>
        Gen.Select(Gen.Int[0, 4000], Gen.Int[0, 7], Gen.Bool, Gen.Bool).Sample(
            (position, bit, tls12, toClient) =>
            {
                using var pair = new Pair(tls12: tls12, provider: provider);
                Assert.True(pair.Handshake());
                (End from, End to) = toClient ? (pair.Server, pair.Client) : (pair.Client, pair.Server);
                pair.Send(from, new byte[100]);
                position %= to.Inbox.Count;
                to.Inbox[position] ^= (byte)(1 << bit);
                TlsStatus status = pair.Receive(to);

                // A longer length only makes the session wait for the rest.
                Assert.True(status == TlsStatus.Failed || (status == TlsStatus.NeedInput && position is 3 or 4));
                Assert.Equal(0, to.Opened.Length);
            },
            iter: 150,
            threads: 1);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_record_longer_than_the_protocol_allows_fails(bool tls12, bool toClient)
    {
        using var pair = new Pair(tls12: tls12, provider: provider);
        Assert.True(pair.Handshake());
        End to = toClient ? pair.Client : pair.Server;
        to.Inbox.AddRange([23, 3, 3, 0xFF, 0xFF]);

        // SslStream judges a record when it is whole.
        to.Inbox.AddRange(new byte[0xFFFF]);
        Assert.Equal(TlsStatus.Failed, pair.Receive(to));
        Assert.NotEmpty(to.Session.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_truncated_record_waits_for_its_end(bool toClient)
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        (End from, End to) = toClient ? (pair.Server, pair.Client) : (pair.Client, pair.Server);
        pair.Send(from, "question"u8);
        byte last = to.Inbox[^1];
        to.Inbox.RemoveAt(to.Inbox.Count - 1);
        Assert.Equal(TlsStatus.NeedInput, pair.Receive(to));
        Assert.Equal(0, to.Opened.Length);
        to.Inbox.Add(last);
        pair.Receive(to);
        Assert.Equal("question"u8, to.Opened.ToArray());
    }

    [Fact]
    public void A_failed_client_stays_failed_for_the_same_reason()
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        pair.Send(pair.Server, "answer"u8);
        pair.Client.Inbox[^1] ^= 1;
        Assert.Equal(TlsStatus.Failed, pair.Receive(pair.Client));
        string error = pair.Client.Session.Error;
        Assert.NotEmpty(error);
        Assert.NotEqual(TlsFailure.None, pair.Client.Session.Failure);

        var room = new byte[4096];
        Assert.Equal(TlsStatus.Failed, pair.Client.Session.Receive([1, 2, 3], out _, room, out int opened));
        Assert.Equal(TlsStatus.Failed, pair.Client.Session.Send("question"u8, out int consumed, room, out _));
        Assert.Equal(TlsStatus.Failed, pair.Client.Session.Handshake([], out _, room, out _));
        pair.Client.Session.Close(room, out int closing);
        Assert.Equal((0, 0, 0), (opened, consumed, closing));
        Assert.Equal(error, pair.Client.Session.Error);
    }

    [Fact]
    public void A_failed_session_stays_failed_and_still_gives_its_alert()
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        pair.Send(pair.Client, "question"u8);
        pair.Server.Inbox[^1] ^= 1;
        Assert.Equal(TlsStatus.Failed, pair.Receive(pair.Server));
        string error = pair.Server.Session.Error;
        Assert.NotEmpty(error);

        var room = new byte[4096];
        Assert.Equal(TlsStatus.Failed, pair.Server.Session.Receive([1, 2, 3], out _, room, out int written));
        Assert.Equal(0, written);
        Assert.Equal(TlsStatus.Failed, pair.Server.Session.Send("answer"u8, out int consumed, room, out written));
        Assert.Equal(0, consumed);
        Assert.InRange(written, 7, 100);
        Assert.Equal(TlsStatus.Failed, pair.Server.Session.Handshake([], out _, new byte[100], out _));
        pair.Server.Session.Close(new byte[100], out int more);
        Assert.Equal(0, more);
        Assert.Equal(error, pair.Server.Session.Error);

        pair.Client.Inbox.AddRange(room[..written]);
        Assert.Equal(TlsStatus.Failed, pair.Receive(pair.Client));
        Assert.Contains("alert", pair.Client.Session.Error);
    }

    private static bool HandshakeWithFlip(Pair pair, int flight, int position, int bit)
    {
        End[] ends = [pair.Client, pair.Server];
        int sent = 0;
        for (int step = 0; step < 20; step++)
        {
            End end = ends[step % 2], other = ends[(step + 1) % 2];
            var room = new byte[1 << 16];
            byte[] input = [.. end.Inbox];
            end.Inbox.Clear();
            if (end.Established)
            {
                if (end.Session.Receive(input, out _, room, out _) != TlsStatus.NeedInput)
                {
                    return false;
                }

                continue;
            }

            end.Status = end.Session.Handshake(input, out int consumed, room, out int written);
            end.Inbox.AddRange(input[consumed..]);
            end.Established = end.Status == TlsStatus.Ok;
            if (end.Status == TlsStatus.Failed)
            {
                return false;
            }

            if (written > 0 && sent++ == flight)
            {
                room[position % written] ^= (byte)(1 << bit);
            }

            other.Inbox.AddRange(room[..written]);
        }

        return pair.Client.Established && pair.Server.Established;
    }
}
