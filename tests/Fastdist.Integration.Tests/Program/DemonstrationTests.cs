using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Program;

[Trait("Stage", "1")]
public sealed class DemonstrationTests
{
    [Fact]
    public async Task The_demonstration_answers_over_both_transports_and_leaves_nothing_running()
    {
        string listen = Ports.Next().ToString();
        await using var demonstration = new ChildProcess(
            [Path.Combine(Repository.Root, "tools", "run-demo")],
            new Dictionary<string, string>
            {
                ["FASTDIST_DEMO_LISTEN"] = listen,
                ["FASTDIST_DEMO_BACKEND"] = Ports.Next().ToString(),
                ["FASTDIST_DEMO_EXIT"] = "1",
            });

        Assert.True(await demonstration.ExitAsync() == 0, $"{demonstration.Output}\n{demonstration.Log}");
        Assert.Contains("(UDP)", demonstration.Output.ToString());
        Assert.Contains("(TCP)", demonstration.Output.ToString());
        Assert.Empty(ProcessTable.WithArgument(listen));
    }
}
