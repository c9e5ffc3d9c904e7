using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Cache.Storage;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>The store beside a plain dictionary, over long random rows of operations and a clock that goes on.</summary>
public class EntryStoreModelTests
{
    /// <summary>Entries, blocks, and negative entries that there may be.</summary>
    private static readonly Gen<(int, int, int)> s_size = Gen.OneOf(
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 60], Gen.Int[0, 12]),
        Gen.Select(Gen.Int[1, 300], Gen.Int[40, 800], Gen.Int[0, 100]),
        Gen.Select(Gen.Int[1000, 3000], Gen.Int[4096, 20_000], Gen.Int[0, 100]));

    [Fact]
    public void Any_row_of_operations_finds_what_was_kept_last_or_nothing_and_stays_within_bounds() =>
        Gen.Select(s_size, Gen.UInt.Array[0, 3000]).Sample((size, row) =>
        {
            using var model = new Model(size.Item1, size.Item2, size.Item3);
            foreach (uint operation in row)
            {
                model.Apply(operation);
            }

            model.CheckAll();
        }, iter: 300);

    [Fact]
    public void A_store_that_is_never_full_loses_nothing() =>
        Gen.UInt.Array[0, 2000].Sample(row =>
        {
            // Twelve entries in two buckets of eight ways: each may be in either.
            using var model = new Model(12, 12 * 20, 12, names: 12);
            foreach (uint operation in row)
            {
                model.Apply(operation);
            }

            Assert.Equal(0, model.Lost);
            model.CheckAll();
        }, iter: 200);

    /// <summary>What was kept last under each key.</summary>
    private sealed class Model : IDisposable
    {
        private readonly Dictionary<int, (byte[] Value, EntryHead Head)> _kept = [];
        private readonly HashSet<int> _claimed = [];
        private readonly byte[] _value = new byte[4096];
        private readonly EntryStore _store;
        private readonly int _entries;
        private readonly int _negatives;
        private readonly int _blocks;
        private readonly int _names;
        private uint _now = 1000;

        public Model(int entries, int blocks, int negatives, int names = 0)
        {
            _entries = entries;
            _blocks = blocks;
            _negatives = negatives;
            _names = names == 0 ? 2 * entries : names;
            _store = new EntryStore(entries, (long)blocks * StoreMap.BlockSize, 4, negatives);
        }

        public int Lost => _kept.Count - (int)_store.Count;

        /// <summary>The low bits say what to do, the others with which entry and how.</summary>
        public void Apply(uint operation)
        {
            int number = (int)(operation >> 5) % _names;
            switch (operation & 31)
            {
                case < 16:
                    Keep(number, operation);
                    break;
                case < 25:
                    Check(number);
                    break;
                case < 28:
                    Assert.Equal(Find(number, out _) == Finding.Found, _store.Remove(Entries.Hash(number), Entries.Key(number)));
                    _kept.Remove(number);
                    break;
                case 28:
                    Claim(number);
                    break;
                case 29:
                    _now += operation >> 24;
                    break;
                default:
                    RemoveEnded((operation >> 5) % 5);
                    break;
            }

            Assert.InRange(_store.Count, 0, _entries);
            Assert.InRange(_store.Negatives, 0, Math.Min(_negatives, _entries));
        }

        public void CheckAll()
        {
            int found = Enumerable.Range(0, _names).Count(Check);
            Assert.Equal(_store.Count, found);
            Assert.True(_store.Bytes <= ((long)_blocks * StoreMap.BlockSize) + (64L * ((_entries / 6) + 8)), "more bytes than there may be");
            Assert.Equal(found, _store.RemoveEnded(uint.MaxValue, long.MaxValue));
            Assert.Equal(0, _store.Bytes);
            Assert.Equal(0, _store.Negatives);
        }

        public void Dispose() => _store.Dispose();

        private void Keep(int number, uint operation)
        {
            var random = new Random((int)operation);
            byte[] value = new byte[random.Next(4) == 0 ? random.Next(2000) : random.Next(200)];
            random.NextBytes(value);
            var head = new EntryHead { Added = _now, Ends = _now + (uint)random.Next(400), Traits = (EntryTraits)random.Next(4), Rcode = (byte)random.Next(16), Scope = (byte)random.Next(128) };
            switch (_store.Insert(Entries.Hash(number), Entries.Key(number), value, in head, _now, false))
            {
                case Insertion.Done:
                    _kept[number] = (value, head);
                    _claimed.Remove(number);
                    Assert.Equal(Finding.Found, Find(number, out _));
                    break;
                case Insertion.NoRoom:
                    bool isNegative = (head.Traits & EntryTraits.Negative) != 0;
                    Assert.True(isNegative || ChainHead.BlocksFor(8 + value.Length) > _blocks / 4, "room was refused");
                    break;
                default:
                    Assert.Fail("nobody else was there");
                    break;
            }
        }

        private void Claim(int number)
        {
            bool isThere = Find(number, out _) == Finding.Found;
            Assert.Equal(isThere && !_claimed.Contains(number), _store.TryClaim(Entries.Hash(number), Entries.Key(number)));
            if (isThere)
            {
                _claimed.Add(number);
            }
        }

        private bool Check(int number)
        {
            Finding finding = Find(number, out int length);
            Assert.True(finding == Finding.Missing || (_kept.TryGetValue(number, out (byte[] Value, EntryHead Head) kept) && _value.AsSpan(0, length).SequenceEqual(kept.Value)), "found what was not kept");
            return finding == Finding.Found;
        }

        private Finding Find(int number, out int length)
        {
            Finding finding = _store.Read(Entries.Hash(number), Entries.Key(number), _value, out length, out EntryHead head, out _);
            Assert.True(finding == Finding.Missing || (finding == Finding.Found && head.Equals(_kept[number].Head)), "found what was removed, or another one");
            return finding;
        }

        private void RemoveEnded(uint most)
        {
            long before = _store.Count;
            long ended = Enumerable.Range(0, _names).Count(number => Find(number, out _) == Finding.Found && _kept[number].Head.Ends <= _now);
            Assert.Equal(Math.Min(most, ended), _store.RemoveEnded(_now, most));
            Assert.Equal(before - Math.Min(most, ended), _store.Count);
            foreach (int number in _kept.Keys.Where(number => _kept[number].Head.Ends <= _now && Find(number, out _) == Finding.Missing).ToArray())
            {
                _kept.Remove(number);
            }
        }
    }
}
