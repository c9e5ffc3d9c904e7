using System;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Limits;

/// <summary>Whatever a client sends, the process lives, allocates nothing for it, and serves the others.</summary>
[Trait("Stage", "3")]
public sealed class MalformedInputTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task Random_datagrams(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BeginAsync(lab, ring);
        using var client = new DnsUdpClient(fastdist.Listen);
        Counters before = await fastdist.CountersAsync();

        for (int i = 0; i < 20_000; i++)
        {
            await client.SendAsync(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(0, 600)));
        }

        await IsWellAsync(fastdist, before);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_query_with_any_one_byte_changed(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BeginAsync(lab, ring);
        using var client = new DnsUdpClient(fastdist.Listen);
        byte[] query = Message.Query("www.load.test", edns: 1_232);
        Counters before = await fastdist.CountersAsync();

        for (int at = 0; at < query.Length; at++)
        {
            for (int value = 0; value < 256; value += 3)
            {
                byte[] changed = [.. query];
                changed[at] = (byte)value;
                await client.SendAsync(changed);
            }
        }

        await IsWellAsync(fastdist, before);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_query_cut_at_every_length_over_both_transports(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BeginAsync(lab, ring);
        using var client = new DnsUdpClient(fastdist.Listen);
        byte[] query = Message.Query("www.load.test", edns: 1_232, options: (12, new byte[10]));
        Counters before = await fastdist.CountersAsync();

        for (int length = 0; length < query.Length; length++)
        {
            await client.SendAsync(query[..length]);
            // Once whole in its frame, once cut inside the frame.
            using DnsTcpClient framed = await DnsTcpClient.ConnectAsync(fastdist.Listen);
            await framed.SendAsync(query[..length]);
            using DnsTcpClient cut = await DnsTcpClient.ConnectAsync(fastdist.Listen);
            await cut.SendRawAsync(Message.Framed(query)[..length]);
        }

        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "no connection left");
        await IsWellAsync(fastdist, before);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Random_streams(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BeginAsync(lab, ring);
        Counters before = await fastdist.CountersAsync();

        for (int i = 0; i < 200; i++)
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
            client.TrySend(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(1, 100_000)));
        }

        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "no connection left");
        await IsWellAsync(fastdist, before);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Empty_and_mislabelled_frames(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BeginAsync(lab, ring);
        byte[] query = Message.Query("www.load.test");
        Counters before = await fastdist.CountersAsync();

        foreach (int length in (int[])[0, 1, query.Length - 1, query.Length + 1, 65_535])
        {
            for (int i = 0; i < 100; i++)
            {
                using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
                client.TrySend([(byte)(length >> 8), (byte)length, .. query]);
            }
        }

        using DnsTcpClient many = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        many.TrySend(new byte[100_000]);
        many.Dispose();
        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "no connection left");
        await IsWellAsync(fastdist, before);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_message_for_TLS_or_HTTP_on_the_plain_port(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await BeginAsync(lab, ring);
        Counters before = await fastdist.CountersAsync();

        foreach (byte[] hello in (byte[][])[[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3], [.. "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8]])
        {
            using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
            await client.SendRawAsync(hello);
        }

        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "no connection left");
        await IsWellAsync(fastdist, before);
    }

    private static async Task<FastdistProcess> BeginAsync(Lab lab, string ring)
    {
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--io", ring, "--shards", "1");
        await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("warm.load.test"));
        await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("warm.load.test"));
        return fastdist;
    }

    private static async Task IsWellAsync(FastdistProcess fastdist, Counters before)
    {
        Assert.Equal(Rcode.NoError, (await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("u.load.test"))).Rcode);
        Assert.Equal(Rcode.NoError, (await DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("t.load.test"))).Rcode);
        Counters after = await fastdist.CountersAsync();
        long allocated = after.Shards[0]["allocated-bytes"] - before.Shards[0]["allocated-bytes"];
        // A thousand exceptions would be hundreds of kilobytes; so many connections at once may warm a pool, which on a busy machine are more.
        Assert.InRange(allocated, 0, (64 * 1_024) + (1_024 * after.Tcp("max-connections")));
        Assert.False(fastdist.HasExited);
        Assert.DoesNotContain(fastdist.Log.Snapshot(), line => line.Contains("Exception", StringComparison.Ordinal));
    }
}
