using System;
using System.Linq;
using Fastdist.Cache.Tests.Answers;
using Fastdist.Settings;
using Xunit;
using static Fastdist.Cache.Tests.Policy.CacheUnderTest;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>What is counted, and how large caches may be.</summary>
public sealed class FigureTests
{
    private static readonly byte[] s_query = One.Query();

    [Fact]
    public void Hits_of_all_shards_are_counted_in_time_and_after_it()
    {
        using var cache = new CacheUnderTest() { StaleFor = 100 };
        cache.Find(s_query);
        cache.Keep(s_query, Positive(20));
        cache.Find(s_query);
        cache.Find(s_query, shard: 1);
        cache.Now += 20;
        cache.Find(s_query);
        cache.Find(s_query, takesStale: true, shard: 1);

        CacheFigures figures = cache.Cache.Figures;
        Assert.Equal((2, 1), (figures.Hits, figures.StaleHits));
        Assert.Equal((1, 0, 0, 0), (figures.Entries, figures.Evictions, figures.RefusedInserts, figures.DeferredInserts));
        Assert.InRange(figures.Bytes, 128, 1024);
    }

    [Fact]
    public void What_a_shard_counts_itself_is_added_up()
    {
        using var cache = new CacheUnderTest();
        foreach (int shard in (int[])[0, 1])
        {
            CacheCounters counters = cache[shard].Counters;
            (counters.Misses, counters.DeferredInserts, counters.DeferredLookups, counters.Shared) = (1, 2, 3, 4);
        }

        CacheFigures figures = cache.Cache.Figures;
        Assert.Equal((2, 4, 6, 8), (figures.Misses, figures.DeferredInserts, figures.DeferredLookups, figures.Shared));
        Assert.Equal((0, 0), (figures.LookupCollisions, figures.InsertCollisions));
    }

    [Fact]
    public void A_cache_of_one_entry_keeps_the_last()
    {
        using var cache = new CacheUnderTest(new CacheOptions { MaxEntries = 1 });
        byte[] other = One.Query(flags: "0000");

        Assert.True(cache.Keep(s_query, NameError(300)));
        Assert.Equal(Look.Found, cache.Find(s_query).Look);
        Assert.True(cache.Keep(other, Positive(300)));
        Assert.Equal(Look.Missing, cache.Find(s_query).Look);
        Assert.Equal(Look.Found, cache.Find(other).Look);
        Assert.Equal((1, 1), (cache.Cache.Figures.Entries, cache.Cache.Figures.Evictions));

        // An answer for a network takes two: whoever asks misses it, and gets nothing else.
        cache.Keep(s_query, Positive(300), Told.Of("192.0.2.0/24"), scope: 24);
        Assert.Equal(Look.Missing, cache.Find(s_query, Told.Of("192.0.2.0/24")).Look);
        Assert.Equal(1, cache.Cache.Figures.Entries);
    }

    [Theory]
    [InlineData(100, 10, 10)]
    [InlineData(199, 50, 99)]
    [InlineData(3, 1, 1)]
    [InlineData(100, 60, 60)]
    public void Negative_answers_take_a_share_at_most(int entries, int share, int most)
    {
        using var cache = new CacheUnderTest(new CacheOptions { MaxEntries = entries, NegativeShare = share });
        for (int i = 0; i < 1000; i++)
        {
            string question = $"04 {i:X8} 00 0001 0001 ";
            cache.Keep(One.Query(question: question), One.Answer("", Soa(300), flags: "8183", question: question));
        }

        Assert.Equal(most, cache.Cache.Store.Negatives);
        Assert.Equal(most, cache.Cache.Figures.Entries);
    }

    [Fact]
    public void Random_names_do_not_wash_out_the_rest()
    {
        using var cache = new CacheUnderTest(new CacheOptions { MaxEntries = 100, NegativeShare = 20 });
        string[] questions = [.. Enumerable.Range(0, 60).Select(static i => $"03 {i:X6} 00 0001 0001 ")];
        Assert.All(questions, question => Assert.True(cache.Keep(One.Query(question: question), One.Answer(question: question))));
        for (int i = 0; i < 5000; i++)
        {
            string question = $"04 {i:X8} 00 0001 0001 ";
            cache.Keep(One.Query(question: question), One.Answer("", Soa(300), flags: "8183", question: question));
        }

        Assert.All(questions, question => Assert.Equal(Look.Found, cache.Find(One.Query(question: question)).Look));
    }

    [Fact]
    public void A_cache_that_takes_more_memory_than_there_is_or_too_little_for_an_answer_is_a_problem_and_says_so()
    {
        long there = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

        Assert.Empty(PacketCache.ProblemWith(new CacheOptions { MaxEntries = 1 }));
        Assert.Empty(PacketCache.ProblemWith(new CacheOptions { MaxEntries = 1, MaxBytes = there }));
        Assert.Contains("--cache-bytes", PacketCache.ProblemWith(new CacheOptions { MaxEntries = 1, MaxBytes = there + 1 }), StringComparison.Ordinal);
        Assert.Contains("maximumEntrySize=4096", PacketCache.ProblemWith(new CacheOptions { MaxEntries = 1, MaxBytes = 4095 }), StringComparison.Ordinal);
        Assert.Empty(PacketCache.ProblemWith(new CacheOptions { MaxEntries = 1, MaxBytes = 4096 }));
        string problem = PacketCache.ProblemWith(new CacheOptions { MaxEntries = CacheOptions.MostEntries });
        Assert.Equal(there < 160L << 30, problem.Length > 0);
    }

    [Fact]
    public void Memory_for_a_cache_is_what_is_asked_for_or_what_its_entries_are_likely_to_need()
    {
        Assert.Equal(5_000_000, CacheMemory.BytesOf(new CacheOptions { MaxEntries = 10, MaxBytes = 5_000_000 }));
        Assert.Equal(1 << 20, CacheMemory.BytesOf(new CacheOptions { MaxEntries = 10 }));
        Assert.Equal(51_200_000, CacheMemory.BytesOf(new CacheOptions { MaxEntries = 100_000 }));
        Assert.True(CacheMemory.BytesOf(new CacheOptions { MaxEntries = CacheOptions.MostEntries }) <= GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);
    }

    [Fact]
    public void An_answer_larger_than_all_of_a_cache_is_refused()
    {
        using var cache = new CacheUnderTest(new CacheOptions { MaxEntries = 10, MaxBytes = 512 });
        string records = string.Concat(Enumerable.Repeat(Address(300), 60));

        Assert.False(cache.Keep(s_query, One.Answer(records)));
        Assert.Equal(1, cache.Cache.Figures.RefusedInserts);
        Assert.True(cache.Keep(s_query, Positive(300)));
    }
}
