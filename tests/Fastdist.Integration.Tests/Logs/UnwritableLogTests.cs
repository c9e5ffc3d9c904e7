using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Logs;

[Trait("Stage", "5")]
public sealed class UnwritableLogTests
{
    [Theory]
    [InlineData("full disk", "exec \"$@\" 2>/dev/full")]
    [InlineData("reader gone", "mkfifo \"$0\"; exec 3<>\"$0\"; exec \"$@\" 2>\"$0\" 3<&-")]
    [InlineData("reader stopped", "mkfifo \"$0\"; exec \"$@\" 2<>\"$0\"")]
    [InlineData("closed", "exec \"$@\" 0<&- >&- 2>&-")]
    public async Task Neither_queries_nor_the_end_wait_for_a_log_that_cannot_be_written(string trouble, string shell)
    {
        await using var lab = new Lab();
        IPEndPoint listen = Ports.Next();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        await using var fastdist = new ChildProcess(
            ["sh", "-c", shell, lab.Scratch.PathOf("fifo"), Repository.Fastdist, "-l", $"{listen}", "--shards", "1", "--server", lab.Unchecked(backend, trouble)]);
        await Patience.UntilAsync(() => IsAnsweredAsync(listen), "an answer");

        // Their counters are more than a pipe holds.
        for (int i = 0; i < 50; i++)
        {
            fastdist.Signal(LinuxSignal.User1);
            Assert.True(await IsAnsweredAsync(listen));
        }

        fastdist.Signal(LinuxSignal.Terminate);
        Assert.Equal(0, await fastdist.ExitAsync());
    }

    [Fact]
    public async Task Nothing_else_gets_the_number_of_a_stream_that_was_closed()
    {
        await using var lab = new Lab();
        IPEndPoint listen = Ports.Next();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        await using var fastdist = new ChildProcess(
            ["sh", "-c", "exec \"$@\" 0<&- >&- 2>&-", "sh", Repository.Fastdist, "-l", $"{listen}", "--server", lab.Unchecked(backend, "one")]);
        await Patience.UntilAsync(() => IsAnsweredAsync(listen), "an answer");

        Assert.All([0, 1, 2], number => Assert.Equal("/dev/null", File.ResolveLinkTarget($"/proc/{fastdist.Id}/fd/{number}", returnFinalTarget: false)!.FullName));
    }

    private static async Task<bool> IsAnsweredAsync(IPEndPoint listen)
    {
        try
        {
            return (await DnsTcpClient.AskAsync(listen, Message.Query("x.load.test"))).Rcode == Rcode.NoError;
        }
        catch (SocketException)
        {
            // It has not bound its sockets yet.
            return false;
        }
    }
}
