using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Limits;

/// <summary>Every query is an answer or a loss with a name, whatever clients do in between.</summary>
[Trait("Row", "D10")]
public sealed class AccountingTests
{
    private const int Each = 10;

    [Theory, ClassData(typeof(Rings))]
    public async Task Queries_are_answers_and_named_losses_on_every_protocol(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        IPEndPoint web = Ports.Next();
        FastdistProcess fastdist = await lab.DotAsync(
            null,
            [
                "--server", lab.Unchecked(backend, "one", "queryTimeout=60000", "silenceTimeout=60000"), "--doh-local", $"{web},{lab.DohCertificate()}",
                "--io", ring, "--shards", "2", "--max-tcp-queries-per-connection", $"{Each}",
            ]);
        using var udp = new DnsUdpClient(fastdist.Listen);
        var tcp = new List<DnsTcpClient>();
        var dot = new List<DotClient>();
        var doh = new List<Http2Client>();
        for (int i = 0; i < 4; i++)
        {
            tcp.Add(await DnsTcpClient.ConnectAsync(fastdist.Listen));
            dot.Add(lab.Keep(await DotClient.ConnectAsync(fastdist.Tls)));
            doh.Add(lab.Keep(await Http2Client.ConnectAsync(web)));
        }

        // As many as a connection may ask, so that the limit ends each once it is answered; of HTTP, one less.
        int asked = 0;
        foreach (DnsStreamClient client in tcp.Concat<DnsStreamClient>(dot))
        {
            await client.SendAsync([.. Enumerable.Range(0, Each).Select(id => Message.Query($"s{id}.load.test", id: id))]);
            asked += Each;
        }

        foreach (Http2Client client in doh)
        {
            await client.SendAsync([.. Enumerable.Range(0, Each - 1).Select(id => Http2Frame.Get(client.NextStream(), Message.Query($"h{id}.load.test")))]);
            asked += Each - 1;
        }

        await udp.SendAsync(Message.Query("u.load.test"));
        await udp.SendAsync([1, 2, 3]);
        await backend.ReceivedAsync(asked + 1);

        // One resets, one half-closes, one does not read until the end, one waits; of HTTP, one resets its streams.
        tcp[0].Reset();
        dot[0].Reset();
        doh[0].Reset();
        tcp[1].FinishSending();
        await dot[1].SayCloseAsync();
        await doh[1].SendAsync([.. Enumerable.Range(0, Each - 1).Select(i => Http2Frame.Reset((2 * i) + 1))]);
        await doh[1].SendAsync(Http2Frame.Ping());
        await doh[1].FirstAsync(frame => frame.Type == Http2FrameType.Ping);
        await fastdist.CountedAsync(
            c => c.Tcp("current-connections") == 3 && c.Dot("current-connections") == 3 && c.Doh("current-connections") == 3, "three connections of each");
        gate.SetResult();

        Assert.Equal(Each, (await tcp[1].ReceiveManyAsync(Each)).Count);
        Assert.Equal(Each, (await dot[1].ReceiveManyAsync(Each)).Count);
        Assert.Equal(Each, (await tcp[3].ReceiveManyAsync(Each)).Count);
        Assert.Equal(Each - 1, (await doh[3].ReceiveBodiesAsync(Each - 1)).Count);
        await fastdist.CountedAsync(c => c.Shards.Sum(shard => shard["in-flight"]) == 0, "nothing in flight");
        Counters counters = await fastdist.CountersAsync();
        foreach ((string protocol, long queries, long lost) in new[] { ("UDP", 2L, 0L), ("TCP", 4L * Each, Each), ("DoT", 4L * Each, Each), ("DoH", 4L * (Each - 1), 2L * (Each - 1)) })
        {
            long Of(string name) => counters.Of(protocol, name);
            Assert.Equal(queries, Of("queries"));
            Assert.Equal(lost, Of("lost-responses"));
            Assert.Equal(queries, Of("responses") + Of("noncompliant-queries") + Of("truncation-failures") + Of("dropped-overload") + Of("lost-responses"));
        }

        tcp.ForEach(client => client.Dispose());
    }
}
