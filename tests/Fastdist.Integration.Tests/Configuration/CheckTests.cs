using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Configuration;

/// <summary>What a check of a configuration says and ends with, beside dnsdist's.</summary>
public sealed class CheckTests
{
    private const string Good = "setLocal('127.0.0.1:5300')\nnewServer({address='127.0.0.1:5301', name='one'})\nsetACL({'127.0.0.0/8', '::1/128'})\n";

    [Fact]
    public async Task A_good_one_is_told_in_the_same_words()
    {
        await using var lab = new Lab();
        string file = lab.Scratch.Write("good.conf", Good);

        ChildProcess theirs = await ChildProcess.RunAsync("dnsdist", "--check-config", "-C", file);
        ChildProcess ours = await FastdistProcess.RunToEndAsync("--check-config", "-C", file);

        Assert.Equal((await theirs.ExitAsync(), await ours.ExitAsync()), (0, 0));
        string line = $"Configuration '{file}' OK!";
        Assert.Contains(line, theirs.Output.Snapshot());
        Assert.Equal([line], ours.Output.Snapshot());
    }

    [Theory]
    [InlineData("this is no Lua")]
    [InlineData("newServer('127.0.0.1:5301'):setSomething()")]
    [InlineData("error('stop')")]
    [InlineData("setLocal(nil)")]
    public async Task One_that_cannot_be_used_ends_with_1_as_there(string line)
    {
        await using var lab = new Lab();
        string file = lab.Scratch.Write("bad.conf", $"{Good}{line}\n");

        ChildProcess theirs = await ChildProcess.RunAsync("dnsdist", "--check-config", "-C", file);
        ChildProcess ours = await FastdistProcess.RunToEndAsync("--check-config", "-C", file);

        Assert.Equal((1, 1), (await theirs.ExitAsync(), await ours.ExitAsync()));
        Assert.Contains($"{file}:4: ", ours.Log.ToString());
    }

    [Fact]
    public async Task What_it_says_can_be_dumped_as_settings()
    {
        await using var lab = new Lab();
        string file = lab.Scratch.Write("good.conf", $"{Good}webserver('127.0.0.1:8083', 'm4rker')\n");

        ChildProcess dump = await FastdistProcess.RunToEndAsync("--dump-settings", "-C", file);

        Assert.Equal(0, await dump.ExitAsync());
        Assert.DoesNotContain("m4rker", dump.Output.ToString());
        System.Text.Json.JsonElement settings = System.Text.Json.JsonDocument.Parse(dump.Output.ToString()).RootElement;
        Assert.Equal(("127.0.0.1:5300", "one", "(set)"),
            (settings.GetProperty("local")[0].GetProperty("address").GetString(), settings.GetProperty("server")[0].GetProperty("name").GetString(), settings.GetProperty("webserver-password").GetString()));
    }
}
