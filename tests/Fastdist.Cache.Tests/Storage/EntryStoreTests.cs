using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Fastdist.Cache.Storage;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

public sealed class EntryStoreTests : IDisposable
{
    private readonly byte[] _value = new byte[70_000];
    private readonly EntryStore _store = new(100, 1 << 20, 16, 0);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void What_was_kept_is_found_with_all_that_is_known_of_it()
    {
        var head = new EntryHead { Added = 7, Ends = 2000, Traits = EntryTraits.Scopes, Rcode = 3, Scope = 24 };

        Assert.Equal(Insertion.Done, _store.Insert(5, "key"u8, "value"u8, in head, Entries.Now, false));

        Assert.Equal(Finding.Found, _store.Read(5, "key"u8, _value, out int length, out EntryHead found, out _));
        Assert.Equal("value"u8, _value.AsSpan(0, length));
        Assert.Equal(head, found);
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void An_entry_was_used_once_it_was_read_until_it_is_renewed()
    {
        _store.Keep(1);
        Assert.False(WasUsed(1));
        Assert.True(WasUsed(1));

        _store.Keep(1);
        Assert.False(WasUsed(1));
    }

    [Fact]
    public void An_entry_of_another_key_with_the_same_hash_is_another_entry()
    {
        var head = new EntryHead { Ends = uint.MaxValue };
        _store.Insert(5, "one"u8, "1"u8, in head, Entries.Now, false);
        _store.Insert(5, "two"u8, "2"u8, in head, Entries.Now, false);
        _store.Insert(5, "longer"u8, "3"u8, in head, Entries.Now, false);

        Assert.Equal("1", _store.Text(5, "one"u8));
        Assert.Equal("2", _store.Text(5, "two"u8));
        Assert.Equal("3", _store.Text(5, "longer"u8));
        Assert.Null(_store.Text(5, "six"u8));
    }

    [Fact]
    public void An_entry_takes_the_place_of_one_with_the_same_key()
    {
        _store.Keep(1, "former");
        _store.Keep(1, "latter");

        Assert.Equal("latter", _store.Text(1));
        Assert.Equal(1, _store.Count);
        Assert.Equal(0, _store.Evictions);
    }

    [Fact]
    public void A_removed_entry_is_not_found()
    {
        _store.Keep(1);

        Assert.True(_store.Remove(Entries.Hash(1), Entries.Key(1)));
        Assert.False(_store.Remove(Entries.Hash(1), Entries.Key(1)));
        Assert.False(_store.Has(1));
        Assert.Equal(0, _store.Count);
        Assert.Equal(0, _store.Bytes);
    }

    [Fact]
    public void Keys_and_values_of_every_length_come_back_as_they_were()
    {
        var random = new Random(1);
        for (int keyLength = 0; keyLength <= 512; keyLength += 1 + (keyLength / 40))
        {
            for (int length = 0; length < 600; length += 1 + random.Next(9))
            {
                CheckRoundTrip(random, keyLength, length);
            }
        }

        CheckRoundTrip(random, 512, 66_559);
        Assert.Equal(0, _store.Count);
        Assert.Equal(0, _store.Bytes);
    }

    [Fact]
    public void An_insertion_that_may_not_wait_finds_its_part_taken()
    {
        StorePart<NativeShared> part = _store.PartOf(Entries.Hash(1));
        part.Enter();
        Assert.Equal(Insertion.Busy, _store.Insert(1, "value"u8));
        Assert.False(_store.Has(1));

        part.Exit();
        Assert.Equal(Insertion.Done, _store.Insert(1, "value"u8));
    }

    [Fact]
    public void An_entry_is_read_while_its_part_is_taken_but_not_while_its_bucket_is_being_changed()
    {
        _store.Keep(1);
        StorePart<NativeShared> part = _store.PartOf(Entries.Hash(1));
        part.Enter();
        Assert.True(_store.Has(1));

        nuint[] buckets = [.. Enumerable.Range(0, (int)part.BucketCount).Select(i => part.BucketAt((uint)i).Address)];
        Array.ForEach(buckets, SequenceLock<NativeShared>.BeginChange);
        Assert.Equal(Finding.Busy, _store.Read(Entries.Hash(1), Entries.Key(1), _value, out _, out _, out _));

        Array.ForEach(buckets, SequenceLock<NativeShared>.EndChange);
        Assert.True(_store.Has(1));
        part.Exit();
    }

    [Fact]
    public void An_entry_is_claimed_once_until_it_is_renewed()
    {
        Assert.False(Claim(1));
        _store.Keep(1);
        _store.Keep(2);

        Assert.True(Claim(1));
        Assert.False(Claim(1));
        Assert.True(Claim(2));

        _store.Keep(1);
        Assert.True(Claim(1));
        Assert.False(Claim(2));
    }

    [Fact]
    public void A_claim_does_not_pass_to_another_entry()
    {
        for (int i = 0; i < 1000; i++)
        {
            _store.Keep(i);
            Assert.True(Claim(i));
        }
    }

    [Fact]
    public void Neither_reading_nor_keeping_allocates_anything()
    {
        var entries = new List<(ulong Hash, byte[] Key)>(Enumerable.Range(0, 300).Select(i => (Entries.Hash(i), Entries.Key(i))));
        var head = new EntryHead { Added = Entries.Now, Ends = Entries.Now + 1 };
        Allocations.AssertNone(() =>
        {
            foreach ((ulong hash, byte[] key) in entries)
            {
                _store.Insert(hash, key, _value.AsSpan(0, 300), in head, Entries.Now, true);
                _store.Read(hash, key, _value, out _, out _, out _);
                _store.TryClaim(hash, key);
            }
        });
        Assert.Equal(100, _store.Count);
    }

    [Fact]
    public void Buckets_blocks_and_heads_are_as_large_as_they_are_meant_to_be()
    {
        Assert.Equal(12, Unsafe.SizeOf<EntryHead>());
        Assert.Equal(24, ChainHead.Size);
        Assert.Equal(2, ChainHead.BlocksFor(ChainHead.FirstRoom + ChainHead.Room));
        Assert.Equal(3, ChainHead.BlocksFor(ChainHead.FirstRoom + ChainHead.Room + 1));
    }

    private bool WasUsed(int number)
    {
        Assert.Equal(Finding.Found, _store.Read(Entries.Hash(number), Entries.Key(number), _value, out _, out _, out bool wasUsed));
        return wasUsed;
    }

    private bool Claim(int number) => _store.TryClaim(Entries.Hash(number), Entries.Key(number));

    private void CheckRoundTrip(Random random, int keyLength, int length)
    {
        byte[] key = new byte[keyLength];
        byte[] value = new byte[length];
        random.NextBytes(key);
        random.NextBytes(value);
        ulong hash = Entries.Hash(random.Next());
        var head = new EntryHead { Added = (uint)length, Ends = uint.MaxValue };
        Assert.Equal(Insertion.Done, _store.Insert(hash, key, value, in head, Entries.Now, false));
        Assert.Equal(Finding.Found, _store.Read(hash, key, _value, out int found, out EntryHead foundHead, out _));
        Assert.Equal(value, _value.AsSpan(0, found));
        Assert.Equal(head, foundHead);
        Assert.True(_store.Bytes >= keyLength + length);
        if (length > 0)
        {
            Assert.Equal(Finding.Missing, _store.Read(hash, key, _value.AsSpan(0, length - 1), out _, out _, out _));
        }

        Assert.True(_store.Remove(hash, key));
    }
}
