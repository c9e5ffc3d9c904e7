using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

public sealed class InFlightTableTests : IDisposable
{
    private const int Capacity = 4;
    private const int Budget = 100_000;

    private readonly InFlightTable _table = new(Capacity, Budget);

    public void Dispose() => _table.Dispose();

    [Fact]
    public void An_entry_fits_its_four_cache_lines_and_holds_no_reference()
    {
        Assert.InRange(Unsafe.SizeOf<InFlightEntry>(), 129, 256);
        Assert.False(RuntimeHelpers.IsReferenceOrContainsReferences<InFlightEntry>());
    }

    [Fact]
    public void The_bookkeeping_of_an_entry_fits_two_cache_lines()
    {
        InFlightEntry entry = default;
        nint offset = Unsafe.ByteOffset(
            ref Unsafe.As<InFlightEntry, byte>(ref entry), ref Unsafe.As<InFlightEntry.InlineFrame, byte>(ref entry.Frame));
        Assert.InRange(offset, 1, 128);
    }

    [Fact]
    [Trait("Row", "A4")]
    public void A_slot_that_is_used_again_knows_nothing_of_the_query_before()
    {
        int index = Add(Message(20));
        byte[] first = Bookkeeping(index).ToArray();
        Bookkeeping(index).Fill(0x5A);
        _table[index].LongFrame = -1;
        _table.Remove(index);

        Assert.Equal(index, Add(Message(20)));
        Assert.Equal(first, Bookkeeping(index).ToArray());
    }

    [Fact]
    public void Entries_do_not_overlap()
    {
        int[] all = [.. Enumerable.Range(0, Capacity).Select(i => Add(Message(118, (byte)(i + 1))))];
        Assert.Equal(Capacity, all.Distinct().Count());
        for (int i = 0; i < Capacity; i++)
        {
            Assert.Equal(Message(118, (byte)(i + 1)), _table.Message(all[i]).ToArray());
        }
    }

    [Fact]
    public void A_full_table_takes_no_more()
    {
        for (int i = 0; i < Capacity; i++)
        {
            Assert.False(_table.IsFull);
            Add(Message(20));
        }

        Assert.True(_table.IsFull);
        Assert.Equal(Capacity, _table.Count);
        Assert.False(_table.TryAdd(Message(20), out int index));
        Assert.Equal(-1, index);
    }

    [Fact]
    public void A_slot_given_back_is_the_next_one_taken()
    {
        Add(Message(20));
        int second = Add(Message(20));
        _table.Remove(second);
        Assert.Equal(second, Add(Message(30)));
        Assert.Equal(2, _table.Count);
    }

    [Fact]
    public void A_slots_next_tenant_finds_nothing_of_the_last()
    {
        int index = Add(Message(20));
        ref InFlightEntry old = ref _table[index];
        old.First = new Leg { Connection = 3, Id = 4 };
        old.Second = new Leg { Connection = 5, Id = 6 };
        old.Deadline = old.Queue = new EntryLinks { Next = 7, Previous = 7 };
        old.QueuedAt = 7;
        old.FruitlessSends = old.Suspicions = 8;
        old.SuspectedAt = 9;
        _table.Remove(index);

        ref InFlightEntry entry = ref _table[Add(Message(20))];
        Assert.False(entry.First.IsUsed);
        Assert.False(entry.Second.IsUsed);
        Assert.Equal((-1, -1), (entry.Deadline.Next, entry.Deadline.Previous));
        Assert.Equal((-1, -1, -1), (entry.Queue.Next, entry.Queue.Previous, entry.QueuedAt));
        Assert.Equal((0, 0, 0u), (entry.FruitlessSends, entry.Suspicions, entry.SuspectedAt));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(118)]
    [InlineData(119)]
    [InlineData(510)]
    [InlineData(511)]
    [InlineData(4094)]
    [InlineData(4095)]
    [InlineData(65535)]
    public void A_message_is_kept_behind_its_length_prefix(int length)
    {
        byte[] message = Message(length);
        int index = Add(message);
        Assert.True(StreamFraming.TryRead(_table.Frame(index), out ReadOnlySpan<byte> framed));
        Assert.Equal(message, framed.ToArray());
        Assert.Equal(message, _table.Message(index).ToArray());
        Assert.Equal(length + 2, _table.Frame(index).Length);
    }

    [Fact]
    public void A_frame_of_120_bytes_is_kept_in_its_entry_and_one_more_byte_is_not()
    {
        Assert.Equal(-1, _table[Add(Message(118))].LongFrame);
        Assert.NotEqual(-1, _table[Add(Message(119))].LongFrame);
    }

    [Theory]
    [InlineData(100, 60)]
    [InlineData(300, 100)]
    [InlineData(5000, 40)]
    [InlineData(5000, 0)]
    public void A_shortened_message_keeps_its_first_bytes_under_a_new_prefix(int length, int kept)
    {
        int index = Add(Message(length));
        _table.Shorten(index, kept);
        Assert.Equal(Message(length)[..kept], _table.Message(index).ToArray());
        Assert.True(StreamFraming.TryRead(_table.Frame(index), out ReadOnlySpan<byte> framed));
        Assert.Equal(kept, framed.Length);
    }

    [Fact]
    public void A_question_is_read_back_as_it_came()
    {
        Span<byte> name = stackalloc byte[Names.MaxWireLength];
        Assert.True(Names.TryParse("www.Example.net.", name, out int nameLength));
        Span<byte> message = stackalloc byte[QueryWriter.MaxSize];
        int length = QueryWriter.WriteWithEdns(message, 0x1234, name[..nameLength], RecordType.AAAA, 1232);
        Assert.Equal(QueryVerdict.Forward, Query.Parse(message[..length], out Query query));

        int index = Add(message[..length]);
        _table[index].QuestionEnd = (ushort)query.QuestionEnd;
        Assert.Equal(query.Question.ToArray(), _table.Message(index)[Header.Size.._table[index].QuestionEnd].ToArray());
    }

    [Fact]
    public void A_long_message_beyond_the_budget_is_refused_and_costs_no_slot()
    {
        int index = Add(Message(65535));
        Assert.False(_table.TryAdd(Message(65535), out _));
        Assert.Equal(1, _table.Count);
        Add(Message(100));

        _table.Remove(index);
        Add(Message(65535));
    }

    [Fact]
    public void A_removed_long_message_gives_its_buffer_to_the_next()
    {
        // The budget holds one of the largest buffers: a leak would show at once.
        for (int i = 0; i < 1000; i++)
        {
            _table.Remove(Add(Message(60_000)));
        }

        Assert.Equal(0, _table.Count);
    }

    private Span<byte> Bookkeeping(int index)
    {
        ref byte start = ref Unsafe.As<InFlightEntry, byte>(ref _table[index]);
        ref byte frame = ref Unsafe.As<InFlightEntry.InlineFrame, byte>(ref _table[index].Frame);
        return MemoryMarshal.CreateSpan(ref start, (int)Unsafe.ByteOffset(ref start, ref frame));
    }

    private int Add(ReadOnlySpan<byte> message)
    {
        Assert.True(_table.TryAdd(message, out int index));
        return index;
    }

    private static byte[] Message(int length, byte seed = 1)
    {
        var message = new byte[length];
        for (int i = 0; i < length; i++)
        {
            message[i] = (byte)((i * 7) + seed);
        }

        return message;
    }
}
