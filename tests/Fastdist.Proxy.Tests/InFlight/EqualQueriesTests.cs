using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.InFlight;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

/// <summary>Groups of equal queries: leaders and those that follow them.</summary>
public class EqualQueriesTests
{
    private const int Capacity = 1024;

    [Fact]
    public void Numbers_by_hashes_are_as_a_dictionary_has_them_though_many_hashes_want_one_place() =>
        Gen.UInt.Array[0, 2000].Sample(row =>
        {
            var groups = new GroupsByHash();
            var model = new Dictionary<ulong, int>();
            for (int step = 0; step < row.Length; step++)
            {
                // Of 512 hashes eight each share their lower bits.
                ulong hash = ((ulong)(row[step] & 7) << 32) | (row[step] & 0x1f8);
                if (row[step] >> 31 == 0)
                {
                    groups.Set(hash, step);
                    model[hash] = step;
                }
                else if (model.TryGetValue(hash, out int known))
                {
                    groups.Remove(hash, known + (step % 2));
                    _ = step % 2 == 0 && model.Remove(hash);
                }

                Assert.Equal(model.Count, groups.Count);
            }

            foreach (ulong hash in row.Select(pick => ((ulong)(pick & 7) << 32) | (pick & 0x1f8)))
            {
                Assert.Equal(model.GetValueOrDefault(hash, EqualQueries.None), groups.Find(hash));
            }
        });

    [Fact]
    public void A_query_is_found_by_its_hash_while_it_leads()
    {
        using var table = new InFlightTable(Capacity, 0);
        var equals = new EqualQueries(table);
        int[] queries = Add(table, 3);
        equals.Lead(queries[0], 7);
        Assert.NotEqual(EqualQueries.None, equals.Find(7, out int leader));
        Assert.Equal(queries[0], leader);
        Assert.Equal(EqualQueries.None, equals.Find(8, out _));

        equals.Lead(queries[1], 7);
        Assert.NotEqual(EqualQueries.None, equals.Find(7, out leader));
        Assert.Equal(queries[1], leader);
        equals.Unlink(queries[0]);
        Assert.NotEqual(EqualQueries.None, equals.Find(7, out _));
        equals.Unlink(queries[1]);
        Assert.Equal((EqualQueries.None, 0), (equals.Find(7, out _), equals.Count));
    }

    [Fact]
    public void The_last_of_those_that_a_leader_leaves_behind_leads_and_is_found_unless_another_is()
    {
        using var table = new InFlightTable(Capacity, 0);
        var equals = new EqualQueries(table);
        int[] queries = Add(table, 4);
        equals.Lead(queries[0], 7);
        int group = equals.Find(7, out _);
        Array.ForEach(queries[1..], query => equals.Follow(query, group));
        equals.Unlink(queries[0]);
        Assert.Equal((true, EqualQueries.None), (equals.HasOrphans, equals.Find(7, out _)));
        Assert.True(equals.TryLeadOrphan(out int leader));
        Assert.Equal((queries[3], group), (leader, equals.Find(7, out _)));

        equals.Unlink(leader);
        int other = Add(table, 1)[0];
        equals.Lead(other, 7);
        Assert.True(equals.TryLeadOrphan(out leader));
        Assert.Equal(queries[2], leader);
        Assert.NotEqual(EqualQueries.None, equals.Find(7, out int found));
        Assert.Equal(other, found);
        Array.ForEach((int[])[queries[1], leader, other], equals.Unlink);
        Assert.Equal((0, false), (equals.Count, equals.TryLeadOrphan(out _)));
    }

    [Fact]
    public void Of_orphans_that_end_before_one_leads_nothing_is_left()
    {
        using var table = new InFlightTable(Capacity, 0);
        var equals = new EqualQueries(table);
        int[] queries = Add(table, 3);
        equals.Lead(queries[0], 7);
        int group = equals.Find(7, out _);
        Array.ForEach(queries[1..], query => equals.Follow(query, group));
        Array.ForEach(queries, equals.Unlink);
        Assert.True(equals.TryLeadOrphan(out int leader));
        Assert.Equal((EqualQueries.None, 0), (leader, equals.Count));
    }

    [Fact]
    public void Nothing_is_allocated_once_there_were_as_many()
    {
        using var table = new InFlightTable(Capacity, 0);
        var equals = new EqualQueries(table);
        int[] queries = Add(table, Capacity);
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < Capacity; i++)
            {
                ulong hash = (ulong)(i / 4) * 0x9E3779B97F4A7C15;
                if (equals.Find(hash, out _) is var group and not EqualQueries.None)
                {
                    equals.Follow(queries[i], group);
                }
                else
                {
                    equals.Lead(queries[i], hash);
                }
            }

            for (int i = 0; i < Capacity; i += 4)
            {
                equals.Unlink(queries[i]);
            }

            while (equals.TryLeadOrphan(out _))
            {
            }

            foreach (int query in queries)
            {
                equals.Unlink(query);
                table[query].Notes = QueryNotes.None;
            }

            while (equals.TryLeadOrphan(out _))
            {
            }
        });
        Assert.Equal(0, equals.Count);
    }

    private static int[] Add(InFlightTable table, int count)
    {
        int[] queries = new int[count];
        for (int i = 0; i < count; i++)
        {
            Assert.True(table.TryAdd(default, out queries[i]));
        }

        return queries;
    }
}
