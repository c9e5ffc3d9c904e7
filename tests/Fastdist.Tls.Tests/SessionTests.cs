using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>The contract of a session, for every provider of outgoing ones.</summary>
public abstract class SessionTests(TlsProvider provider)
{
    [Theory]
    [InlineData(false, TlsVersion.Tls13)]
    [InlineData(true, TlsVersion.Tls12)]
    public void A_handshake_ends_in_a_session_that_carries_bytes_both_ways(bool tls12, TlsVersion version)
    {
        using var pair = new Pair(tls12: tls12, provider: provider);
        Assert.True(pair.Handshake());
        Assert.Equal(version, pair.Client.Session.Version);
        Assert.Equal("dot", pair.Client.Session.ApplicationProtocol);
        Assert.Equal("dot", pair.Server.Session.ApplicationProtocol);
        Assert.Empty(pair.Client.Session.Error);

        pair.Send(pair.Client, "question"u8);
        Assert.Equal(TlsStatus.NeedInput, pair.Receive(pair.Server));
        Assert.Equal("question"u8, pair.Server.Opened.ToArray());
        pair.Send(pair.Server, "answer"u8);
        Assert.Equal(TlsStatus.NeedInput, pair.Receive(pair.Client));
        Assert.Equal("answer"u8, pair.Client.Opened.ToArray());
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(1, 1, true)]
    [InlineData(1, 1 << 16, false)]
    [InlineData(int.MaxValue, 1, false)]
    [InlineData(7, 13, true)]
    [InlineData(int.MaxValue, 100, false)]
    public void Input_and_output_in_any_portions_come_to_the_same(int input, int output, bool tls12)
    {
        using var pair = new Pair(tls12: tls12, provider: provider) { InputChunk = input, OutputChunk = output };
        Assert.True(pair.Handshake());
        byte[] message = Bytes(10_000);
        pair.Send(pair.Client, message);
        pair.Receive(pair.Server);
        Assert.Equal(message, pair.Server.Opened.ToArray());
    }

    [Fact]
    public void Any_messages_in_any_portions_arrive_as_the_bytes_they_were() =>
        Gen.Select(Gen.Int[0, 9000].Array[1, 8], Gen.Int[1, 6000], Gen.Int[1, 6000], Gen.Bool).Sample(
            (sizes, input, output, tls12) =>
            {
                using var pair = new Pair(tls12: tls12, provider: provider) { InputChunk = input, OutputChunk = output };
                Assert.True(pair.Handshake());
                var sent = new List<byte>();
                foreach (int size in sizes)
                {
                    byte[] message = Bytes(size);
                    sent.AddRange(message);
                    pair.Send(pair.Server, message);
                }

                Assert.Equal(TlsStatus.NeedInput, pair.Receive(pair.Client));
                Assert.Equal(sent, pair.Client.Opened.ToArray());
            },
            iter: 40,
            threads: 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_record_carries_more_than_4096_bytes(bool tls12)
    {
        using var pair = new Pair(tls12: tls12, provider: provider);
        Assert.True(pair.Handshake());
        pair.Send(pair.Client, Bytes(50_000));
        List<int> records = Records(pair.Server.Inbox);
        Assert.Equal(13, records.Count);
        Assert.All(records, length => Assert.InRange(length, 1, TlsContext.MaxRecordPayload + TlsSession.RecordOverhead - 5));
        Assert.All(records.Take(12), length => Assert.InRange(length, TlsContext.MaxRecordPayload, int.MaxValue));
    }

    [Fact]
    public void Many_messages_in_one_send_share_a_record()
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        pair.Send(pair.Client, Bytes(50 * 40));
        Assert.Single(Records(pair.Server.Inbox));
    }

    [Fact]
    public void A_send_without_room_for_a_record_takes_nothing_and_can_be_repeated()
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        byte[] message = Bytes(5000);
        Assert.Equal(TlsStatus.NeedOutput, pair.Client.Session.Send(message, out int consumed, new byte[4096], out int written));
        Assert.Equal((0, 0), (consumed, written));

        var room = new byte[6000];
        Assert.Equal(TlsStatus.Ok, pair.Client.Session.Send(message, out consumed, room, out written));
        Assert.Equal(5000, consumed);
        pair.Server.Inbox.AddRange(room[..written]);
        pair.Receive(pair.Server);
        Assert.Equal(message, pair.Server.Opened.ToArray());
    }

    [Fact]
    public void A_handshake_with_no_room_at_all_keeps_its_flight_until_there_is_some()
    {
        using var pair = new Pair(provider: provider);
        Assert.Equal(TlsStatus.NeedOutput, pair.Client.Session.Handshake([], out _, [], out int written));
        Assert.Equal(0, written);
        Assert.True(pair.Client.Session.HasPendingOutput);
        var room = new byte[4096];
        Assert.Equal(TlsStatus.NeedInput, pair.Client.Session.Handshake([], out _, room, out written));
        Assert.InRange(written, 100, 4096);
        Assert.False(pair.Client.Session.HasPendingOutput);
    }

    [Fact]
    public void Queries_that_came_with_the_end_of_the_handshake_are_opened_without_more_input()
    {
        // The client's Finished and its first query arrive in one read, which OpenSSL takes whole.
        using var pair = new Pair(provider: provider);
        while (!pair.Client.Established)
        {
            Exchange(pair, pair.Client, pair.Server);
            if (!pair.Client.Established)
            {
                Exchange(pair, pair.Server, pair.Client);
            }
        }

        pair.Send(pair.Client, "question"u8);
        byte[] input = [.. pair.Server.Inbox];
        var room = new byte[4096];
        Assert.Equal(TlsStatus.Ok, pair.Server.Session.Handshake(input, out int consumed, room, out _));
        pair.Server.Session.Receive(input.AsSpan(consumed), out _, room, out int opened);
        Assert.Equal("question"u8, room.AsSpan(0, opened));
    }

    [Fact]
    public void Close_notify_ends_the_other_side_in_order_after_its_last_bytes()
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        var room = new byte[4096];
        pair.Send(pair.Client, "bye"u8);
        pair.Client.Session.Close(room, out int written);
        Assert.InRange(written, 1, 100);
        pair.Server.Inbox.AddRange(room[..written]);
        Assert.Equal(TlsStatus.Closed, pair.Receive(pair.Server));
        Assert.Equal("bye"u8, pair.Server.Opened.ToArray());
        Assert.Equal(TlsStatus.Closed, pair.Server.Session.Receive([], out _, room, out _));
    }

    [Fact]
    public void Close_notify_from_the_server_ends_the_client_in_order_after_its_last_bytes()
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        var room = new byte[4096];
        pair.Send(pair.Server, "bye"u8);
        pair.Server.Session.Close(room, out int written);
        pair.Client.Inbox.AddRange(room[..written]);
        Assert.Equal(TlsStatus.Closed, pair.Receive(pair.Client));
        Assert.Equal("bye"u8, pair.Client.Opened.ToArray());
        Assert.Equal(TlsStatus.Closed, pair.Client.Session.Receive([], out _, room, out _));
        pair.Client.Session.Close(room, out written);
        Assert.InRange(written, 1, 100);
        pair.Client.Session.Close(room, out written);
        Assert.Equal(0, written);
    }

    [Fact]
    public void A_session_can_be_given_up_at_any_byte_of_its_handshake_and_twice()
    {
        using var whole = new Pair(provider: provider) { InputChunk = 100 };
        Assert.True(whole.Handshake());
        for (int steps = 0; steps < 20; steps++)
        {
            using var pair = new Pair(provider: provider) { InputChunk = 100 };
            pair.Handshake(steps);
            pair.Client.Dispose();
        }
    }

    [Fact]
    public void Plaintext_room_smaller_than_a_record_takes_it_in_portions()
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        pair.Send(pair.Server, Bytes(100));
        byte[] input = [.. pair.Client.Inbox];
        var room = new byte[60];
        Assert.Equal(TlsStatus.NeedOutput, pair.Client.Session.Receive(input, out int consumed, room, out int written));
        Assert.Equal((input.Length, 60), (consumed, written));
        Assert.Equal(TlsStatus.NeedInput, pair.Client.Session.Receive([], out _, room, out written));
        Assert.Equal(40, written);
    }

    [Fact]
    public void Errors_that_others_left_on_the_thread_do_not_fail_a_session()
    {
        using var pair = new Pair(provider: provider);
        Assert.True(pair.Handshake());
        ErrorQueue.Pollute();
        var room = new byte[100];
        Assert.Equal(TlsStatus.NeedInput, pair.Client.Session.Receive([], out _, room, out _));
        ErrorQueue.Pollute();
        pair.Send(pair.Server, "answer"u8);
        pair.Receive(pair.Client);
        Assert.Equal("answer"u8, pair.Client.Opened.ToArray());

        using var other = new Pair(provider: provider);
        ErrorQueue.Pollute();
        Assert.Equal(TlsStatus.NeedInput, other.Client.Session.Handshake([], out _, new byte[4096], out _));
    }

    private static void Exchange(Pair pair, End end, End other)
    {
        var room = new byte[1 << 16];
        byte[] input = [.. end.Inbox];
        TlsStatus status = end.Session.Handshake(input, out int consumed, room, out int written);
        end.Inbox.RemoveRange(0, consumed);
        other.Inbox.AddRange(room[..written]);
        end.Established = status == TlsStatus.Ok;
    }

    private static List<int> Records(List<byte> ciphertext)
    {
        const int HeaderSize = 5;
        byte[] bytes = [.. ciphertext];
        var lengths = new List<int>();
        for (int offset = 0; offset < bytes.Length; offset += HeaderSize + lengths[^1])
        {
            Assert.Equal(23, bytes[offset]);
            lengths.Add(BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(offset + 3)));
        }

        return lengths;
    }

    private static byte[] Bytes(int length)
    {
        var data = new byte[length];
        new Random(length).NextBytes(data);
        return data;
    }
}
