using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Clients;

[Trait("Stage", "1")]
public sealed class TcpTimeoutTests
{
    private const string Long = "3600";

    [Theory, ClassData(typeof(Rings))]
    public async Task An_idle_client_is_closed_after_the_idle_timeout(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            await lab.UnboundAsync(), "--io", ring, "--tcp-idle-timeout", "1", "--tcp-recv-timeout", Long);
        using DnsTcpClient silent = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        using DnsTcpClient served = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await served.AskAsync(Message.Query("x.load.test"));

        await silent.UntilClosedAsync();
        await served.UntilClosedAsync();

        await fastdist.CountedAsync(counters => counters.Tcp("current-connections") == 0, "no connection left");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_stops_inside_a_message_is_closed_after_the_read_timeout(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(
            await lab.UnboundAsync(), "--io", ring, "--tcp-idle-timeout", Long, "--tcp-recv-timeout", "1");
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await client.AskAsync(Message.Query("x.load.test"));

        await client.SendRawAsync(Message.Framed(Message.Query("y.load.test"))[..10]);

        await client.UntilClosedAsync();
        await fastdist.CountedAsync(counters => counters.Tcp("client-timeouts") == 1, "one client timeout");
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_waits_for_its_answer_is_not_idle(string ring)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "queryTimeout=60000", "silenceTimeout=60000"),
            "--io", ring, "--tcp-idle-timeout", "1", "--tcp-recv-timeout", "1");
        using DnsTcpClient waiting = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await waiting.SendAsync(Message.Query("x.load.test", id: 9));
        await backend.ReceivedAsync(1);
        // Idle clients that came later, one after the other, mark the time: both are closed before the answer comes.
        for (int i = 0; i < 2; i++)
        {
            using DnsTcpClient idle = await DnsTcpClient.ConnectAsync(fastdist.Listen);
            await idle.UntilClosedAsync();
        }

        gate.SetResult();

        Assert.Equal(9, (await waiting.ReceiveAsync()).Id);
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_client_that_ends_inside_a_message_is_counted(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(await lab.UnboundAsync(), "--io", ring);
        using DnsTcpClient client = await DnsTcpClient.ConnectAsync(fastdist.Listen);

        await client.SendRawAsync([0, 50, 1, 2, 3]);
        client.FinishSending();

        await client.UntilClosedAsync();
        await fastdist.CountedAsync(counters => counters.Tcp("died-reading-query") == 1, "one that died reading");
    }
}
