using System;
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
            Ports.NextPrivileged(),
            "--server", lab.Unchecked(backend, "one"), "--uid", user, "--gid", group, "--io", ring, "--shards", "2");

        ParsedMessage answer = await DnsUdpClient.AskAsync(fastdist.Listen, Message.Query("x.load.test"));

        Assert.Equal(Rcode.NoError, answer.Rcode);
        Assert.All(ProcessTable.OfThreads(fastdist.Id, "Uid"), ids => Assert.Equal(AllFour(userId), ids));
        Assert.All(ProcessTable.OfThreads(fastdist.Id, "Gid"), ids => Assert.Equal(AllFour(groupId), ids));
        Assert.All(ProcessTable.OfThreads(fastdist.Id, "Groups"), ids => Assert.DoesNotContain("0", ids.Split(' ')));
        Assert.All(
            ProcessTable.OfThreads(fastdist.Id, "CapEff"), mask => Assert.Equal("0000000000000000", mask));
    }

    [Theory, Trait("Row", "B5")]
    [InlineData("key")]
    [InlineData("the folder")]
    [InlineData("ticketKeyFile")]
    [InlineData("caStore")]
    [InlineData("client key")]
    [InlineData("keyLogFile")]
    public async Task What_a_reload_could_not_read_as_the_later_user_is_refused_at_the_start(string closed)
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue("a.test"));
        string key = lab.Scratch.PathOf("dot.key"), named = key;
        string server = "127.0.0.1:853,name=one,subjectName=a", flag = $"--tls-local {Ports.Address}:";
        if (closed != "key")
        {
            File.SetUnixFileMode(key, File.GetUnixFileMode(key) | UnixFileMode.OtherRead);
        }

        switch (closed)
        {
            case "the folder":
                string folder = Directory.CreateDirectory(lab.Scratch.PathOf("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute).FullName;
                File.Copy(lab.Scratch.PathOf("dot.pem"), $"{folder}/dot.pem");
                options = options.Replace(lab.Scratch.PathOf("dot.pem"), named = $"{folder}/dot.pem", StringComparison.Ordinal);
                break;
            case "ticketKeyFile":
                options += $",ticketKeyFile={named = lab.Scratch.WriteSecret("tickets", new byte[80])}";
                break;
            case "caStore":
                server += $",caStore={named = lab.Scratch.WriteSecret("ca", lab.Authority.Pem)}";
                flag = "--server one";
                break;
            case "client key":
                server += $",{lab.Certificate(lab.Authority.Issue("client.test"), "client")}";
                (named, flag) = (lab.Scratch.PathOf("client.key"), "--server one");
                break;
            case "keyLogFile":
                options += $",keyLogFile={named = lab.Scratch.PathOf("keys.log")}";
                break;
        }

        string[] arguments = ["-l", $"{Ports.Next()}", "--tls-local", $"{Ports.Next()},{options}", "--server", server];
        foreach (string[] further in (string[][])[["--uid", "nobody"], ["--uid", "65534", "--gid", "65534"], ["--uid", "nobody", "--check-config"]])
        {
            ChildProcess run = await FastdistProcess.RunToEndAsync([.. arguments, .. further]);

            string said = run.Log.ToString();
            Assert.True(await run.ExitAsync() == 1, said);
            Assert.Contains(flag, said);
            Assert.Contains($"{named}: permission denied", said);
            Assert.Contains("nobody", said);
            Assert.DoesNotContain("   at ", said);
        }

        Assert.False(File.Exists(lab.Scratch.PathOf("keys.log")));
        ChildProcess without = await FastdistProcess.RunToEndAsync([.. arguments, "--check-config"]);
        Assert.True(await without.ExitAsync() == 0, without.Log.ToString());
        Assert.False(File.Exists(lab.Scratch.PathOf("keys.log")));
    }

    [Fact, Trait("Row", "B5")]
    public async Task All_that_the_later_user_cannot_read_is_named_at_once()
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue("a.test"));
        string authority = lab.Scratch.WriteSecret("ca", lab.Authority.Pem);

        ChildProcess run = await FastdistProcess.RunToEndAsync(
            "--check-config", "--uid", "nobody", "--tls-local", $"127.0.0.1,{options}", "--server", $"127.0.0.1:853,subjectName=a,caStore={authority}");

        Assert.Equal(1, await run.ExitAsync());
        Assert.Contains(run.Log.Snapshot(), line => line.StartsWith("fastdist: --tls-local", StringComparison.Ordinal));
        Assert.Contains(run.Log.Snapshot(), line => line.StartsWith("fastdist: --server", StringComparison.Ordinal) && line.Contains(authority, StringComparison.Ordinal));
    }

    [Fact, Trait("Row", "B5")]
    public async Task A_key_log_is_the_later_users_who_opens_it_anew()
    {
        await using var lab = new Lab();
        string options = lab.Certificate(lab.Authority.Issue(Lab.BackendName));
        File.SetUnixFileMode(lab.Scratch.PathOf("dot.key"), (UnixFileMode)0b110_100_100);
        string folder = Directory.CreateDirectory(lab.Scratch.PathOf("logs")).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        FastdistProcess fastdist = await lab.DotAsync(
            lab.Rogue(Rogue.Answers), $"{options},keyLogFile={folder}/keys.log", "--uid", "nobody", "--gid", "nogroup");

        File.Move($"{folder}/keys.log", $"{folder}/keys.log.1");
        await fastdist.ReloadAsync();
        await OpenSslClient.RunAsync(fastdist.Tls);

        await Patience.UntilAsync(() => File.ReadAllText($"{folder}/keys.log").Length > 0, "secrets in the new file");
        Assert.Empty(File.ReadAllText($"{folder}/keys.log.1"));
    }

    // Real, effective, saved and file system ID, as /proc shows them.
    private static string AllFour(int id) => string.Join('\t', Enumerable.Repeat(id, 4));

    private static int IdOf(string table, string nameOrNumber) => int.TryParse(nameOrNumber, out int number)
        ? number
        : int.Parse(File.ReadLines(table).Select(line => line.Split(':')).First(row => row[0] == nameOrNumber)[2]);
}
