using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache.Storage;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>Who makes room when there is none.</summary>
public sealed class EvictionTests : IDisposable
{
    private readonly List<IDisposable> _stores = [];

    public void Dispose() => _stores.ForEach(store => store.Dispose());

    [Fact]
    public void A_store_of_one_entry_keeps_the_last()
    {
        EntryStore store = Make(1);
        store.Keep(1, "1");
        store.Keep(2, "2");

        Assert.False(store.Has(1));
        Assert.Equal("2", store.Text(2));
        Assert.Equal(1, store.Count);
        Assert.Equal(1, store.Evictions);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(12)]
    public void A_small_store_keeps_exactly_as_many_as_it_was_told(int entries)
    {
        EntryStore store = Make(entries);
        for (int i = 0; i < 1000; i++)
        {
            store.Keep(i);
            Assert.Equal(Math.Min(i + 1, entries), store.Count);
        }

        Assert.Equal(1000 - entries, store.Evictions);
        Assert.Equal(entries, Enumerable.Range(0, 1000).Count(store.Has));
    }

    [Fact]
    public void Shares_of_parts_add_up_to_what_was_asked_for()
    {
        var shape = new StoreShape(10_007, (1L << 30) + 12345, 16, 1001);
        PartLimits[] limits = [.. Enumerable.Range(0, shape.Parts).Select(shape.LimitsOf)];

        Assert.Equal(16, shape.Parts);
        Assert.Equal(10_007, limits.Sum(part => part.Entries));
        Assert.Equal(1001, limits.Sum(part => part.Negatives));
        Assert.Equal(shape.Blocks, limits.Sum(part => (long)part.Blocks));
    }

    [Fact]
    public void Small_stores_have_few_parts()
    {
        Assert.Equal(1, new StoreShape(1000, 1 << 30, 16, 0).Parts);
        Assert.Equal(2, new StoreShape(2000, 1 << 30, 16, 0).Parts);
        Assert.Equal(8, new StoreShape(10_000, 1 << 22, 64, 0).Parts);
        Assert.Equal(1, new StoreShape(10_000, 0, 64, 0).Parts);
    }

    [Fact]
    public void A_large_store_is_filled_to_within_some_percent_before_anything_is_evicted_and_wholly_after()
    {
        EntryStore store = Make(100_000, bytes: 1L << 26, parts: 16);
        int kept = 0;
        for (; store.Evictions == 0; kept++)
        {
            store.Keep(kept);
        }

        Assert.InRange(store.Count, 95_000, 100_000);
        for (int i = kept; i < kept + 100_000; i++)
        {
            store.Keep(i);
        }

        Assert.InRange(store.Count, 99_900, 100_000);
    }

    [Fact]
    public void Entries_that_are_used_stay_while_others_pass_through()
    {
        EntryStore store = Make(1000);
        for (int i = 0; i < 20_000; i++)
        {
            store.Keep(1000 + i);
            store.Keep(i % 300, ends: Entries.Now + 1000);
            Assert.True(store.Has(i % 300));
        }

        Assert.InRange(Enumerable.Range(0, 300).Count(store.Has), 270, 300);
    }

    [Fact]
    public void What_has_ended_goes_first_and_is_not_counted()
    {
        EntryStore store = Make(12);
        for (int i = 0; i < 12; i++)
        {
            store.Keep(i, ends: i % 2 == 0 ? Entries.Now : Entries.Now + 1);
        }

        for (int i = 12; i < 18; i++)
        {
            store.Keep(i);
        }

        Assert.Equal([1, 3, 5, 7, 9, 11, 12, 13, 14, 15, 16, 17], Enumerable.Range(0, 18).Where(store.Has));
        Assert.Equal(0, store.Evictions);
    }

    [Fact]
    public void Bytes_are_bounded_too()
    {
        EntryStore store = Make(1000, bytes: 100 * StoreMap.BlockSize);
        string value = new('x', 300);
        for (int i = 0; i < 1000; i++)
        {
            store.Keep(i, value);
        }

        Assert.Equal(33, store.Count);
        Assert.Equal(1000 - 33, store.Evictions);
    }

    [Fact]
    public void An_entry_larger_than_all_there_is_gets_no_room_and_the_former_one_stays()
    {
        EntryStore store = Make(10, bytes: 10 * StoreMap.BlockSize);
        store.Keep(1);

        Assert.Equal(Insertion.NoRoom, store.Insert(1, new byte[11 * StoreMap.BlockSize]));

        Assert.True(store.Has(1));
        Assert.Equal(1, store.RefusedInserts);
    }

    [Fact]
    public void An_entry_as_large_as_all_there_is_is_the_only_one_and_may_be_renewed()
    {
        EntryStore store = Make(10, bytes: 10 * StoreMap.BlockSize);
        string value = new('x', ChainHead.FirstRoom + (9 * ChainHead.Room) - 8);
        for (int i = 0; i < 5; i++)
        {
            store.Keep(i);
        }

        store.Keep(7, value);
        store.Keep(7, value);

        Assert.Equal(value, store.Text(7));
        Assert.Equal(1, store.Count);
        Assert.Equal(5, store.Evictions);
    }

    [Fact]
    public void Negative_entries_have_a_share_and_make_room_for_each_other_only()
    {
        EntryStore store = Make(1000, negatives: 100);
        for (int i = 0; i < 500; i++)
        {
            store.Keep(i);
        }

        for (int i = 1000; i < 2000; i++)
        {
            store.Keep(i, traits: EntryTraits.Negative);
        }

        Assert.Equal(100, store.Negatives);
        Assert.Equal(600, store.Count);
        Assert.Equal(900, store.Evictions);
        Assert.Equal(500, Enumerable.Range(0, 500).Count(store.Has));
        Assert.True(store.Has(1999));
    }

    [Fact]
    public void A_negative_entry_renews_itself_when_their_share_is_full()
    {
        EntryStore store = Make(100, negatives: 1);
        store.Keep(1, "1", traits: EntryTraits.Negative);
        store.Keep(1, "2", traits: EntryTraits.Negative);
        Assert.Equal("2", store.Text(1));
        Assert.Equal(0, store.Evictions);

        store.Keep(1, "3");
        Assert.Equal(0, store.Negatives);
        store.Keep(2, "4", traits: EntryTraits.Negative);
        Assert.Equal(2, store.Count);
    }

    [Fact]
    public void Without_a_share_no_negative_entry_is_kept()
    {
        EntryStore store = Make(100, negatives: 0);

        Assert.Equal(Insertion.NoRoom, store.Insert(1, "value"u8, traits: EntryTraits.Negative));
        Assert.Equal(1, store.RefusedInserts);
    }

    private EntryStore Make(int entries, int negatives = 0, long bytes = 1 << 20, int parts = 16)
    {
        var store = new EntryStore(entries, bytes, parts, negatives);
        _stores.Add(store);
        return store;
    }
}
