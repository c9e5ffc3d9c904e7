using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

[Trait("Stage", "1")]
[Collection(LoadCollection.Name)]
public sealed class SlowReaderTests
{
    /// <summary>Far below the gigabytes that were asked for, far above what one client may hold.</summary>
    private const long RoomToGrow = 64 << 20;

    private const int AnswerSize = 60_000;

    private static readonly Func<RogueSession, Task> AnswersLarge =
        Rogue.AnswersWith(query => [Message.AnswerOfSize(query, AnswerSize)]);

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_does_not_read_is_paused_costs_little_and_delays_nobody(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(AnswersLarge), "--io", ring, "--shards", "1", "--tcp-send-timeout", "3600", "--tcp-idle-timeout", "3600");
        using DnsTcpClient other = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await other.AskAsync(Message.Query("large.load.test"));
        using DnsTcpClient deaf = await DnsTcpClient.ConnectAsync(fastdist.Listen, receiveBuffer: 4_096);
        long before = ProcessTable.ResidentBytes(fastdist.Id);

        // A million answers of 60 kB are asked for. Fastdist stops reading long before, and then the kernel's room ends.
        byte[] asked = Message.Framed([.. Enumerable.Repeat(Message.Query("large.load.test"), 1_000_000)]);
        int taken = 0;
        int still = 0;
        while (still < 50)
        {
            int now = deaf.TrySend(asked.AsSpan(taken));
            taken += now;
            still = now == 0 ? still + 1 : 0;
            Assert.True(taken < asked.Length, "every query was read although no answer was");
            Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("other.load.test"))).Rcode);
        }

        Assert.InRange(ProcessTable.ResidentBytes(fastdist.Id) - before, long.MinValue, RoomToGrow);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_reads_late_gets_every_answer(string ring)
    {
        const int count = 300;
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(AnswersLarge), "--io", ring, "--shards", "1", "--tcp-send-timeout", "3600");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen, receiveBuffer: 4_096);

        Task sending = client.SendAsync(
            [.. Enumerable.Range(0, count).Select(id => Message.Query("large.load.test", id: id))]);
        await fastdist.CountedAsync(counters => counters.Tcp("queries") > 0, "the first query read");

        var answers = await client.ReceiveManyAsync(count);
        await sending;
        Assert.All(answers.Values, answer => Assert.Equal(AnswerSize, answer.Bytes.Length));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_never_reads_is_closed_after_the_send_timeout(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            lab.Rogue(AnswersLarge), "--io", ring, "--tcp-send-timeout", "1", "--tcp-idle-timeout", "3600");
        using DnsTcpClient deaf = await DnsTcpClient.ConnectAsync(fastdist.Listen, receiveBuffer: 4_096);

        deaf.TrySend(Message.Framed([.. Enumerable.Repeat(Message.Query("large.load.test"), 1_000)]));

        await fastdist.CountedAsync(counters => counters.Tcp("client-timeouts") == 1, "one client timeout");
        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "no connection left");
    }
}
