using System;
using System.Buffers.Binary;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Tests.Gates.Rules;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates;

/// <summary>What a shard answers from a cache, and what it has one keep.</summary>
public class CachedAnswerTests
{
    private static readonly CacheOptions s_cache = new() { MaxEntries = 100 };

    [Fact]
    public void What_a_backend_answered_is_given_again_under_the_next_client_s_ID_and_letter_case_and_ages()
    {
        using GateBench bench = Rulebook.None.Bench();
        PacketCache cache = bench.UseCache(s_cache);
        Fill(bench, GateBench.Query(), 60);
        bench.PassTime(10_000);
        byte[] again = GateBench.Query(name: "WWW.example.COM");
        again[0] = 0x77;
        bench.Receive(again);
        byte[] got = bench.Datagrams[^1];
        Assert.Equal((1, 2), (bench.Forwarded.Count, bench.Datagrams.Count));
        Assert.Equal(again[..2], got[..2]);
        Assert.Equal(again[12..Rulebook.QuestionEnd], got[12..Rulebook.QuestionEnd]);
        Assert.Equal(50u, TtlOf(got));
        Assert.Equal((1, 1, 2), (bench.Counters.CacheHits, bench.Counters.CacheMisses, bench.Counters.Responses));
        Assert.Equal((1L, 1L, 1L), (cache.Figures.Entries, cache.Figures.Hits, cache.Figures.Misses));
    }

    [Fact]
    public void When_its_time_is_over_a_backend_is_asked()
    {
        using GateBench bench = Rulebook.None.Bench();
        bench.UseCache(s_cache);
        Fill(bench, GateBench.Query(), 60);
        bench.PassTime(60_000);
        bench.Receive(GateBench.Query());
        Assert.Equal(2, bench.Forwarded.Count);
    }

    [Fact]
    public void A_hit_is_cut_to_what_its_client_takes_whoever_filled_the_cache()
    {
        using GateBench bench = Rulebook.None.Bench();
        bench.UseCache(s_cache);
        uint[] ttls = [.. Enumerable.Repeat(60u, 60)];
        Fill(bench, GateBench.Query(payloadSize: 4096), ttls);
        bench.Receive(GateBench.Query(payloadSize: 512));
        bench.Receive(GateBench.Query(payloadSize: 1232));
        Assert.Equal([true, false], bench.Datagrams[^2..].Select(static answer => Header.IsTruncated(answer)));
        Assert.Equal((1, 60), (bench.Forwarded.Count, (int)Header.AnswerCount(bench.Datagrams[^1])));
    }

    [Fact]
    public void What_skips_the_cache_is_neither_looked_for_nor_kept()
    {
        using GateBench bench = Rulebook.Queries(new SwitchAction(Switch.SkipCache, isForAnswers: false)).Bench();
        PacketCache cache = bench.UseCache(s_cache);
        Fill(bench, GateBench.Query(), 60);
        bench.Receive(GateBench.Query());
        Assert.Equal((2, 0L, 0), (bench.Forwarded.Count, cache.Figures.Entries, bench.Counters.CacheMisses));
    }

    [Fact]
    public void An_answer_that_a_rule_wants_kept_out_is_not_kept()
    {
        using GateBench bench = Rulebook.Answers(new SwitchAction(Switch.SkipCache, isForAnswers: true)).Bench();
        PacketCache cache = bench.UseCache(s_cache);
        Fill(bench, GateBench.Query(), 60);
        Assert.Equal(0L, cache.Figures.Entries);
    }

    [Fact]
    public void Each_pool_asks_its_own_cache_and_one_without_none()
    {
        using GateBench bench = Rulebook.None.Queries(new PoolAction("other", stops: true)).Bench();
        PacketCache cache = bench.UseCache(s_cache);
        PacketCache other = bench.UseCache(s_cache, pool: 1);
        Fill(bench, GateBench.Query(), 60);
        Assert.Equal((0L, 1L), (cache.Figures.Entries, other.Figures.Entries));
        bench.Shard.Caches.Use(1, null);
        bench.Receive(GateBench.Query());
        Assert.Equal((2, 1), (bench.Forwarded.Count, bench.Counters.CacheMisses));
    }

    [Fact]
    public void What_rules_change_of_an_answer_is_kept_but_neither_its_largest_TTL_nor_its_error()
    {
        using GateBench bench = Rulebook
            .Queries(new ReturnedTtlAction(5), new ExtendedErrorAction((ushort)ExtendedError.Filtered, "", clears: false))
            .Answers(new TtlRangeAction(100, uint.MaxValue, [])).Bench();
        bench.UseCache(s_cache);
        byte[] query = GateBench.Query(payloadSize: 1232);
        Fill(bench, query, 60);
        Assert.Equal(5u, TtlOf(bench.Datagrams[0]));
        bench.Gate.Use(Gate.JudgesOf(Rulebook.None, CompiledRules.None, bench.Shard), Rulebook.None.UdpMaxSize);
        bench.PassTime(1000);
        bench.Receive(query);
        Assert.Equal(99u, TtlOf(bench.Datagrams[1]));
        Assert.Equal(bench.Datagrams[0].Length - 6, bench.Datagrams[1].Length);
    }

    [Fact]
    public void Rules_for_hits_see_hits_only()
    {
        using GateBench bench = Rulebook.None.With(ChainKind.CacheHitResponse, Rulebook.On(new DropAction(isForAnswers: true))).Bench();
        bench.UseCache(s_cache);
        Fill(bench, GateBench.Query(), 60);
        bench.Receive(GateBench.Query());
        Assert.Equal((1, 1, 1), (bench.Datagrams.Count, bench.Counters.CacheHits, bench.Counters.RuleDrops));
    }

    [Fact]
    public void Rules_for_what_is_kept_are_asked_then_and_what_they_change_is_not_kept()
    {
        using GateBench bench = Rulebook.None.With(ChainKind.CacheInsertedResponse, Rulebook.On(new TtlRangeAction(0, 7, []))).Bench();
        bench.UseCache(s_cache);
        Fill(bench, GateBench.Query(), 60);
        bench.Receive(GateBench.Query());
        Assert.Equal([7u, 60u], bench.Datagrams.Select(TtlOf));
    }

    [Fact]
    public void Rules_for_misses_are_asked_of_misses_and_may_answer_or_choose_another_pool_which_is_not_looked_into()
    {
        var refused = Rulebook.On(new TypeSelector(RecordType.MX), Rulebook.Answering(Rcode.Refused));
        using GateBench bench = Rulebook.None.With(ChainKind.CacheMiss, refused, Rulebook.On(new PoolAction("other", stops: true))).Bench();
        bench.UseCache(s_cache);
        PacketCache other = bench.UseCache(s_cache, pool: 1);
        bench.Receive(GateBench.Query(RecordType.MX));
        Assert.Equal(Rcode.Refused, Header.Rcode(Assert.Single(bench.Datagrams)));
        Fill(bench, GateBench.Query(), 60);
        Assert.Equal((1, 1L, 0L), (bench.Forwarded.Count, other.Figures.Entries, other.Figures.Misses));
    }

    [Fact]
    public void What_a_client_gets_from_the_cache_it_could_have_got_from_a_backend()
    {
        using GateBench bench = Rulebook.Queries(new SwitchAction(Switch.NoRecurse, isForAnswers: false)).Bench();
        bench.UseCache(s_cache);
        Fill(bench, GateBench.Query(), 60);
        bench.Receive(GateBench.Query());
        Assert.Single(bench.Forwarded);
        Assert.Equal(bench.Datagrams[0], bench.Datagrams[1]);
        Assert.True(Header.RecursionDesired(bench.Datagrams[1]));
    }

    [Theory]
    [InlineData(FailureKind.TimedOut)]
    [InlineData(FailureKind.NoBackend)]
    [InlineData(FailureKind.RetriesUsedUp)]
    [InlineData(FailureKind.Full)]
    internal void Where_backends_fail_what_was_kept_is_given_after_its_time(FailureKind kind)
    {
        using GateBench bench = (Rulebook.None with { StaleCacheEntriesTtl = 100 }).Bench();
        PacketCache cache = bench.UseCache(s_cache with { StaleTtl = 30 });
        byte[] query = GateBench.Query(payloadSize: 1232);
        Fill(bench, query, 60);
        bench.PassTime(159_000);
        bench.Receive(query);
        bench.Fail(bench.Forwarded[1], kind);
        byte[] got = bench.Datagrams[1];
        Assert.Equal(30u, TtlOf(got));
        Assert.Equal([0, 15, 0, 2, 0, (byte)ExtendedError.StaleAnswer], got[^6..]);
        Assert.Equal((1L, 0, 0), (cache.Figures.StaleHits, bench.Counters.InFlight, bench.Counters.ServFail));
        bench.PassTime(1000);
        bench.Receive(query);
        bench.Fail(bench.Forwarded[2], FailureKind.TimedOut);
        Assert.Equal(Rcode.ServFail, Header.Rcode(bench.Datagrams[2]));
    }

    [Fact]
    public void Without_that_setting_failures_are_told()
    {
        using GateBench bench = Rulebook.None.Bench();
        bench.UseCache(s_cache);
        Fill(bench, GateBench.Query(), 60);
        bench.PassTime(61_000);
        bench.Receive(GateBench.Query());
        bench.Fail(bench.Forwarded[1], FailureKind.TimedOut);
        Assert.Equal(Rcode.ServFail, Header.Rcode(bench.Datagrams[1]));
    }

    [Fact]
    public void A_client_that_has_waited_for_long_is_given_what_was_kept_and_the_answer_that_comes_then_is_for_the_cache()
    {
        using GateBench bench = (Rulebook.None with { StaleCacheEntriesTtl = 100 }).Bench();
        PacketCache cache = bench.UseCache(s_cache);
        byte[] query = GateBench.Query();
        Fill(bench, query, 60);
        bench.PassTime(61_000);
        bench.Receive(query);
        int waiting = bench.Forwarded[1];
        Assert.NotEqual(QueryNotes.None, bench.Table[waiting].Notes & QueryNotes.HasStale);
        bench.Table.AskerOf(in bench.Table[waiting]).TryGiveStale(waiting);
        Assert.Equal((2, 0), (bench.Datagrams.Count, bench.Counters.InFlight));
        bench.Answer(waiting, GateBench.Answer(query, 60));
        Assert.Equal((2, 0), (bench.Datagrams.Count, bench.Counters.InFlight));
        bench.Receive(query);
        Assert.Equal((2, 60u), (bench.Forwarded.Count, TtlOf(bench.Datagrams[2])));
        Assert.Equal(1L, cache.Figures.StaleHits);
    }

    [Fact]
    public void What_is_asked_often_is_asked_for_anew_before_it_ends_by_one_and_nobody_waits()
    {
        using GateBench bench = Rulebook.None.Bench();
        PacketCache cache = bench.UseCache(s_cache);
        byte[] query = GateBench.Query();
        Fill(bench, query, 100);
        bench.Receive(query);
        bench.PassTime(98_000);
        bench.Receive(query);
        bench.Receive(query);
        Assert.Equal((4, 2, 0, 1L), (bench.Datagrams.Count, bench.Forwarded.Count, bench.Counters.InFlight, cache.Figures.Refreshes));
        bench.Answer(bench.Forwarded[1], GateBench.Answer(query, 100));
        Assert.Equal((4, 0), (bench.Datagrams.Count, bench.Counters.InFlight));
        bench.Receive(query);
        Assert.Equal(100u, TtlOf(bench.Datagrams[4]));
    }

    [Fact]
    public void Who_fails_to_renew_an_entry_leaves_it_as_it_is()
    {
        using GateBench bench = Rulebook.None.Bench();
        bench.UseCache(s_cache);
        byte[] query = GateBench.Query();
        Fill(bench, query, 100);
        bench.Receive(query);
        bench.PassTime(98_000);
        bench.Receive(query);
        bench.Fail(bench.Forwarded[1], FailureKind.TimedOut);
        bench.Receive(query);
        Assert.Equal((4, 2, 0), (bench.Datagrams.Count, bench.Forwarded.Count, bench.Counters.InFlight));
        Assert.Equal(0, bench.Table.Count);
    }

    /// <summary>Has a client ask, and a backend answer.</summary>
    [Fact]
    public void Who_asks_over_a_stream_gets_no_answer_that_was_cut_for_another()
    {
        using GateBench bench = Rulebook.None.Bench();
        bench.UseCache(s_cache with { TruncatedTtl = 10 });
        byte[] message = GateBench.Query();
        bench.Receive(message);
        byte[] cut = GateBench.Answer(message);
        cut[2] |= 2;
        bench.Answer(bench.Forwarded[^1], cut);
        Query.Parse(message, out Query query);
        SocketAddress nobody = default;
        var lookup = new CacheLookup(bench.Shard, bench.Rules);
        Fate over(ClientProtocol protocol, in Query asked) => lookup.Judge(in asked, new Origin(protocol, 0, bench.Counters, ref nobody, ref nobody), bench.Gate.Judgement);
        Assert.NotEqual(Fate.Undecided, over(ClientProtocol.Udp, in query));
        Assert.Equal(Fate.Undecided, over(ClientProtocol.Tcp, in query));
    }

    private static void Fill(GateBench bench, byte[] query, params uint[] ttls)
    {
        bench.Receive(query);
        bench.Answer(bench.Forwarded[^1], GateBench.Answer(query, ttls));
    }

    private static uint TtlOf(byte[] answer) => BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(Rulebook.QuestionEnd + 6));
}
