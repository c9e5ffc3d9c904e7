using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

/// <summary>IDs that nobody can guess, each for one query at a time.</summary>
public class RandomIdsTests
{
    /// <summary>Chi-square over 256 classes exceeds this once in a million times.</summary>
    private const double MostOver256 = 372;

    [Fact]
    public void It_is_as_a_dictionary_is_whatever_is_done_to_it()
    {
        var random = new Random(1);
        var lots = new Lots(random.NextBytes);
        var ids = new RandomIds();
        var model = new Dictionary<ushort, int>();
        for (int step = 0; step < 200_000; step++)
        {
            int wanted = step / 40_000 % 2 == 0 ? 60 : 40;
            if (model.Count == 0 || (random.Next(100) < wanted && !ids.IsFull))
            {
                ushort id = ids.Take(step, lots, (uint)step);
                Assert.True(model.TryAdd(id, step));
            }
            else
            {
                ushort id = model.Keys.ElementAt(random.Next(Math.Min(model.Count, 8)));
                Assert.True(ids.TryFind(id, out int entry));
                Assert.Equal((model[id], (uint)model[id]), (entry, ids.SentAt(id)));
                ids.Release(id);
                model.Remove(id);
                Assert.False(ids.TryFind(id, out _));
            }

            Assert.Equal(model.Count, ids.Count);
        }

        Assert.All(Enumerable.Range(0, 65536), id => Assert.Equal(model.ContainsKey((ushort)id), ids.TryFind((ushort)id, out int entry) && entry == model[(ushort)id]));
    }

    [Fact]
    public void It_is_full_when_a_quarter_of_all_there_are_is_in_use()
    {
        var lots = new Lots(new Random(1).NextBytes);
        var ids = new RandomIds();
        ushort[] taken = [.. Enumerable.Range(0, RandomIds.Most).Select(entry => ids.Take(entry, lots, 0))];
        Assert.True(ids.IsFull);
        Assert.Equal(RandomIds.Most, taken.Distinct().Count());
        Array.ForEach(taken, ids.Release);
        Assert.Equal(0, ids.Count);
    }

    [Fact]
    public void When_it_was_sent_again_is_kept()
    {
        var lots = new Lots(new Random(1).NextBytes);
        var ids = new RandomIds();
        ushort id = ids.Take(3, lots, 100);
        ids.Sent(id, 200);
        Assert.True(ids.TryFind(id, out int entry));
        Assert.Equal((3, 200u), (entry, ids.SentAt(id)));
    }

    [Fact]
    public void A_hundred_thousand_of_them_are_spread_evenly_in_either_byte()
    {
        var lots = new Lots(RandomNumberGenerator.Fill);
        var ids = new RandomIds();
        var high = new int[256];
        var low = new int[256];
        for (int i = 0; i < 100_000; i++)
        {
            ushort id = ids.Take(i, lots, 0);
            high[id >> 8]++;
            low[id & 255]++;
            ids.Release(id);
        }

        Assert.InRange(ChiSquare(high), 0, MostOver256);
        Assert.InRange(ChiSquare(low), 0, MostOver256);
    }

    [Fact]
    public void Sockets_are_drawn_evenly_whatever_their_number()
    {
        var lots = new Lots(RandomNumberGenerator.Fill);
        foreach (int bound in (int[])[1, 2, 3, 4, 7, 100])
        {
            var drawn = new int[bound];
            for (int i = 0; i < 100_000; i++)
            {
                drawn[lots.Below(bound)]++;
            }

            Assert.InRange(ChiSquare(drawn), 0, MostOver256);
        }
    }

    private static double ChiSquare(int[] counts)
    {
        double expected = counts.Sum() / (double)counts.Length;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }
}
