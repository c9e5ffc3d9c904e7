using System;
using System.Linq;
using Fastdist.Tls;
using Xunit;

namespace Fastdist.Streams.Tests;

public class SendingTests
{
    [Theory, ClassData(typeof(Transports))]
    public void What_a_turn_added_leaves_in_one_send(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        pair.Client.Add("one"u8);
        pair.Client.Add("two"u8);

        Assert.True(pair.Client.Stream.TryFlush(now: 7, out int sent));

        byte[] bytes = Assert.Single(pair.Client.Wire.Sends);
        Assert.Equal((bytes.Length, 7L, 0), (sent, pair.Client.Stream.SendingSince, pair.Client.Stream.Gathered));
        Pair.Deliver(pair.Client, pair.Server);
        Assert.Equal("onetwo"u8, pair.Server.Bytes);
    }

    [Theory, ClassData(typeof(Transports))]
    public void What_is_added_during_a_send_waits_for_its_end(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        pair.Client.Add("one"u8);
        pair.Client.Stream.TryFlush(0, out _);
        pair.Client.Add("two"u8);

        Assert.True(pair.Client.Stream.TryFlush(0, out int sent));
        Assert.Equal(0, sent);
        Assert.True(pair.Client.Stream.Sent(0, 0));
        Assert.True(pair.Client.Stream.TryFlush(0, out sent));

        Assert.NotEqual(0, sent);
        Assert.Equal(2, pair.Client.Wire.Sends.Count);
        Pair.Deliver(pair.Client, pair.Server);
        Assert.Equal("onetwo"u8, pair.Server.Bytes);
    }

    [Fact]
    public void A_long_send_goes_in_parts_and_each_that_is_done_is_progress()
    {
        const int Part = 64 * 1024;
        using Pair pair = Pair.Established(Transport.Plain);
        byte[] piece = Filled(Part);
        pair.Client.Add(piece);
        pair.Client.Add(piece.AsSpan(0, 10));

        pair.Client.Stream.TryFlush(now: 1, out int sent);
        Assert.Equal((Part + 10, 1), (sent, pair.Client.Wire.Sends.Count));
        pair.Client.Wire.Unacknowledged = 3;
        Assert.Equal(13, pair.Client.Stream.Unacknowledged);
        Assert.False(pair.Client.Stream.Sent(0, now: 2));
        Assert.Equal((2L, true), (pair.Client.Stream.SendingSince, pair.Client.Stream.IsSending));
        Assert.True(pair.Client.Stream.Sent(0, now: 3));
        Assert.False(pair.Client.Stream.IsSending);
        Assert.Equal([.. piece, .. piece[..10]], pair.Client.Wire.Sends.SelectMany(static bytes => bytes));
    }

    [Fact]
    public void A_part_that_failed_is_the_last()
    {
        using Pair pair = Pair.Established(Transport.Plain);
        pair.Client.Add(Filled(End.LargestPiece));
        pair.Client.Stream.TryFlush(0, out _);

        Assert.True(pair.Client.Stream.Sent(errno: 32, 0));
        Assert.Single(pair.Client.Wire.Sends);
    }

    [Theory, ClassData(typeof(Providers))]
    public void Pieces_have_records_of_their_own_unless_they_may_share_them(TlsProvider provider)
    {
        Assert.Equal(3, RecordsOf(provider, coalesces: false));
        Assert.Equal(1, RecordsOf(provider, coalesces: true));

        static int RecordsOf(TlsProvider provider, bool coalesces)
        {
            using Pair pair = Pair.Established(provider, coalesces);
            pair.Client.Add("one"u8);
            pair.Client.Add("two"u8);
            pair.Client.Add("three"u8);
            pair.Client.Flush();
            Assert.Equal(Records.Count(pair.Client.Wire.Sends[0]), pair.Client.Stream.Records);
            return pair.Client.Stream.Records;
        }
    }

    [Theory]
    [InlineData(TlsProvider.OpenSsl, false)]
    [InlineData(TlsProvider.OpenSsl, true)]
    [InlineData(TlsProvider.SslStream, false)]
    [InlineData(TlsProvider.SslStream, true)]
    public void A_piece_that_is_longer_than_a_record_arrives_whole(TlsProvider provider, bool coalesces)
    {
        using Pair pair = Pair.Established(provider, coalesces);
        byte[] piece = Filled(End.LargestPiece);
        pair.Client.Add(piece);
        pair.Client.Flush();

        Assert.Equal(18, pair.Client.Stream.Records);
        Pair.Deliver(pair.Client, pair.Server);
        Assert.Equal(piece, pair.Server.Bytes);
    }

    [Theory, ClassData(typeof(Transports))]
    public void Buffers_are_held_only_while_something_is_in_them(Transport transport)
    {
        using Pair pair = Pair.Established(transport);
        pair.Client.Add("one"u8);
        Assert.Equal((1, End.BufferSize), (pair.Client.Memory.BuffersTaken, pair.Client.Memory.OutputBytes));

        pair.Exchange();

        Assert.Equal((0, 0), (pair.Client.Memory.BuffersTaken, pair.Client.Memory.OutputBytes));
        Assert.Equal(0, pair.Server.Memory.BuffersTaken);
    }

    [Theory]
    [InlineData(Transport.Plain, false)]
    [InlineData(Transport.OpenSsl, false)]
    [InlineData(Transport.OpenSsl, true)]
    public void What_all_peers_leave_untaken_is_bounded(Transport transport, bool coalesces)
    {
        using Pair pair = Pair.Established(transport, coalesces, outputBudget: 256 * 1024);
        byte[] piece = Filled(1000);
        int added = 0;
        while (pair.Client.Add(piece))
        {
            Assert.True(++added < 300, "there is no bound");
        }

        Assert.InRange(pair.Client.Memory.OutputBytes, 128 * 1024, 256 * 1024);
        Assert.Equal((!coalesces && transport != Transport.Plain, false), (pair.Client.Stream.Gathered > added * piece.Length, pair.Client.Stream.HasFailed));
    }

    [Fact]
    public void Sealing_what_was_gathered_does_not_count_it_twice()
    {
        using Pair pair = Pair.Established(Transport.OpenSsl, coalesces: true, outputBudget: 256 * 1024);
        byte[] piece = Filled(1000);
        int added = 0;
        for (; pair.Client.Stream.Gathered < 100_000; added++)
        {
            Assert.True(pair.Client.Add(piece));
        }

        pair.Exchange();

        Assert.Equal(Enumerable.Repeat(piece, added).SelectMany(static bytes => bytes), pair.Server.Bytes);
    }

    [Theory, ClassData(typeof(Providers))]
    public void Nothing_is_sealed_by_a_session_that_failed_and_its_alert_leaves(TlsProvider provider)
    {
        using Pair pair = Pair.Established(provider);
        pair.Server.Receive(new byte[100]);
        Assert.Equal((StreamStatus.Failed, true), (pair.Server.Status, pair.Server.Stream.HasFailed));

        Assert.False(pair.Server.Add("late"u8));
        Assert.True(pair.Server.Stream.HasOutput);
        Assert.True(pair.Server.Flush());

        Pair.Deliver(pair.Server, pair.Client);
        Assert.Equal(StreamStatus.Failed, pair.Client.Status);
    }

    internal static byte[] Filled(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
