using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

public class EntryListTests
{
    private const int Capacity = 32;

    [Fact]
    public void A_list_reads_the_same_from_both_ends_whatever_was_put_in_and_taken_out() =>
        Gen.UInt.Array[0, 300].Sample(row =>
        {
            using var table = new InFlightTable(Capacity, 0);
            var list = new EntryList<Deadlines>(table);
            var model = new List<int>();
            foreach (uint operation in row)
            {
                int index = (int)((operation >> 1) % Capacity);
                if (model.Remove(index))
                {
                    list.Remove(index);
                }
                else if ((operation & 1) == 0)
                {
                    list.Append(index);
                    model.Add(index);
                }
                else
                {
                    list.Prepend(index);
                    model.Insert(0, index);
                }

                if (!Forwards(table, list).SequenceEqual(model) || !Backwards(table, list).Reverse().SequenceEqual(model))
                {
                    return false;
                }
            }

            return true;
        });

    [Fact]
    public void A_list_that_has_come_to_its_end_is_as_a_new_one()
    {
        using var table = new InFlightTable(Capacity, 0);
        var list = new EntryList<Deadlines>(table);
        Assert.Equal((-1, -1), (list.First, list.Last));
        list.Prepend(3);
        Assert.Equal((3, 3), (list.First, list.Last));
        list.Remove(3);
        Assert.Equal((-1, -1), (list.First, list.Last));
        list.Append(4);
        Assert.Equal((4, 4), (list.First, list.Last));
    }

    [Fact]
    public void An_entry_stands_in_lists_of_two_kinds_at_once()
    {
        using var table = new InFlightTable(Capacity, 0);
        var deadlines = new EntryList<Deadlines>(table);
        var queue = new EntryList<Queues>(table);
        for (int index = 0; index < 3; index++)
        {
            deadlines.Append(index);
            queue.Prepend(index);
        }

        queue.Remove(1);
        Assert.Equal([0, 1, 2], Forwards(table, deadlines));
        Assert.Equal((2, 0), (queue.First, queue.Last));
        Assert.Equal((0, 2), (table[2].Queue.Next, table[0].Queue.Previous));
    }

    private static IEnumerable<int> Forwards(InFlightTable table, EntryList<Deadlines> list)
    {
        for (int index = list.First; index >= 0; index = table[index].Deadline.Next)
        {
            yield return index;
        }
    }

    private static IEnumerable<int> Backwards(InFlightTable table, EntryList<Deadlines> list)
    {
        for (int index = list.Last; index >= 0; index = table[index].Deadline.Previous)
        {
            yield return index;
        }
    }

    private readonly struct Deadlines : IEntryLinks
    {
        public static ref EntryLinks Of(ref InFlightEntry entry) => ref entry.Deadline;
    }

    private readonly struct Queues : IEntryLinks
    {
        public static ref EntryLinks Of(ref InFlightEntry entry) => ref entry.Queue;
    }
}
