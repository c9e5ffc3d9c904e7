using System.Linq;
using CsCheck;
using Fastdist.Cache.Tests.Policy.Models;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Cache.Tests.Policy;

/// <summary>Random histories of a cache beside those of a naive one.</summary>
public sealed class ModelTests
{
    private const uint StaleFor = 25;

    private static readonly CacheOptions[] s_settings =
    [
        new() { MaxEntries = 20_000 },
        new() { MaxEntries = 20_000, MinTtl = 5, MaxTtl = 20, MaxNegativeTtl = 12, TemporaryFailureTtl = 7, TruncatedTtl = 9, StaleTtl = 3 },
        new() { MaxEntries = 20_000, TemporaryFailureTtl = 30, TruncatedTtl = 100, StaleNegatives = false, DeferrableInsertLock = false },
    ];

    private static readonly Gen<Step[]> s_histories = Step.Any.Array[1, 120];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_cache_with_room_does_what_the_naive_one_does(int settings) => s_histories.Sample(history => RunWithRoom(history, s_settings[settings]), iter: 2_000, threads: 1);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(9, 700)]
    [InlineData(30, 1500)]
    public void A_cache_without_room_gives_nothing_but_what_it_kept_last(int entries, int bytes) =>
        s_histories.Sample(history => RunWithoutRoom(history, s_settings[2] with { MaxEntries = entries, MaxBytes = bytes }), iter: 2_000, threads: 1);

    private static void RunWithRoom(Step[] history, CacheOptions options)
    {
        using var cache = new CacheUnderTest(options) { StaleFor = StaleFor };
        var model = new NaiveCache(options, StaleFor);
        foreach ((int index, Step step) in history.Index())
        {
            switch (step.Deed)
            {
                case Deed.Find or Deed.FindStale:
                    bool takesStale = step.Deed == Deed.FindStale;
                    Outcome found = cache.Find(step.Query(), step.Told, takesStale, shard: index % 2);
                    (Look look, byte[] answer) = model.Find(step, cache.Now, takesStale);
                    Assert.Equal(look, found.Look);
                    Assert.Equal(answer, found.Answer);
                    break;
                case Deed.Keep:
                    bool isKept = cache.Keep(step.Query(), step.Answer(step.Ttl, step.Ttl + ModelEntry.Longer), step.Told, step.Scope, shard: index % 2);
                    Assert.Equal(model.Keep(step, cache.Now), isKept);
                    break;
                case Deed.Wait:
                    cache.Now += step.Ttl;
                    break;
                case Deed.ExpungeByName:
                    (bool isSuffix, bool isOfType) = WhatIsMeant(step);
                    cache.Cache.ExpungeByName(step.DomainName, isOfType ? step.RecordType : null, isSuffix);
                    model.ExpungeByName(step, isSuffix, isOfType);
                    break;
                case Deed.PurgeExpired:
                    uint since = cache.Now - (step.Traits == 0 ? 0 : StaleFor);
                    cache.Cache.PurgeExpired(0, since);
                    model.PurgeExpired(since);
                    break;
                default:
                    cache.Cache.Expunge(0);
                    model.ExpungeAll();
                    break;
            }
        }
    }

    private static void RunWithoutRoom(Step[] history, CacheOptions options)
    {
        using var cache = new CacheUnderTest(options) { StaleFor = StaleFor };
        var kept = new LastKept(options.StaleTtl, StaleFor);
        foreach ((int index, Step step) in history.Index())
        {
            switch (step.Deed)
            {
                case Deed.Find or Deed.FindStale:
                    Outcome found = cache.Find(step.Query(), step.Told, step.Deed == Deed.FindStale, shard: index % 2);
                    Assert.True(found.Look != Look.Found || kept.Has(step, cache.Now, found.Answer, found.IsStale));
                    break;
                case Deed.Keep:
                    if (cache.Keep(step.Query(), step.Answer(step.Ttl, step.Ttl + ModelEntry.Longer), step.Told, step.Scope, shard: index % 2))
                    {
                        kept.Keep(step, cache.Now, step.Content is Content.Failure or Content.Refusal ? options.TemporaryFailureTtl : step.Ttl);
                    }

                    break;
                case Deed.Wait:
                    cache.Now += step.Ttl;
                    break;
                case Deed.ExpungeByName:
                    (bool isSuffix, bool isOfType) = WhatIsMeant(step);
                    cache.Cache.ExpungeByName(step.DomainName, isOfType ? step.RecordType : null, isSuffix);
                    kept.ExpungeByName(step, isSuffix, isOfType);
                    break;
                case Deed.PurgeExpired:
                    cache.Cache.PurgeExpired(step.Traits, cache.Now - StaleFor);
                    break;
                default:
                    cache.Cache.Expunge(0);
                    kept.ExpungeAll();
                    break;
            }

            Assert.InRange(cache.Cache.Figures.Entries, 0, options.MaxEntries);
        }
    }

    private static (bool IsSuffix, bool IsOfType) WhatIsMeant(Step step) => (step.Serial % 2 == 0, step.Serial % 3 == 0);
}
