using System;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Backends;

[Trait("Stage", "2")]
public sealed class PoolTests
{
    [Fact]
    public async Task Each_frontends_queries_go_to_the_servers_of_its_pool()
    {
        await using var lab = new Lab();
        RogueBackend common = lab.Rogue(Rogue.Answers), special = lab.Rogue(Rogue.Answers), both = lab.Rogue(Rogue.Answers);
        IPEndPoint other = Ports.Next();
        FastdistProcess fastdist = await lab.FastdistAsync(
            "--local", $"{other},pool=abuse", "--policy", "roundrobin",
            "--server", lab.Unchecked(common, "common"),
            "--server", lab.Unchecked(special, "special", "pool=abuse"),
            "--server", lab.Unchecked(both, "both", "pool=abuse", "pool="));
        await fastdist.ConnectedAsync("common", "special", "both");

        await AskAsync(fastdist.Listen, "c", 10);
        await AskAsync(other, "s", 10);

        Assert.All(common.Received, query => Assert.StartsWith("c", Message.Name(query), StringComparison.Ordinal));
        Assert.All(special.Received, query => Assert.StartsWith("s", Message.Name(query), StringComparison.Ordinal));
        Assert.Equal((10, 10, 20), (common.Received.Count, special.Received.Count, both.Received.Count));
    }

    /// <summary>As many over UDP as over TCP, all answered.</summary>
    private static async Task AskAsync(IPEndPoint server, string name, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ParsedMessage[] answers =
            [
                await DnsUdpClient.AskAsync(server, Message.Query($"{name}{i}.load.test")),
                await DnsTcpClient.AskAsync(server, Message.Query($"{name}{i}.load.test")),
            ];
            Assert.All(answers, answer => Assert.Equal(Rcode.NoError, answer.Rcode));
        }
    }
}
