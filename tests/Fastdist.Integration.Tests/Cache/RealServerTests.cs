using System;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>What servers that others wrote answer, asked twice by kdig: the second time out of the cache.</summary>
public sealed class RealServerTests
{
    private const ushort Nsid = 3, Cookie = 10;

    [Theory]
    [InlineData("nsd")]
    [InlineData("knotd")]
    [InlineData("named")]
    public async Task A_hit_is_what_the_server_said_but_for_its_TTLs(string program)
    {
        await using var lab = new Lab();
        CachedProxy proxy = await StartAsync(lab, program);
        string[][] questions =
        [
            ["x.load.test", "A"], ["x.load.test", "AAAA"], ["x.load.test", "MX"], ["missing.test", "A"], [".", "SOA"], [".", "NS"], ["t1500.test", "TXT"],
        ];

        foreach (string[] question in questions)
        {
            foreach (string edns in (string[])["+noedns", "+edns", "+dnssec"])
            {
                Kdig first = await proxy.DigAsync(["+tcp", edns, .. question]);
                Kdig second = await proxy.DigAsync(["+tcp", edns, .. question]);
                Assert.Equal(Essence(first), Essence(second));
                Assert.Equal(question[0] == "missing.test" ? "NXDOMAIN" : "NOERROR", second.Status);
            }
        }

        CacheStats stats = await proxy.StatsAsync();
        Assert.Equal((questions.Length * 3, questions.Length * 3), (stats.Hits, stats.Misses));
    }

    [Fact]
    public async Task Signatures_are_given_to_who_asks_for_them_and_to_nobody_else()
    {
        await using var lab = new Lab();
        CachedProxy proxy = await StartAsync(lab, PlainServer.Signing);

        // knotd signs as it starts, and answers before it has.
        int round = 0;
        await Patience.UntilAsync(async () => (await proxy.DigAsync("+tcp", "+dnssec", $"r{round++}.load.test")).Holds("RRSIG"), "signatures");
        foreach (string name in (string[])["x.load.test", "missing.test"])
        {
            for (int i = 0; i < 2; i++)
            {
                Kdig signed = await proxy.DigAsync("+tcp", "+dnssec", name);
                Kdig bare = await proxy.DigAsync("+tcp", "+edns", name);
                Kdig checking = await proxy.DigAsync("+tcp", "+dnssec", "+cdflag", name);
                Assert.True(signed.Holds("RRSIG") && signed.Holds("NSEC") && signed.Holds("do;"), signed.Text);
                Assert.False(bare.Holds("RRSIG") || bare.Holds("NSEC"), bare.Text);
                Assert.True(checking.Holds("RRSIG"), checking.Text);
            }
        }

        CacheStats stats = await proxy.StatsAsync();
        Assert.Equal((6, round + 6), (stats.Hits, stats.Misses));
    }

    [Fact]
    public async Task Unvalidated_answers_reach_nobody_who_did_not_ask_for_them()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.Answer(query, (query[3] & 0x10) != 0 ? 0 : 2)]));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);

        for (int i = 0; i < 2; i++)
        {
            Kdig unchecked_ = await proxy.DigAsync("+cdflag", "x.load.test");
            Kdig validated = await proxy.DigAsync("+nocdflag", "x.load.test");
            Assert.Equal(("NOERROR", "SERVFAIL"), (unchecked_.Status, validated.Status));
        }

        Assert.Equal(2, backend.Asked);
    }

    [Theory]
    [InlineData("named", true)]
    [InlineData("unbound", false)]
    public async Task A_servers_name_and_a_clients_cookie_are_for_who_asked_and_for_nobody_after(string program, bool hasCookies)
    {
        await using var lab = new Lab();
        CachedProxy proxy = await StartAsync(lab, program);
        byte[] curious = Message.Query("x.load.test", edns: 1_232, options: [(Nsid, []), (Cookie, [1, 2, 3, 4, 5, 6, 7, 8])]);

        ParsedMessage first = await proxy.AskAsync("udp", curious);
        Assert.True(first.Edns!.Has(Nsid));
        Assert.Equal(hasCookies, first.Edns.Has(Cookie));

        byte[][] others =
        [
            Message.Query("x.load.test", edns: 1_232), curious, Message.Query("x.load.test", edns: 1_232, options: (Cookie, [8, 7, 6, 5, 4, 3, 2, 1])),
            Message.Query("x.load.test", edns: 1_232, options: (Nsid, [])),
        ];
        foreach (string way in (string[])["udp", "tcp", "dot", "doh"])
        {
            foreach (byte[] query in others)
            {
                ParsedMessage hit = await proxy.AskAsync(way, query);
                Assert.Equal((Rcode.NoError, 1), (hit.Rcode, hit.Answers.Count));
                Assert.False(hit.Edns!.Has(Nsid) || hit.Edns.Has(Cookie));
            }
        }

        Assert.Equal((16, 1), ((await proxy.StatsAsync()).Hits, (await proxy.StatsAsync()).Misses));
    }

    [Fact]
    public async Task Extended_errors_are_part_of_an_answer()
    {
        const int prohibited = 18;
        await using var lab = new Lab();
        PlainServer unbound = await lab.PlainAsync("unbound");
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(unbound, $"source='{PlainServer.Refused}', healthCheckMode='up', queryTimeout=30000, udpTimeout=30"), CachedProxy.Usual);

        for (int i = 0; i < 3; i++)
        {
            ParsedMessage refused = await proxy.AskAsync("x.load.test", edns: 1_232);
            Assert.Equal((Rcode.Refused, prohibited), (refused.Rcode, refused.Edns!.ExtendedError));
        }

        Assert.Equal((2, 1), ((await proxy.StatsAsync()).Hits, (await proxy.StatsAsync()).Misses));
    }

    [Fact]
    public async Task Who_names_a_network_gets_what_the_server_says_for_all_of_them()
    {
        await using var lab = new Lab();
        CachedProxy proxy = await StartAsync(lab, "nsd");
        foreach (string network in (string[])["192.0.2.0/24", "198.51.100.0/24", "2001:db8::/48"])
        {
            Kdig answer = await proxy.DigAsync($"+subnet={network}", "x.load.test");
            Assert.True(answer.Status == "NOERROR" && answer.Holds("192.0.2.1"), answer.Text);
        }

        // Who names none asks another question.
        for (int i = 0; i < 2; i++)
        {
            Kdig none = await proxy.DigAsync("+edns", "x.load.test");
            Assert.False(none.Holds("CLIENT-SUBNET"), none.Text);
        }

        Assert.Equal((3, 2), ((await proxy.StatsAsync()).Hits, (await proxy.StatsAsync()).Misses));
    }

    private static async Task<CachedProxy> StartAsync(Lab lab, string program) =>
        await CachedProxy.StartAsync(lab, CachedProxy.Server(await lab.PlainAsync(program)), CachedProxy.Usual);

    /// <summary>kdig's text without ID, TTLs and what it says of itself.</summary>
    private static string[] Essence(Kdig answer) =>
    [
        .. answer.Text.Split('\n')
            .Where(line => !line.StartsWith(";; From", StringComparison.Ordinal) && !line.Contains("UDP size", StringComparison.Ordinal))
            .Select(line => line.StartsWith(";; ->>", StringComparison.Ordinal) ? line.Split("id:")[0]
                : line.StartsWith(';') ? line
                : string.Join(' ', line.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries).Where((_, i) => i != 1)))
            .Where(line => !line.StartsWith(";; Time", StringComparison.Ordinal)),
    ];
}
