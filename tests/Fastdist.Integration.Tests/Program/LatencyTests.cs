using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

[Trait("Stage", "5")]
public sealed class LatencyTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Answers_are_counted_under_their_protocol_and_backend(string shards)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(lab.Rogue(Rogue.Answers), null, "--shards", shards);
        for (int i = 0; i < 6; i++)
        {
            await (i switch
            {
                < 1 => DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("u.load.test")),
                < 3 => DnsTcpClient.AskAsync(fastdist.Listen, Message.Query("t.load.test")),
                _ => DotClient.AskAsync(fastdist.Tls, Message.Query("d.load.test")),
            });
        }

        // Our own refusal is no backend's answer.
        await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test", Message.Axfr));

        await fastdist.CountedAsync(counters => counters.Udp("responses") == 2, "all answers");
        Counters counted = await fastdist.CountersAsync();
        Assert.Equal([1, 2, 3], [counted.Latency("UDP")["latency-count"], counted.Latency("TCP")["latency-count"], counted.Latency("DoT")["latency-count"]]);
        Assert.Equal(3, counted.Dot("latency-count"));
        Assert.Equal(6, counted.Backend("one")["latency-count"]);
        Assert.InRange(counted.Backend("one")["latency-p50-us"], 0, counted.Backend("one")["latency-p99-us"]);
    }

    [Fact]
    public async Task A_backend_that_takes_its_time_shows_in_the_percentiles()
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend);
        using var client = new DnsUdpClient(fastdist.Listen);
        var whole = Stopwatch.StartNew();
        await client.SendAsync(Message.Query("u.load.test"));
        await backend.ReceivedAsync(1);
        var taken = Stopwatch.StartNew();

        // Time is what is measured here, so some has to pass; how much does not matter.
        await Task.Delay(100, TestContext.Current.CancellationToken);
        double least = taken.Elapsed.TotalMicroseconds;
        gate.SetResult();
        await client.ReceiveAsync();
        double most = whole.Elapsed.TotalMicroseconds;

        Counters counted = await fastdist.CountersAsync();
        Assert.InRange(counted.Latency("UDP")["latency-sum-us"], Math.Floor(least), most);
        Assert.InRange(counted.Latency("UDP")["latency-p50-us"], least * 7 / 8, most * 9 / 8);
    }
}
