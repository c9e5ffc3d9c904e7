using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

[Trait("Stage", "1")]
public sealed class ShutdownTests
{
    [Theory]
    [InlineData("io_uring", "Terminate")]
    [InlineData("io_uring", "Interrupt")]
    [InlineData("epoll", "Terminate")]
    [InlineData("epoll", "Interrupt")]
    public async Task Asked_to_end_it_answers_what_is_in_flight_and_exits_with_0(string ring, string signal)
    {
        await using var lab = new Lab();
        var gate = new TaskCompletionSource();
        RogueBackend backend = lab.Rogue(Rogue.AnswersAfter(gate.Task));
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(backend, "--io", ring);
        using var udp = new DnsUdpClient(fastdist.Listen);
        using DnsTcpClient tcp = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await udp.SendAsync(Message.Query("u.load.test", id: 1));
        await tcp.SendAsync(Message.Query("t.load.test", id: 2));
        await backend.ReceivedAsync(2);

        fastdist.Signal(System.Enum.Parse<LinuxSignal>(signal));
        gate.SetResult();

        Assert.Equal(1, (await udp.ReceiveAsync()).Id);
        Assert.Equal(2, (await tcp.ReceiveAsync()).Id);
        Assert.Equal(0, await fastdist.ExitAsync());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task A_query_that_is_never_answered_does_not_hold_up_the_end(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Never);
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--server", lab.Unchecked(backend, "one", "queryTimeout=60000"), "--io", ring, "--shutdown-timeout", "500");
        using var udp = new DnsUdpClient(fastdist.Listen);
        await udp.SendAsync(Message.Query("u.load.test"));
        await backend.ReceivedAsync(1);

        Assert.Equal(0, await fastdist.StopAsync());
    }

    [Theory, ClassData(typeof(Rings))]
    public async Task Idle_clients_do_not_hold_up_the_end_and_the_port_is_free_afterwards(string ring)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await lab.FastdistBeforeAsync(lab.Rogue(Rogue.Answers), "--io", ring);
        using DnsTcpClient idle = await DnsTcpClient.ConnectAsync(fastdist.Listen);
        await idle.AskAsync(Message.Query("x.load.test"));

        Assert.Equal(0, await fastdist.StopAsync());

        await idle.UntilClosedAsync();
        await Assert.ThrowsAsync<SocketException>(() => DnsTcpClient.ConnectAsync(fastdist.Listen));
    }
}
