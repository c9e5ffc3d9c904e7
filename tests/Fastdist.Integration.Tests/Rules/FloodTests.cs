using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Rules;

/// <summary>Floods from 127.0.0.2 beside an innocent client at 127.0.0.3: who floods is blocked soon, and the other loses nothing.</summary>
[Collection(LoadCollection.Name)]
public sealed class FloodTests
{
    private const string Flooder = "127.0.0.2", Innocent = "127.0.0.3";

    /// <summary>Queries a second of the flood, and of the innocent.</summary>
    private const int Flood = 400, Usual = 40;

    /// <summary>
    /// Each rule's limit is exceeded after half a second of its flood. Two seconds after that the flooder is to be blocked; so many more for a machine that does other things as well.
    /// </summary>
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(0.5 + 2 + 3);

    [Theory]
    [InlineData("setQueryRate(100, 2, 'flood', 60)", "n%.load.test A", "127.0.0.2/32")]
    [InlineData("setRCodeRatio(DNSRCode.NXDOMAIN, 0.5, 2, 'flood', 60, 100)", "missing%.load.test A", "127.0.0.2/32")]
    [InlineData("setQTypeRate(DNSQType.ANY, 50, 2, 'flood', 60, DNSAction.Refused)", "n%.load.test ANY", "127.0.0.2/32")]
    [InlineData("setSuffixMatchRule(2, 'flood', 60, DNSAction.Drop, function(node, self, children) return node.labelsCount == 2 and children.nxdomains > 100 end)", "missing%.victim.test A", "victim.test.")]
    public async Task Who_floods_is_blocked_and_nobody_else_notices(string rule, string question, string what)
    {
        await using var lab = new Lab();
        FastdistProcess fastdist = await StartAsync(lab, rule);
        string questions = lab.Scratch.Write("flood", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{question.Replace("%", $"{i}", StringComparison.Ordinal)}\n")));
        await using Dnsperf innocent = Dnsperf.Start(lab.Scratch, "udp", fastdist.Listen, "-a", Innocent, "-Q", $"{Usual}", "-l", "60");
        await fastdist.CountedAsync(counters => counters.Udp("responses") >= Usual, "answers to the innocent");

        long begun = Stopwatch.GetTimestamp();
        await using Dnsperf flood = Dnsperf.Start(lab.Scratch, "udp", fastdist.Listen, "-a", Flooder, "-Q", $"{Flood}", "-l", "60", "-t", "1", "-d", questions);
        LogLine line = await fastdist.ToldAsync(LogEvent.BlockInserted);
        TimeSpan taken = Stopwatch.GetElapsedTime(begun);
        Assert.Equal((what, "flood"), (line["what"], line["reason"]));
        Assert.True(taken < s_most, $"blocked after {taken.TotalSeconds:F1} s");

        // It goes on and is still blocked, while the innocent goes on, too.
        await fastdist.CountedAsync(counters => counters.Udp("dyn-blocked") >= Flood / 2, "blocked queries");
        long answered = (await fastdist.CountersAsync()).Udp("responses");
        await fastdist.CountedAsync(counters => counters.Udp("responses") >= answered + Usual, "more answers to the innocent");
        await flood.StopAsync();
        DnsperfResult unharmed = await innocent.StopAsync();
        Assert.Equal((0, unharmed.Completed), (unharmed.Lost, unharmed.NoError));
        Assert.True(unharmed.Completed >= 2 * Usual, unharmed.Text);
        Assert.Single(fastdist.Told(LogEvent.BlockInserted));
    }

    [Fact]
    public async Task A_block_outlives_that_the_configuration_is_read_again_and_ends_when_it_is_taken_away()
    {
        await using var lab = new Lab();
        IPEndPoint console = Ports.Next();
        string[] flags = ["-C", lab.Scratch.Write("client.conf", Console(console))];
        FastdistProcess fastdist = await StartAsync(lab, "setQueryRate(100000, 2, 'flood', 60)", Console(console));
        await FastdistProcess.CommandAsync($"{console}", "addDynamicBlock('127.0.0.2', 'by hand', DNSAction.Refused, 600)", flags);
        using var client = new DnsUdpClient(fastdist.Listen, IPAddress.Parse(Flooder));
        using var other = new DnsUdpClient(fastdist.Listen, IPAddress.Parse(Innocent));
        await Patience.UntilAsync(async () => (await client.AskAsync(Message.Query("n.load.test"))).Rcode == Rcode.Refused, "the block");
        Assert.Equal(Rcode.NoError, (await other.AskAsync(Message.Query("n.load.test"))).Rcode);

        await fastdist.ReloadAsync();
        Assert.Equal(Rcode.Refused, (await client.AskAsync(Message.Query("n.load.test"))).Rcode);
        Assert.Contains(await FastdistProcess.CommandAsync($"{console}", "showDynBlocks()", flags), line => line.StartsWith("127.0.0.2/32 ", StringComparison.Ordinal) && line.EndsWith("by hand", StringComparison.Ordinal));

        await FastdistProcess.CommandAsync($"{console}", "rmDynBlock('127.0.0.2/32')", flags);
        await Patience.UntilAsync(async () => (await client.AskAsync(Message.Query("n.load.test"))).Rcode == Rcode.NoError, "the block's end");
    }

    private static string Console(IPEndPoint console) => $"controlSocket('{console}') setKey('{Convert.ToBase64String(new byte[32])}')";

    private static Task<FastdistProcess> StartAsync(Lab lab, string rule, string more = "")
    {
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.Answer(query, Message.Name(query).StartsWith("missing", StringComparison.Ordinal) ? 3 : 0)]));
        IPEndPoint listen = Ports.Next();
        string configuration = lab.Scratch.Write("floods.conf", $"""
            setLocal('{listen}')
            newServer({"{"}address='{backend.EndPoint}', tcpOnly=true, healthCheckMode='up'{"}"})
            {more}
            local group = dynBlockRulesGroup()
            group:{rule}
            function maintenance()
                group:apply()
            end
            """);
        return StartAsync(lab, listen, configuration);
    }

    private static async Task<FastdistProcess> StartAsync(Lab lab, IPEndPoint listen, string configuration) =>
        lab.Keep(await FastdistProcess.StartAsync(listen, ["-C", configuration, "--shards", "2"]));
}
