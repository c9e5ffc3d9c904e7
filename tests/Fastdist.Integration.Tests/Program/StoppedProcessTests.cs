using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

/// <summary>A process that did not run for a while, as one that is stopped or whose machine is paused.</summary>
[Trait("Row", "A6")]
public sealed class StoppedProcessTests
{
    /// <summary>Longer than every time that the tests give.</summary>
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(3.2);

    [Theory, ClassData(typeof(Rings))]
    public async Task Answers_that_came_while_it_was_stopped_are_read_before_any_deadline_is_kept(string ring)
    {
        const int Queries = 90;
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "queryTimeout=3000", "silenceTimeout=2500"), "--io", ring, "--shards", "1");
        using DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        using var udp = new DnsUdpClient(fastdist.Listen);
        await tcp.SendAsync([.. Enumerable.Range(0, Queries).Select(id => Message.Query($"q{id}.load.test", id: id))]);
        Task<ParsedMessage> datagram = udp.AskAsync(Message.Query("u.load.test"));
        await backend.ReceivedAsync(Queries + 1);

        fastdist.Signal(LinuxSignal.Stop);
        gate.SetResult();
        await Task.Delay(s_stop, TestContext.Current.CancellationToken);
        fastdist.Signal(LinuxSignal.Continue);

        Assert.All((await tcp.ReceiveManyAsync(Queries)).Values, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        Assert.Equal(Rcode.NoError, (await datagram).Rcode);
        CounterLine counters = (await fastdist.CountersAsync()).Backend("one");
        Assert.Equal((0, 0, 0), (counters["timeouts"], counters["suspect-connections"], counters["hedged"]));
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Clients_whose_time_was_over_meanwhile_find_their_connections_open(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), null, "--io", ring, "--shards", "1",
            "--tcp-idle-timeout", "2", "--tcp-recv-timeout", "2", "--tls-handshake-timeout", "2");
        using DnsTcpClient idle = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        using DnsTcpClient slow = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        using DnsTcpClient late = await DnsTcpClient.ConnectAsync(fastdist.Tls);
        byte[] query = Message.Framed(Message.Query("x.load.test"));
        await idle.SendRawAsync(query);
        Assert.Equal(Rcode.NoError, (await idle.ReceiveAsync()).Rcode);
        await slow.SendRawAsync(query[..5]);
        await fastdist.CountedAsync(counters => counters.Dot("current-connections") == 1, "the connection without a handshake");

        fastdist.Signal(LinuxSignal.Stop);
        await Task.WhenAll(idle.SendRawAsync(query), slow.SendRawAsync(query[5..]), late.SendRawAsync(await ClientHello.MakeAsync()));
        await Task.Delay(s_stop, TestContext.Current.CancellationToken);
        fastdist.Signal(LinuxSignal.Continue);

        Assert.Equal(Rcode.NoError, (await idle.ReceiveAsync()).Rcode);
        Assert.Equal(Rcode.NoError, (await slow.ReceiveAsync()).Rcode);
        Assert.True(await late.ReadSomeAsync(16) > 0);
        Assert.Equal(0, (await fastdist.CountersAsync()).Dot("handshake-timed-out"));
    }
}
