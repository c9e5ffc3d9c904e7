using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache.Storage;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>What the control thread does with all entries.</summary>
public sealed class EntryWalkTests : IDisposable
{
    private const int Many = 5000;
    private readonly EntryStore _store = new(10_000, 1 << 24, 16, 0);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_walk_sees_every_entry_once_and_whole()
    {
        for (int i = 0; i < Many; i++)
        {
            _store.Keep(i, new string('x', i), ends: Entries.Now + (uint)i);
        }

        Visitor visitor = new(_ => Verdict.Keep);
        Assert.Equal(0, _store.Walk(ref visitor));

        Assert.Equal(_store.Count, visitor.Seen.Count);
        Assert.Equal(_store.Count, visitor.Seen.Distinct().Count());
        Assert.True(visitor.AreWhole);
    }

    [Fact]
    public void A_walk_removes_what_it_is_told_to()
    {
        Fill();
        Visitor visitor = new(number => number % 3 == 0 ? Verdict.Remove : Verdict.Keep);

        Assert.Equal((Many + 2) / 3, _store.Walk(ref visitor));

        Assert.All(Enumerable.Range(0, Many), i => Assert.Equal(i % 3 != 0, _store.Has(i)));
        Assert.Equal(Many - ((Many + 2) / 3), _store.Count);
    }

    [Fact]
    public void A_walk_stops_when_it_is_told_to()
    {
        Fill();
        int seen = 0;
        Visitor visitor = new(_ => ++seen == 10 ? Verdict.Stop : Verdict.Keep);

        _store.Walk(ref visitor);

        Assert.Equal(10, visitor.Seen.Count);
    }

    [Fact]
    public void No_lock_is_held_while_the_visitor_looks_and_an_entry_that_it_renews_is_not_removed()
    {
        Fill();
        Visitor visitor = new(number =>
        {
            _store.Keep(number, ends: Entries.Now + 200 + (uint)number);
            return Verdict.Remove;
        });

        Assert.Equal(0, _store.Walk(ref visitor));
        Assert.Equal(Many, _store.Count);
    }

    [Fact]
    public void Entries_whose_time_is_over_are_removed_as_many_as_is_wished()
    {
        Fill();
        Assert.Equal(0, _store.RemoveEnded(Entries.Now - 1, long.MaxValue));
        Assert.Equal(100, _store.RemoveEnded(Entries.Now + 999, 100));
        Assert.Equal(900, _store.RemoveEnded(Entries.Now + 999, long.MaxValue));

        Assert.All(Enumerable.Range(0, Many), i => Assert.Equal(i >= 1000, _store.Has(i)));
        Assert.Equal(Many - 1000, _store.RemoveEnded(uint.MaxValue, long.MaxValue));
        Assert.Equal(0, _store.Count);
        Assert.Equal(0, _store.Bytes);
        Assert.Equal(0, _store.Evictions);
    }

    private void Fill()
    {
        for (int i = 0; i < Many; i++)
        {
            _store.Keep(i, ends: Entries.Now + (uint)i);
        }
    }

    private sealed class Visitor(Func<int, Verdict> judge) : IEntryVisitor
    {
        public List<int> Seen { get; } = [];

        public bool AreWhole { get; private set; } = true;

        public Verdict Visit(in EntryHead head, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
        {
            int number = BinaryPrimitives.ReadInt32LittleEndian(key);
            Seen.Add(number);
            AreWhole &= key.Length == 8 && head.Ends == Entries.Now + number && value.Length == number && !value.ContainsAnyExcept((byte)'x');
            return judge(number);
        }
    }
}
