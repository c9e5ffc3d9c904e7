using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Dot;

/// <summary>Whatever is sent to the TLS port, the process lives, each connection ends in a counter, and others are served.</summary>
[Trait("Stage", "4")]
public sealed class BadInputTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task A_hello_that_comes_byte_by_byte_is_answered_without_a_limit_on_reads(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null, "--io", ring, "--max-tcp-read-ios-per-query", "0");

        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls, pieces: ByteByByte);

        Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query("x.load.test"))).Rcode);
        Assert.Equal(1, (await fastdist.CountersAsync()).Dot("tls-new-sessions"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_hello_in_too_many_pieces_is_closed_counted_and_its_sender_banned(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        using DnsTcpClient slow = await DnsTcpClient.ConnectAsync(fastdist.Tls);

        // As long as a record may be: the kernel may join pieces, but not that many.
        await slow.SendRawAsync([22, 3, 1, 0x40, 0, 1, 0, 0x3f, 0xfc]);
        await Patience.UntilAsync(() => Ended(slow), "the end of a slow client");

        await fastdist.CountedAsync(counters => counters.Dot("too-many-read-ios") == 1, "one with too many reads");
        using DnsTcpClient again = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        await again.UntilClosedAsync();
        await fastdist.CountedAsync(counters => counters.Dot("refused-banned") == 1, "one refused as banned");
        await using DotClient other = await DotClient.ConnectAsync(fastdist.Tls, System.Net.IPAddress.Parse("127.0.0.2"));
        Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("x.load.test"))).Rcode);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_hello_cut_at_any_length_counts_as_closed(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        byte[] hello = await ClientHello.MakeAsync();
        int sent = 0;

        for (int length = 0; length < hello.Length; length += 5)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
            await client.SendRawAsync(hello[..length]);
            client.FinishSending();
            await client.UntilClosedAsync();
            sent++;
        }

        await fastdist.CountedAsync(counters => counters.Dot("handshake-closed") == sent, $"{sent} closed");
        await IsWellAsync(fastdist);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_hello_with_any_one_byte_changed_ends_in_a_counter(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--shards", "1");
        byte[] hello = await ClientHello.MakeAsync();
        int sent = 0;

        for (int at = 0; at < hello.Length; at++)
        {
            byte[] changed = [.. hello];
            changed[at] ^= (byte)(1 << (at % 8));
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
            await client.SendRawAsync(changed);
            client.FinishSending();
            await DrainAsync(client);
            sent++;
        }

        await fastdist.CountedAsync(
            counters => counters.FailedHandshakes == sent && counters.Dot("current-connections") == 0, $"{sent} failed handshakes");
        await IsWellAsync(fastdist);
    }

    [Theory]
    [InlineData("no data", 0)]
    [InlineData("a piece of the first record", 3)]
    [InlineData("the server's hello", 150)]
    [InlineData("everything", int.MaxValue)]
    public async Task A_client_may_leave_at_each_step(string after, int read)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));
        byte[] hello = await ClientHello.MakeAsync();

        foreach (bool reset in (bool[])[false, true])
        {
            Counters before = await fastdist.CountersAsync();
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
            await client.SendRawAsync(hello);
            if (read > 0)
            {
                // There is nothing to wait for after the whole flight, so that is read as far as one read goes.
                Assert.NotEqual(0, await client.ReadSomeAsync(Math.Min(read, 4_096)));
            }

            if (reset)
            {
                client.Reset();
            }

            client.Dispose();
            await fastdist.CountedAsync(
                counters => counters.FailedHandshakes + counters.Dot("reset-before-accept") == before.FailedHandshakes + 1 && counters.Dot("current-connections") == 0,
                $"one that left after {after}");
        }

        await IsWellAsync(fastdist);
    }

    [Theory]
    [InlineData("a record that is too large", "1703034401")]
    [InlineData("a record of a type that is none", "9903030010")]
    [InlineData("a record that nobody sealed", "1703030020")]
    [InlineData("a record of another version", "1705050020")]
    [InlineData("an alert that nobody sealed", "15030300020250")]
    public async Task After_the_handshake_too(string what, string header)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers));
        await using DotClient other = await DotClient.ConnectAsync(fastdist.Tls);
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
        await client.AskAsync(Message.Query("x.load.test"));

        await client.SendUnencryptedAsync([.. Convert.FromHexString(header), .. new byte[64]]);

        await fastdist.CountedAsync(counters => counters.Dot("tls-errors") == 1, $"one TLS error, for {what}");
        await fastdist.CountedAsync(counters => counters.Dot("current-connections") == 1, "the other one left");
        Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("y.load.test"))).Rcode);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Random_streams_end_in_a_counter(string ring)
    {
        const int count = 200;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);

        for (int i = 0; i < count; i++)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Tls);
            client.TrySend(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 50_000)));
            client.FinishSending();
            await DrainAsync(client);
        }

        await fastdist.CountedAsync(
            counters => counters.FailedHandshakes == count && counters.Dot("current-connections") == 0, $"{count} failed handshakes");
        await IsWellAsync(fastdist);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Frames_that_make_no_sense_end_their_session_only(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring);
        byte[] query = Message.Query("x.load.test");

        foreach (byte[] message in (byte[][])[[], query[..5], Message.WithFlags(query, 0x8100)])
        {
            await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
            await client.SendAsync(message);
            await client.UntilClosedAsync();
        }

        Assert.Equal(3, (await fastdist.CountersAsync()).Dot("noncompliant-queries"));
        await IsWellAsync(fastdist);
    }

    private static async Task IsWellAsync(FastdistProcess fastdist)
    {
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("after.load.test"))).Rcode);
        Assert.False(fastdist.HasExited);
        Assert.DoesNotContain(fastdist.Log.Snapshot(), line => line.Contains("Exception", StringComparison.Ordinal));
    }

    private static IEnumerable<ReadOnlyMemory<byte>> ByteByByte(ReadOnlyMemory<byte> bytes) =>
        Enumerable.Range(0, bytes.Length).Select(at => bytes.Slice(at, 1));

    private static async Task DrainAsync(DnsTcpClient client)
    {
        while (await client.ReadSomeAsync(4_096) > 0)
        {
        }
    }

    private static bool Ended(DnsTcpClient client)
    {
        try
        {
            client.TrySend([0]);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}

/// <summary>A flood of hellos, in turn with nothing else that is heavy.</summary>
[Trait("Stage", "4")]
[Collection(LoadCollection.Name)]
public sealed class HelloFloodTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task A_flood_of_hellos_neither_stops_an_established_client_nor_leaves_anything_behind(string ring)
    {
        const int count = 1_000;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--io", ring, "--shards", "1");
        await using DotClient client = await DotClient.ConnectAsync(fastdist.Tls);
        byte[] hello = await ClientHello.MakeAsync();
        var flood = new List<DnsTcpClient>();
        for (int i = 0; i < count; i++)
        {
            flood.Add(await DnsTcpClient.ConnectAsync(fastdist.Tls));
            await flood[i].SendRawAsync(hello);
            Assert.Equal(Rcode.NoError, (await client.AskAsync(Message.Query($"q{i}.load.test"))).Rcode);
        }

        flood.ForEach(one => one.Dispose());

        await fastdist.CountedAsync(
            counters => counters.FailedHandshakes == count && counters.Dot("current-connections") == 1, "the flood gone");
        Assert.Equal(Rcode.NoError, (await DotClient.AskAsync(fastdist.Tls, Message.Query("after.load.test"))).Rcode);
    }
}
