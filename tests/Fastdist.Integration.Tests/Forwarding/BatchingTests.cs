using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Forwarding;

[Trait("Stage", "1")]
public sealed class BatchingTests
{
    [Theory, ClassData(typeof(Rings))]
    public async Task Queries_that_arrive_together_leave_in_few_records_and_few_sends(string ring)
    {
        const int together = 50;
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring, "--shards", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await client.AskAsync(Message.Query("warm.load.test"));
        CounterLine before = (await fastdist.CountersAsync()).Backend("one");
        int recordsBefore = backend.Sessions.Sum(session => session.Records);

        await client.SendAsync([.. Enumerable.Range(0, together).Select(i => Message.Query($"q{i}.load.test", id: i))]);
        await client.ReceiveManyAsync(together);

        CounterLine after = (await fastdist.CountersAsync()).Backend("one");
        Assert.InRange(backend.Sessions.Sum(session => session.Records) - recordsBefore, 1, 5);
        Assert.InRange(after["records-sent"] - before["records-sent"], 1, 5);
        Assert.InRange(after["sends"] - before["sends"], 1, 5);
    }
}
