using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache.Storage;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

public sealed class EntryStoreTests : IDisposable
{
    private const uint Now = 1000;
    private readonly byte[] _value = new byte[70_000];
    private readonly List<IDisposable> _stores = [];

    public void Dispose() => _stores.ForEach(store => store.Dispose());

    [Fact]
    public void What_was_kept_is_found_with_all_that_is_known_of_it()
    {
        EntryStore store = Make(100);
        var head = new EntryHead { Added = 7, Ends = 2000, Traits = EntryTraits.Scopes, Rcode = 3, Scope = 24 };

        Assert.Equal(Insertion.Done, store.Insert(Hash(1), "key"u8, "value"u8, in head, Now, false));

        Assert.Equal(Finding.Found, store.Read(Hash(1), "key"u8, _value, out int length, out EntryHead found, out bool wasUsed));
        Assert.Equal("value"u8, _value.AsSpan(0, length));
        Assert.Equal(head, found);
        Assert.False(wasUsed);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void An_entry_of_another_key_with_the_same_hash_is_another_entry()
    {
        EntryStore store = Make(100);
        Keep(store, Hash(1), "one"u8, "1"u8);
        Keep(store, Hash(1), "two"u8, "2"u8);
        Keep(store, Hash(1), "longer"u8, "3"u8);

        Assert.Equal("1", Text(store, Hash(1), "one"u8));
        Assert.Equal("2", Text(store, Hash(1), "two"u8));
        Assert.Equal("3", Text(store, Hash(1), "longer"u8));
        Assert.Null(Text(store, Hash(1), "six"u8));
    }

    [Fact]
    public void An_entry_takes_the_place_of_one_with_the_same_key()
    {
        EntryStore store = Make(100);
        Keep(store, Hash(1), "key"u8, "former"u8);
        Keep(store, Hash(1), "key"u8, "latter"u8);

        Assert.Equal("latter", Text(store, Hash(1), "key"u8));
        Assert.Equal(1, store.Count);
        Assert.Equal(0, store.Evictions);
    }

    [Fact]
    public void A_removed_entry_is_not_found()
    {
        EntryStore store = Make(100);
        Keep(store, Hash(1), "key"u8, "value"u8);

        Assert.True(store.Remove(Hash(1), "key"u8));
        Assert.False(store.Remove(Hash(1), "key"u8));
        Assert.Null(Text(store, Hash(1), "key"u8));
        Assert.Equal(0, store.Count);
        Assert.Equal(0, store.Bytes);
    }

    [Fact]
    public void Keys_and_values_of_every_length_come_back_as_they_were()
    {
        EntryStore store = Make(100);
        var random = new Random(1);
        for (int keyLength = 0; keyLength <= 512; keyLength += 1 + (keyLength / 40))
        {
            for (int length = 0; length < 600; length += 1 + random.Next(9))
            {
                CheckRoundTrip(store, random, keyLength, length);
            }
        }

        CheckRoundTrip(store, random, 512, 66_559);
        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void A_store_of_one_entry_keeps_the_last()
    {
        EntryStore store = Make(1);
        Keep(store, Hash(1), "a"u8, "1"u8);
        Keep(store, Hash(2), "b"u8, "2"u8);

        Assert.Null(Text(store, Hash(1), "a"u8));
        Assert.Equal("2", Text(store, Hash(2), "b"u8));
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
            Keep(store, Hash(i), Key(i), Key(i));
            Assert.Equal(Math.Min(i + 1, entries), store.Count);
        }

        Assert.Equal(1000 - entries, store.Evictions);
        Assert.Equal(entries, Enumerable.Range(0, 1000).Count(i => Text(store, Hash(i), Key(i)) is not null));
    }

    [Fact]
    public void A_large_store_is_filled_to_within_some_percent_before_anything_is_evicted()
    {
        EntryStore store = new(100_000, 1L << 30, 16, 0);
        _stores.Add(store);
        for (int i = 0; store.Evictions == 0; i++)
        {
            Keep(store, Hash(i), Key(i), Key(i));
        }

        Assert.InRange(store.Count, 93_000, 100_000);
        for (int i = 0; i < 300_000; i++)
        {
            Keep(store, Hash(-i), Key(-i), Key(-i));
        }

        Assert.InRange(store.Count, 99_900, 100_000);
    }

    private static void Keep(EntryStore store, ulong hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, uint ends = Now + 100, EntryTraits traits = EntryTraits.None)
    {
        var head = new EntryHead { Added = Now, Ends = ends, Traits = traits };
        Assert.Equal(Insertion.Done, store.Insert(hash, key, value, in head, Now, false));
    }

    private static ulong Hash(int number) => (ulong)(number + 1) * 0xD1B54A32D192ED03 ^ BinaryPrimitives.ReverseEndianness((ulong)(number + 1) * 0x9E3779B97F4A7C15);

    private static byte[] Key(int number) => BitConverter.GetBytes(number);

    private void CheckRoundTrip(EntryStore store, Random random, int keyLength, int length)
    {
        byte[] key = new byte[keyLength];
        byte[] value = new byte[length];
        random.NextBytes(value);
        Keep(store, Hash(keyLength), key, value);
        Assert.Equal(Finding.Found, store.Read(Hash(keyLength), key, _value, out int found, out _, out _));
        Assert.Equal(value, _value.AsSpan(0, found));
        Assert.True(store.Bytes >= keyLength + length);
        if (length > 0)
        {
            Assert.Equal(Finding.Missing, store.Read(Hash(keyLength), key, _value.AsSpan(0, length - 1), out _, out _, out _));
        }

        Assert.True(keyLength == 512 || store.Remove(Hash(keyLength), key));
    }

    private EntryStore Make(int entries, int negatives = 0, long bytes = 1 << 20)
    {
        var store = new EntryStore(entries, bytes, 16, negatives);
        _stores.Add(store);
        return store;
    }

    private string? Text(EntryStore store, ulong hash, ReadOnlySpan<byte> key) =>
        store.Read(hash, key, _value, out int length, out _, out _) == Finding.Found ? System.Text.Encoding.ASCII.GetString(_value, 0, length) : null;
}
