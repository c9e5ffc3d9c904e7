using System;
using System.Collections.Generic;
using CsCheck;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

/// <summary>The lists that run through the table's entries, each beside a plain list, over random rows of operations.</summary>
public class LinkedListModelTests
{
    private const int Capacity = 64;
    private const int Timeout = 1000;

    [Fact]
    public void A_deadline_list_gives_back_the_oldest_once_its_time_is_up() =>
        Gen.UInt.Array[0, 500].Sample(row =>
        {
            using var table = new InFlightTable(Capacity, 0);
            var list = new DeadlineList(table, 3, Timeout);
            var model = new List<int>();
            long now = 0;
            foreach (uint operation in row)
            {
                uint pick = operation >> 2;
                switch (operation & 3)
                {
                    case 0 or 1 when table.TryAdd(default, out int added):
                        table[added].Arrived = now;
                        list.Append(added);
                        model.Add(added);
                        break;
                    case 2 when model.Count > 0:
                        int gone = RemoveAt(model, pick);
                        list.Remove(gone);
                        table.Remove(gone);
                        break;
                    default:
                        now += pick % 300;
                        break;
                }

                bool isDue = model.Count > 0 && now - table[model[0]].Arrived >= Timeout;
                if (isDue != list.TryGetExpired(now, out int oldest) || (isDue && oldest != model[0]))
                {
                    return false;
                }
            }

            // All that is left comes out in order of arrival.
            foreach (int expected in model)
            {
                if (!list.TryGetExpired(now + Timeout, out int index) || index != expected || table[index].DeadlineClass != 3)
                {
                    return false;
                }

                list.Remove(index);
            }

            return !list.TryGetExpired(long.MaxValue, out _);
        });

    [Fact]
    public void A_waiting_queue_gives_back_in_order_what_was_not_taken_out() =>
        Gen.UInt.Array[0, 500].Sample(row =>
        {
            using var table = new InFlightTable(Capacity, 0);
            var queue = new WaitingQueue(table, 5, Capacity / 2);
            var model = new List<int>();
            foreach (uint operation in row)
            {
                switch (operation & 7)
                {
                    case < 3 when !queue.IsFull && table.TryAdd(default, out int added):
                        queue.Append(added);
                        model.Add(added);
                        break;
                    case 3 when table.TryAdd(default, out int returning):
                        queue.Prepend(returning);
                        model.Insert(0, returning);
                        break;
                    case < 6 when model.Count > 0:
                        int gone = RemoveAt(model, operation >> 3);
                        queue.Remove(gone);
                        Free(table, gone);
                        break;
                    case < 8 when queue.TryPeek(out int first) && queue.TryPeekLast(out int last):
                        if (first != model[0] || last != model[^1])
                        {
                            return false;
                        }

                        break;
                    default:
                        break;
                }

                if (!IsSame(table, queue, model))
                {
                    return false;
                }
            }

            return true;
        });

    [Fact]
    public void A_query_expires_at_its_timeout_and_not_before()
    {
        using var table = new InFlightTable(Capacity, 0);
        var list = new DeadlineList(table, 0, Timeout);
        Assert.True(table.TryAdd(default, out int index));
        table[index].Arrived = 500;
        list.Append(index);
        Assert.False(list.TryGetExpired(500 + Timeout - 1, out _));
        Assert.True(list.TryGetExpired(500 + Timeout, out int expired));
        Assert.Equal(index, expired);
    }

    [Fact]
    public void A_queue_is_full_at_its_bound()
    {
        using var table = new InFlightTable(Capacity, 0);
        var queue = new WaitingQueue(table, 0, 2);
        for (int i = 0; i < 2; i++)
        {
            Assert.False(queue.IsFull);
            Assert.True(table.TryAdd(default, out int index));
            queue.Append(index);
        }

        Assert.True(queue.IsFull);
        Assert.Equal(2, queue.Bound);
    }

    [Fact]
    public void Looking_at_the_first_in_a_queue_leaves_it_there()
    {
        using var table = new InFlightTable(Capacity, 0);
        var queue = new WaitingQueue(table, 0, 2);
        Assert.False(queue.TryPeek(out _));
        Assert.True(table.TryAdd(default, out int index));
        queue.Append(index);
        Assert.True(queue.TryPeek(out int first));
        Assert.Equal(index, first);
        Assert.Equal(1, queue.Count);
    }

    private static bool IsSame(InFlightTable table, WaitingQueue queue, List<int> model)
    {
        bool hasFirst = queue.TryPeek(out int first);
        bool queued = model.TrueForAll(index => table[index].QueuedAt == 5);
        return queue.Count == model.Count && queued && hasFirst == model.Count > 0 && (!hasFirst || first == model[0]);
    }

    private static void Free(InFlightTable table, int index)
    {
        if (table[index].QueuedAt >= 0)
        {
            throw new InvalidOperationException("an entry out of the queue still names it");
        }

        table.Remove(index);
    }

    private static int RemoveAt(List<int> model, uint pick)
    {
        int at = (int)(pick % (uint)model.Count);
        int index = model[at];
        model.RemoveAt(at);
        return index;
    }
}
