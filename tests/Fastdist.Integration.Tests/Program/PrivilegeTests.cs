using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

[Trait("Stage", "1")]
public sealed class PrivilegeTests
{
    [Theory]
    [InlineData("io_uring", "nobody", "nogroup")]
    [InlineData("epoll", "nobody", "nogroup")]
    [InlineData("auto", "65534", "65534")]
    public async Task A_privileged_port_is_bound_before_every_thread_gives_up_its_privileges(
        string ring, string user, string group)
    {
        int userId = IdOf("/etc/passwd", user);
        int groupId = IdOf("/etc/group", group);
        await using var lab = new Lab();
        RogueBackend backend = lab.Rogue(Rogue.Answers);
        FastdistProcess fastdist = await lab.FastdistAsync(
            Ports.FreePrivileged(),
            "--server", lab.Unchecked(backend, "one"), "--uid", user, "--gid", group, "--io", ring, "--shards", "2");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));

        Assert.Equal(Rcode.NoError, answer.Rcode);
        Assert.All(ProcessTable.OfThreads(fastdist.Id, "Uid"), ids => Assert.Equal(AllFour(userId), ids));
        Assert.All(ProcessTable.OfThreads(fastdist.Id, "Gid"), ids => Assert.Equal(AllFour(groupId), ids));
        Assert.All(ProcessTable.OfThreads(fastdist.Id, "Groups"), ids => Assert.DoesNotContain("0", ids.Split(' ')));
        Assert.All(
            ProcessTable.OfThreads(fastdist.Id, "CapEff"), mask => Assert.Equal("0000000000000000", mask));
    }

    // Real, effective, saved and file system ID, as /proc shows them.
    private static string AllFour(int id) => string.Join('\t', Enumerable.Repeat(id, 4));

    private static int IdOf(string table, string nameOrNumber) => int.TryParse(nameOrNumber, out int number)
        ? number
        : int.Parse(File.ReadLines(table).Select(line => line.Split(':')).First(row => row[0] == nameOrNumber)[2]);
}
