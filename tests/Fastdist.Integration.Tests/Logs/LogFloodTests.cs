using System;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Logs;

[Trait("Stage", "5")]
public sealed class LogFloodTests
{
    /// <summary>Lines of one kind that may come at once.</summary>
    private const int Burst = 100;

    [Fact]
    public async Task A_client_that_has_a_backend_break_its_connections_cannot_fill_the_log()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(AnswersOnceThenTalksNonsense);
        var life = Stopwatch.StartNew();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--shards", "1");

        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await Patience.UntilAsync(
            async () =>
            {
                for (int i = 0; i < 20; i++)
                {
                    await client.AskAsync(Message.Query($"q{i}.load.test"));
                }

                return (await fastdist.CountersAsync()).Process["log-suppressed"] >= 50;
            },
            "a flood that is held back");
        CounterLine counted = (await fastdist.CountersAsync()).Process;
        Assert.Equal(0, await fastdist.StopAsync());

        LogLine[] lost = [.. fastdist.Told(LogEvent.ConnectionFailed).Where(line => line["backend"] == "one" && line["reason"].StartsWith("connection lost: ", StringComparison.Ordinal))];
        Assert.InRange(lost.Length, Burst, Burst + Math.Ceiling(life.Elapsed.TotalSeconds));
        Assert.Equal(0, counted["log-dropped"]);

        // What was left out is told, whether or not another one of its kind came.
        long told = fastdist.Log.Snapshot().Select(LogLine.Parse).Sum(line => line.Suppressed);
        Assert.InRange(told, counted["log-suppressed"], counted["log-suppressed"] + 10);
    }

    // A connection that has answered makes the loss of the next one news, and calls for no pause before it.
    private static async Task AnswersOnceThenTalksNonsense(RogueSession session)
    {
        if (await session.ReadQueryAsync() is { } first)
        {
            await session.AnswerAsync(Message.Answer(first));
            await session.ReadQueryAsync();
            await session.SendUnencryptedAsync(new byte[100]);
        }
    }
}
