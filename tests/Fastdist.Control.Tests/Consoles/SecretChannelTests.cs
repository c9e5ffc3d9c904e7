using System;
using System.Linq;
using CsCheck;
using Fastdist.Control.Consoles;
using Fastdist.Control.Secrets;
using Fastdist.Control.Secrets.Interop;
using Xunit;

namespace Fastdist.Control.Tests.Consoles;

public class SecretChannelTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_nonce_of_ours_but_for_the_counter_is_refused(byte difference)
    {
        var channel = new SecretChannel(SharedKey.Create());
        byte[] theirs = channel.OwnNonce.ToArray();
        theirs[3] ^= difference;
        Assert.False(channel.Open(theirs));
        theirs[4] ^= 1;
        Assert.True(channel.Open(theirs));
    }

    private static readonly Gen<byte[]> Nonces = Gen.Byte.Array[SecretChannel.NonceSize];

    [Fact]
    public void A_directions_nonce_is_half_the_receivers_and_half_the_senders()
    {
        byte[] ours = [.. Enumerable.Repeat((byte)0xAA, 24)];
        byte[] theirs = [.. Enumerable.Repeat((byte)0xBB, 24)];
        byte[] result = new byte[24];
        SecretChannel.Merge(ours, theirs, result);
        Assert.Equal("AAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBB", Convert.ToHexString(result));
    }

    [Theory]
    [InlineData("00000000", "00000001")]
    [InlineData("000000FF", "00000100")]
    [InlineData("00FFFFFF", "01000000")]
    [InlineData("FFFFFFFF", "00000000")]
    public void The_first_four_bytes_count_and_the_others_stay(string before, string after)
    {
        const string Rest = "0102030405060708090A0B0C0D0E0F1011121314";
        byte[] nonce = Convert.FromHexString(before + Rest);
        SecretChannel.Increment(nonce);
        Assert.Equal(after + Rest, Convert.ToHexString(nonce));
    }

    [Fact]
    public void The_nth_message_is_the_secretbox_under_the_merged_nonce_counted_n_times()
    {
        var key = SharedKey.Create();
        Gen.Select(Nonces, Nonces, Gen.Byte.Array[0, 300], Gen.Int[0, 20]).Sample((ours, theirs, message, count) =>
        {
            var channel = new SecretChannel(key, ours);
            channel.Open(theirs);
            for (int i = 0; i < count; i++)
            {
                channel.Seal([]);
            }

            // dnsdist's writing nonce: the other end's first half, our second; then big-endian arithmetic on a copy.
            byte[] nonce = [.. theirs[..12], .. ours[12..]];
            uint counter = ((uint)nonce[0] << 24 | (uint)nonce[1] << 16 | (uint)nonce[2] << 8 | nonce[3]) + (uint)count;
            (nonce[0], nonce[1], nonce[2], nonce[3]) = ((byte)(counter >> 24), (byte)(counter >> 16), (byte)(counter >> 8), (byte)counter);
            byte[] expected = new byte[message.Length + 16];
            Sodium.Seal(message, nonce, key.Bytes, expected);
            return channel.Seal(message).AsSpan().SequenceEqual(expected);
        });
    }

    [Fact]
    public void Two_ends_with_one_key_understand_each_other_in_any_order_of_messages()
    {
        var key = SharedKey.Create();
        Gen.Select(Nonces, Nonces, Gen.Select(Gen.Bool, Gen.Byte.Array[0, 100]).Array[0, 30]).Sample((clients, servers, messages) =>
        {
            var client = new SecretChannel(key, clients);
            var server = new SecretChannel(key, servers);
            client.Open(servers);
            server.Open(clients);
            return messages.All(m =>
            {
                (SecretChannel from, SecretChannel to) = m.Item1 ? (client, server) : (server, client);
                return to.TryOpen(from.Seal(m.Item2), out byte[] opened) && opened.AsSpan().SequenceEqual(m.Item2);
            });
        });
    }

    [Fact]
    public void A_message_that_comes_twice_or_out_of_order_is_not_opened()
    {
        (SecretChannel client, SecretChannel server) = Pair(SharedKey.Create());
        byte[] first = client.Seal("first"u8);
        byte[] second = client.Seal("second"u8);
        Assert.False(server.TryOpen(second, out _));
        Assert.True(server.TryOpen(first, out _));
        Assert.False(server.TryOpen(first, out _));
        Assert.True(server.TryOpen(second, out _));
    }

    [Fact]
    public void A_message_sent_back_to_its_sender_is_not_opened()
    {
        (SecretChannel client, _) = Pair(SharedKey.Create());
        Assert.False(client.TryOpen(client.Seal("echo"u8), out _));
    }

    [Fact]
    public void Another_key_opens_nothing()
    {
        (SecretChannel client, _) = Pair(SharedKey.Create());
        (_, SecretChannel server) = Pair(SharedKey.Create());
        Assert.False(server.TryOpen(client.Seal("showServers()"u8), out _));
    }

    [Fact]
    public void Each_connection_has_a_nonce_of_its_own()
    {
        var key = SharedKey.Create();
        Assert.NotEqual(new SecretChannel(key).OwnNonce.ToArray(), new SecretChannel(key).OwnNonce.ToArray());
    }

    private static (SecretChannel Client, SecretChannel Server) Pair(SharedKey key)
    {
        byte[] clients = [.. Enumerable.Repeat((byte)1, 24)];
        byte[] servers = [.. Enumerable.Repeat((byte)2, 24)];
        var client = new SecretChannel(key, clients);
        var server = new SecretChannel(key, servers);
        client.Open(servers);
        server.Open(clients);
        return (client, server);
    }
}
