using System.Collections.Generic;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Limits;

[Trait("Stage", "3")]
public sealed class ClientLimitTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_may_hold_so_many_connections_on_all_shards_together(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(Rogue.Answers), "--io", ring, "--shards", "2", "--max-tcp-connections-per-client", "3");
        var held = new List<DnsTcpClient>();
        for (int i = 0; i < 3; i++)
        {
            held.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen));
            await held[i].AskAsync(Message.Query("x.load.test"));
        }

        using DnsTcpClient oneTooMany = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await oneTooMany.UntilClosedAsync();
        await fastdist.CountedAsync(counters => counters.Tcp("refused-per-client") == 1, "the refusal under its reason");
        using DnsTcpClient another = await DnsTcpClient.ConnectAsync(fastdist.Listen, IPAddress.Parse("127.0.0.2"));
        Assert.Equal(Rcode.NoError, (await another.AskAsync(Message.Query("y.load.test"))).Rcode);

        held[0].Dispose();
        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 3, "one connection less");
        using DnsTcpClient again = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        Assert.Equal(Rcode.NoError, (await again.AskAsync(Message.Query("z.load.test"))).Rcode);
        held.ForEach(client => client.Dispose());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_full_process_of_busy_connections_refuses_further_ones(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(Rogue.Never), "--io", ring, "--shards", "2", "--max-tcp-connections", "4");
        var held = new List<DnsTcpClient>();
        for (int i = 0; i < 4; i++)
        {
            held.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen, IPAddress.Parse($"127.0.0.{i + 2}")));
            await held[i].SendAsync(Message.Query("x.load.test"));
        }

        await fastdist.CountedAsync(counters => counters.Tcp("queries") == 4, "four queries waiting for answers");
        using DnsTcpClient oneTooMany = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await oneTooMany.UntilClosedAsync();

        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(4, counters.Tcp("current-connections"));
        Assert.Equal(4, counters.Tcp("max-connections"));
        Assert.Equal(1, counters.Tcp("refused-full"));
        held.ForEach(client => client.Dispose());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task In_a_full_process_the_longest_idle_connection_makes_room(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(Rogue.Answers), "--io", ring, "--shards", "1", "--max-tcp-connections", "3");
        var held = new List<DnsTcpClient>();
        for (int i = 0; i < 3; i++)
        {
            held.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen));
            await held[i].AskAsync(Message.Query("x.load.test"));
        }

        // The second asked longest ago by now.
        await held[0].AskAsync(Message.Query("x.load.test"));
        using DnsTcpClient another = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await another.AskAsync(Message.Query("x.load.test"));
        await held[1].UntilClosedAsync();
        await held[2].AskAsync(Message.Query("x.load.test"));
        await held[0].AskAsync(Message.Query("x.load.test"));

        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Tcp("evicted-idle"));
        Assert.Equal(0, counters.Tcp("refused-full"));
        held.ForEach(client => client.Dispose());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_connects_too_fast_is_banned_and_others_are_not(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(Rogue.Answers), "--io", ring, "--shards", "2",
            "--max-tcp-connection-rate-per-client", "1", "--tcp-rate-burst", "1", "--ban-duration-for-exceeding-tcp-tls-rate", "3600");
        var hasty = IPAddress.Parse("127.0.0.2");
        await Patience.UntilAsync(
            async () =>
            {
                for (int i = 0; i < 5; i++)
                {
                    (await DnsTcpClient.ConnectAsync(fastdist.Listen, hasty)).Dispose();
                }

                return (await fastdist.CountersAsync()).Tcp("refused-rate") > 0;
            },
            "a connection refused for its client's haste");

        using DnsTcpClient again = await DnsTcpClient.ConnectAsync(fastdist.Listen, hasty);
        await again.UntilClosedAsync();
        using DnsTcpClient another = await DnsTcpClient.ConnectAsync(fastdist.Listen, IPAddress.Parse("127.0.0.3"));
        Assert.Equal(Rcode.NoError, (await another.AskAsync(Message.Query("y.load.test"))).Rcode);
        Counters counters = await fastdist.CountersAsync();
        Assert.Equal(1, counters.Tcp("refused-rate"));
        Assert.InRange(counters.Tcp("refused-banned"), 1, long.MaxValue);
        Assert.Equal(counters.Tcp("refused-connections"), counters.Tcp("refused-rate") + counters.Tcp("refused-banned"));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_connection_carries_so_many_queries_and_then_ends_with_all_of_them_answered(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring, "--max-tcp-queries-per-connection", "3");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendAsync(
            Message.Query("a.load.test", id: 1), Message.Query("b.load.test", id: 2), Message.Query("c.load.test", id: 3));

        Assert.Equal(3, (await client.ReceiveManyAsync(3)).Count);
        await client.UntilClosedAsync();
        Assert.Equal(3, backend.Received.Count);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_connection_lasts_so_long_however_busy_it_is(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(Rogue.Answers), "--io", ring, "--max-tcp-connection-duration", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await Patience.UntilAsync(
            async () =>
            {
                try
                {
                    await client.SendAsync(Message.Query("x.load.test"));
                    return await client.ReceiveRawAsync() is null;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return true;
                }
            },
            "the end of a busy connection");
    }
}
