using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>One entry serves every client, whichever way it came.</summary>
public sealed class OneEntryTests
{
    private const ushort Padding = 12;
    private const int PaddingBlock = 468;
    private const ushort Nsid = 3, Cookie = 10;

    [Theory, ClassData(typeof(Rings))]
    public async Task A_question_asked_on_all_ways_in_reaches_the_backend_once_and_each_client_gets_its_own_ID_and_letters(string ring)
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(lab, ["--io", ring, "--shards", "2"], CachedProxy.Server(backend), CachedProxy.Usual);

        int id = 1000;
        foreach (string name in (string[])["x.load.test.", "X.load.TEST.", "x.LOAD.test."])
        {
            foreach (string way in (string[])["udp", "tcp", "dot", "doh"])
            {
                ParsedMessage answer = await proxy.AskAsync(way, Message.Query(name, id: ++id));
                Assert.Equal((id, name, 0x8180), (answer.Id, answer.QuestionName, answer.Flags));
                Assert.Equal((byte[])[192, 0, 2, 1], Assert.Single(answer.Answers).Data);
                Assert.Null(answer.Edns);
            }
        }

        Assert.Equal(1, backend.Asked);
        CacheStats stats = await proxy.StatsAsync();
        Assert.Equal((11, 1, 1), (stats.Hits, stats.Misses, stats.Entries));
        Counters counters = await proxy.Process.CountersAsync();
        Assert.Equal((2, 3, 3, 3), (counters.Udp("cache-hits"), counters.Tcp("cache-hits"), counters.Dot("cache-hits"), counters.Doh("cache-hits")));
    }

    [Fact]
    public async Task TTLs_age_and_what_HTTPS_says_of_freshness_follows_them()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.AnswerFor(query, 300, 200)]));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);
        Assert.Equal([300, 200], Ttls(await proxy.AskAsync("x.load.test")));

        await Patience.UntilAsync(async () => Ttls(await proxy.AskAsync("x.load.test"))[0] < 300, "the TTLs' ageing");

        Curl response = await Curl.GetAsync(lab, proxy.Process, Message.Query("x.load.test", id: 0));
        List<uint> ttls = Ttls(response.Message);
        Assert.InRange(ttls[0], 201u, 299u);
        Assert.Equal(ttls[0] - 100, ttls[1]);
        Assert.Equal($"max-age={ttls[1]}", response["cache-control"]);
        Assert.Equal(1, backend.Asked);
    }

    [Fact]
    public async Task TTLs_stay_as_they_came_where_the_operator_wants_it()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.AnswerFor(query, Message.Name(query)[0] == 'o' ? 1 : 300)]));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), "pc = newPacketCache(100, {dontAge=true}) getPool(''):setCache(pc)");
        await proxy.AskAsync("x.load.test");

        // Another one's end is how time is seen to pass.
        await Patience.UntilAsync(
            async () =>
            {
                await proxy.AskAsync("other.load.test");
                return backend.CountOf("other.load.test.") == 2;
            },
            "the end of a TTL of a second");

        Assert.Equal([300], Ttls(await proxy.AskAsync("x.load.test")));
        Assert.Equal(1, backend.CountOf("x.load.test."));
    }

    [Fact]
    public async Task A_large_answer_is_kept_whole_by_whomever_it_was_asked_for_and_cut_for_datagrams()
    {
        const int size = 3_000;
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.AnswerOfSize(query, size)]));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);

        foreach (int? edns in (int?[])[null, 1_232])
        {
            byte[] query = Message.Query("x.load.test", Message.Null, edns: edns);
            ParsedMessage cut = await proxy.AskAsync("udp", query);
            Assert.True(cut is { IsTruncated: true, Answers.Count: 0 });
            Assert.Equal(edns is null, cut.Edns is null);
            foreach (string way in (string[])["tcp", "dot", "doh"])
            {
                ParsedMessage whole = await proxy.AskAsync(way, query);
                Assert.Equal((false, size), (whole.IsTruncated, whole.Bytes.Length));
                Assert.Equal(Message.Null, Assert.Single(whole.Answers).Type);
            }

            Assert.True((await proxy.AskAsync("udp", query)).IsTruncated);
        }

        // With EDNS and without are two entries.
        Assert.Equal(2, backend.Asked);
        CacheStats stats = await proxy.StatsAsync();
        Assert.Equal((8, 2, 2), (stats.Hits, stats.Misses, stats.Entries));
    }

    [Fact]
    public async Task A_hit_is_padded_for_who_padded_where_the_way_is_encrypted_and_for_nobody_else()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);
        byte[] padding = Message.Query("x.load.test", edns: 1_232, options: (Padding, new byte[40]));
        byte[] plain = Message.Query("x.load.test", edns: 1_232);

        for (int round = 0; round < 2; round++)
        {
            foreach (string way in (string[])["udp", "tcp", "dot", "doh"])
            {
                ParsedMessage padded = await proxy.AskAsync(way, padding);
                Assert.Equal(way is "dot" or "doh", padded.Edns!.Has(Padding));
                Assert.True(!padded.Edns.Has(Padding) || padded.Bytes.Length % PaddingBlock == 0);
                Assert.Empty((await proxy.AskAsync(way, plain)).Edns!.Options);
            }
        }

        Assert.Equal(1, backend.Asked);
    }

    [Fact]
    public async Task What_may_matter_to_an_answer_tells_entries_apart_and_what_cannot_does_not()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);
        byte[] plain = Message.Query("x.load.test", id: 7);
        byte[][] different =
        [
            plain, Message.WithFlags(plain, 0x0000), Message.WithFlags(plain, 0x0110), Message.WithFlags(plain, 0x0120), Message.Query("x.load.test", Message.Txt),
            Message.Query("y.load.test"), Message.Query("x.load.test", edns: 1_232), WithDnssecOk(Message.Query("x.load.test", edns: 1_232)),
            Message.Query("x.load.test", edns: 1_232, options: (65_001, [1])),
        ];
        byte[][] same =
        [
            Message.Query("x.load.test", edns: 4_096), Message.Query("x.load.test", edns: 512), Message.Query("x.load.test", edns: 1_232, options: (Nsid, [])),
            Message.Query("x.load.test", edns: 1_232, options: (Cookie, [1, 2, 3, 4, 5, 6, 7, 8])), Message.Query("x.load.test", edns: 1_232, options: (Padding, new byte[9])),
        ];

        for (int round = 0; round < 2; round++)
        {
            foreach (byte[] query in different)
            {
                Assert.Equal(Message.Id(query), (await proxy.AskAsync("udp", query)).Id);
            }
        }

        foreach (byte[] query in same)
        {
            Assert.Empty((await proxy.AskAsync("udp", query)).Edns!.Options);
        }

        Assert.Equal(different.Length, backend.Asked);
        Assert.Equal(different.Length + same.Length, (await proxy.StatsAsync()).Hits);
    }

    [Fact]
    public async Task What_is_signed_or_is_no_plain_question_is_never_kept()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.Answers);
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);
        byte[] other = Message.QueryOfSize("x.load.test", 200);

        for (int round = 0; round < 2; round++)
        {
            // The answer has no signature, which kdig tells, and we need not.
            await proxy.DigAsync("-y", "hmac-sha256:key.test:c2VjcmV0", "x.load.test");
            Assert.Equal(Message.Id(other), (await proxy.AskAsync("tcp", other)).Id);
            await proxy.AskAsync("udp", Message.WithOpcode(Message.Query("x.load.test", Message.Soa), 4));
            await proxy.AskAsync("udp", Message.WithOpcode(Message.Query("x.load.test"), 5));
        }

        Assert.True(backend.Asked >= 4, $"{backend.Asked}");
        Assert.Equal((0, 0), ((await proxy.StatsAsync()).Entries, (await proxy.StatsAsync()).Hits));
    }

    /// <summary>The query, whose OPT is its last record and has no options, with DO set.</summary>
    private static byte[] WithDnssecOk(byte[] query)
    {
        byte[] copy = [.. query];
        copy[^4] |= 0x80;
        return copy;
    }

    private static List<uint> Ttls(ParsedMessage answer) => [.. answer.Answers.Select(record => record.Ttl)];
}
