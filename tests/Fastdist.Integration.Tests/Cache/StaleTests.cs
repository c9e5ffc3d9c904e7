using System.Threading;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;
using Xunit;

namespace Fastdist.Integration.Tests.Cache;

/// <summary>Answers after their time (RFC 8767), and those that are renewed before it is over, with a real server that dies, pauses and comes back.</summary>
public sealed class StaleTests
{
    private const int StaleAnswer = 3, StaleNxDomain = 19, Edns = 1_232;
    private const uint StaleTtl = 60;

    /// <summary>What is kept ends after a second, whatever its TTLs.</summary>
    private const string Brief = "pc = newPacketCache(1000, {maxTTL=1, maxNegativeTTL=1}) getPool(''):setCache(pc)";

    [Theory, ClassData(typeof(Rings))]
    public async Task When_the_only_server_dies_clients_are_answered_from_what_it_said_and_told_so_until_it_is_back(string ring)
    {
        await using var lab = new Lab();
        PlainServer nsd = await lab.PlainAsync();
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, ["--io", ring, "--shards", "2"], CachedProxy.Server(nsd, "checkTimeout=20000"), Brief, "setStaleCacheEntriesTTL(3600)");
        await proxy.Process.MarkedUpAsync(nsd.Name);
        await AskAllAsync(proxy);

        // It is not known to be down yet, and nobody notices all the same.
        await nsd.KillAsync();
        ParsedMessage stale = await UntilStaleAsync(proxy, "x.load.test");
        Assert.Equal((Rcode.NoError, StaleTtl, StaleAnswer), (stale.Rcode, Assert.Single(stale.Answers).Ttl, stale.Edns!.ExtendedError));
        ParsedMessage denial = await UntilStaleAsync(proxy, "missing.test");
        Assert.Equal((Rcode.NxDomain, StaleTtl, StaleNxDomain), (denial.Rcode, Assert.Single(denial.Authority).Ttl, denial.Edns!.ExtendedError));

        // Who has no EDNS is answered and not told.
        ParsedMessage plain = await proxy.AskAsync("x.load.test");
        Assert.Equal((Rcode.NoError, StaleTtl), (plain.Rcode, Assert.Single(plain.Answers).Ttl));
        Assert.Null(plain.Edns);
        await proxy.Process.MarkedDownAsync(nsd.Name);
        Assert.Equal((Rcode.NoError, StaleAnswer), await AskForErrorAsync(proxy, "x.load.test"));
        Assert.Equal(Rcode.ServFail, (await proxy.AskAsync("never-asked.load.test")).Rcode);
        Assert.True((await proxy.StatsAsync())["staleHits"] >= 3);

        await nsd.StartAsync();
        await Patience.UntilAsync(
            async () => await proxy.AskAsync("x.load.test", edns: Edns) is { Rcode: Rcode.NoError, Edns.ExtendedError: null } fresh && fresh.Answers[0].Ttl > StaleTtl,
            "an answer of the server that is back");
    }

    [Fact]
    public async Task After_the_window_there_is_nothing_to_give()
    {
        await using var lab = new Lab();
        PlainServer nsd = await lab.PlainAsync();
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(nsd, "checkTimeout=20000"), Brief, "setStaleCacheEntriesTTL(2)");
        await proxy.Process.MarkedUpAsync(nsd.Name);
        await AskAllAsync(proxy);

        await nsd.KillAsync();
        await proxy.Process.MarkedDownAsync(nsd.Name);

        await Patience.UntilAsync(
            async () =>
            {
                ParsedMessage answer = await proxy.AskAsync("x.load.test", edns: Edns);
                Assert.True(answer.Rcode is Rcode.ServFail or Rcode.NoError);
                return answer.Rcode == Rcode.ServFail;
            },
            "the window's end");
        Assert.Equal(Rcode.ServFail, (await proxy.AskAsync("x.load.test", edns: Edns)).Rcode);
    }

    [Fact]
    public async Task Without_a_window_nothing_is_given_after_its_time_and_denials_only_where_they_are_wished()
    {
        await using var lab = new Lab();
        PlainServer nsd = await lab.PlainAsync();
        CachedProxy without = await CachedProxy.StartAsync(lab, CachedProxy.Server(nsd, "checkTimeout=20000"), Brief);
        CachedProxy positive = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(nsd, "checkTimeout=20000"),
            "pc = newPacketCache(1000, {maxTTL=1, maxNegativeTTL=1, staleNegatives=false, staleTTL=7}) getPool(''):setCache(pc) setStaleCacheEntriesTTL(3600)");
        foreach (CachedProxy proxy in (CachedProxy[])[without, positive])
        {
            await proxy.Process.MarkedUpAsync(nsd.Name);
            await AskAllAsync(proxy);
        }

        await nsd.KillAsync();
        await without.Process.MarkedDownAsync(nsd.Name);
        await positive.Process.MarkedDownAsync(nsd.Name);

        await Patience.UntilAsync(async () => (await without.AskAsync("x.load.test", edns: Edns)).Rcode == Rcode.ServFail, "an end without stale answers");
        await Patience.UntilAsync(async () => (await positive.AskAsync("missing.test", edns: Edns)).Rcode == Rcode.ServFail, "the denial's end");
        ParsedMessage stale = await UntilStaleAsync(positive, "x.load.test");
        Assert.Equal(7u, Assert.Single(stale.Answers).Ttl);
    }

    [Theory, ClassData(typeof(Transports))]
    public async Task Where_servers_take_longer_than_clients_should_wait_stale_answers_come_first_and_are_renewed_by_what_comes_late(string way)
    {
        await using var lab = new Lab();
        PlainServer nsd = await lab.PlainAsync();
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, CachedProxy.Server(nsd), Brief, "setStaleCacheEntriesTTL(3600) setStaleAnswerClientTimeout(50)");
        byte[] query = Message.Query("x.load.test", edns: Edns);
        await proxy.AskAsync(way, query);

        nsd.SignalAll(LinuxSignal.Stop);
        ParsedMessage? answer = null;
        await Patience.UntilAsync(async () => (answer = await proxy.AskAsync(way, query)).Edns!.ExtendedError == StaleAnswer, "a stale answer of a server that is paused");
        Assert.Equal((Rcode.NoError, StaleTtl, Message.Id(query)), (answer!.Rcode, Assert.Single(answer.Answers).Ttl, answer.Id));
        long misses = (await proxy.StatsAsync()).Misses;

        // The query that nobody waits for any more is answered now, and that answer is kept for whoever comes.
        nsd.SignalAll(LinuxSignal.Continue);
        await Patience.UntilAsync(async () => (answer = await proxy.AskAsync(way, query)).Edns!.ExtendedError is null, "an answer that is not stale");
        Assert.True(answer.Answers[0].Ttl > StaleTtl);
        Assert.True(misses >= 1);
    }

    [Fact]
    public async Task Failures_of_a_server_do_not_wash_out_what_can_be_given_when_it_is_gone()
    {
        await using var lab = new Lab();
        bool fails = false;
        RogueDatagrams backend = lab.Datagrams((server, datagram) => server.Send(Message.Answer(datagram.Query, Volatile.Read(ref fails) ? 2 : 0), datagram.Source));
        CachedProxy proxy = await CachedProxy.StartAsync(
            lab, $"newServer({{address='{backend.EndPoint}', name='one', udpTimeout=30, queryTimeout=30000}})", Brief, "setStaleCacheEntriesTTL(3600)");
        await proxy.Process.MarkedUpAsync("one");
        await proxy.AskAsync("x.load.test", edns: Edns);

        Volatile.Write(ref fails, true);
        await Patience.UntilAsync(async () => (await proxy.AskAsync("x.load.test", edns: Edns)).Rcode == Rcode.ServFail, "the server's failure");
        await proxy.CommandAsync("getServer('one'):setDown()");

        ParsedMessage stale = await UntilStaleAsync(proxy, "x.load.test", mayFail: true);
        Assert.Equal((Rcode.NoError, 1, StaleAnswer), (stale.Rcode, stale.Answers.Count, stale.Edns!.ExtendedError));
    }

    [Fact]
    public async Task What_is_asked_for_often_is_renewed_before_its_end()
    {
        await using var lab = new Lab();
        RogueBackend backend = lab.RogueWithoutTls(Rogue.AnswersWith(query => [Message.AnswerFor(query, 10)]));
        CachedProxy proxy = await CachedProxy.StartAsync(lab, CachedProxy.Server(backend), CachedProxy.Usual);

        await Patience.UntilAsync(
            async () =>
            {
                await proxy.AskAsync("x.load.test");
                return (await proxy.StatsAsync())["refreshes"] > 0;
            },
            "a renewal");

        // Each query of the backend's was for a miss or for a renewal; who caused a renewal had a hit.
        await proxy.CountedAsync(stats => backend.Asked == stats.Misses + stats["refreshes"], "the renewal's query");
        await Patience.UntilAsync(async () => (await proxy.AskAsync("x.load.test")).Answers[0].Ttl > 5, "the renewed answer");
        Assert.Equal(1, (await proxy.StatsAsync()).Entries);
    }

    private static async Task AskAllAsync(CachedProxy proxy)
    {
        Assert.Equal(Rcode.NoError, (await proxy.AskAsync("x.load.test", edns: Edns)).Rcode);
        Assert.Equal(Rcode.NoError, (await proxy.AskAsync("x.load.test")).Rcode);
        Assert.Equal(Rcode.NxDomain, (await proxy.AskAsync("missing.test", edns: Edns)).Rcode);
    }

    private static async Task<ParsedMessage> UntilStaleAsync(CachedProxy proxy, string name, bool mayFail = false)
    {
        ParsedMessage? answer = null;
        await Patience.UntilAsync(
            async () =>
            {
                answer = await proxy.AskAsync(name, edns: Edns);
                Assert.True(mayFail || answer.Rcode != Rcode.ServFail);
                return answer.Edns is { ExtendedError: StaleAnswer or StaleNxDomain };
            },
            $"a stale answer for {name}");
        return answer!;
    }

    private static async Task<(Rcode Rcode, int? Error)> AskForErrorAsync(CachedProxy proxy, string name)
    {
        ParsedMessage answer = await proxy.AskAsync(name, edns: Edns);
        return (answer.Rcode, answer.Edns?.ExtendedError);
    }
}
