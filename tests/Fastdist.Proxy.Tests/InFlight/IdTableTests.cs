using System;
using System.Linq;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

public class IdTableTests
{
    [Fact]
    public void Ids_are_handed_out_from_zero_up()
    {
        var table = new IdTable(3);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(entry => (int)Take(table, entry)));
    }

    [Fact]
    public void A_full_table_refuses_instead_of_using_an_id_again()
    {
        var table = new IdTable(2);
        Take(table, 10);
        Take(table, 11);
        Assert.False(table.TryTake(12, out _));
        Assert.Equal(IdState.InFlight, table.Find(0, out int entry));
        Assert.Equal(10, entry);
    }

    [Fact]
    public void A_released_id_rests_until_all_others_were_used()
    {
        var table = new IdTable(4);
        ushort first = Take(table, 1);
        table.Release(first);
        Assert.Equal([1, 2, 3, first], Enumerable.Range(0, 4).Select(entry => (int)Take(table, entry)));
    }

    [Fact]
    public void An_abandoned_id_stays_out_of_use_until_its_late_answer_comes()
    {
        var table = new IdTable(2);
        ushort late = Take(table, 1);
        table.Abandon(late);
        ushort other = Take(table, 2);
        Assert.NotEqual(late, other);
        Assert.False(table.TryTake(3, out _));
        Assert.Equal(IdState.Abandoned, table.Find(late, out _));

        table.Release(late);
        Assert.Equal(IdState.Unknown, table.Find(late, out _));
        Assert.Equal(late, Take(table, 3));
    }

    [Fact]
    public void A_table_of_abandoned_ids_only_is_full()
    {
        var table = new IdTable(3);
        for (int entry = 0; entry < 3; entry++)
        {
            table.Abandon(Take(table, entry));
        }

        Assert.Equal(0, table.FreeCount);
        Assert.Equal(3, table.AbandonedCount);
        Assert.Equal(0, table.InFlightCount);
        Assert.False(table.TryTake(9, out _));
    }

    // dnsdist looked such an ID up beyond its table (CVE-2026-33596, CVE-2026-33602).
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(65535)]
    public void An_id_at_or_beyond_the_size_is_unknown(int size)
    {
        var table = new IdTable(size);
        for (int entry = 0; entry < size; entry++)
        {
            Take(table, entry);
        }

        for (int id = size; id <= ushort.MaxValue; id++)
        {
            Assert.Equal(IdState.Unknown, table.Find((ushort)id, out _));
        }
    }

    [Fact]
    public void An_id_that_was_never_handed_out_is_unknown()
    {
        var table = new IdTable(65536);
        Take(table, 7);
        Assert.Equal(IdState.Unknown, table.Find(1, out _));
        Assert.Equal(IdState.Unknown, table.Find(ushort.MaxValue, out _));
    }

    [Fact]
    public void The_largest_table_hands_out_every_16_bit_id_once()
    {
        var table = new IdTable(65536);
        var seen = new bool[65536];
        for (int entry = 0; entry < 65536; entry++)
        {
            ushort id = Take(table, entry);
            Assert.False(seen[id]);
            seen[id] = true;
        }

        Assert.False(table.TryTake(0, out _));
    }

    [Fact]
    public void More_ids_than_16_bits_have_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IdTable(65537));

    [Fact]
    public void A_new_connection_starts_with_every_id_free()
    {
        var table = new IdTable(3);
        table.Abandon(Take(table, 1));
        Take(table, 2);
        table.Reset();
        Assert.Equal(3, table.FreeCount);
        Assert.Equal(0, table.AbandonedCount);
        Assert.All(Enumerable.Range(0, 3), id => Assert.Equal(IdState.Unknown, table.Find((ushort)id, out _)));
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(entry => (int)Take(table, entry)));
    }

    private static ushort Take(IdTable table, int entry)
    {
        Assert.True(table.TryTake(entry, out ushort id));
        return id;
    }
}
