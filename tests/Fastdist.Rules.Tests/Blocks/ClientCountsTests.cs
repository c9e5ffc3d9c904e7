using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using Fastdist.Shared;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests.Blocks;

public class ClientCountsTests
{
    [Fact]
    public void Counts_are_exact_while_there_is_room_and_never_too_high() =>
        Gen.Select(Gen.Int[0, 13], Gen.Int[0, 200].Array[0, 500]).Sample((columns, clients) =>
        {
            var roomy = new ClientCounts(16_384, columns + 1);
            var crowded = new ClientCounts(16, columns + 1);
            var model = new Dictionary<AddressKey, int>();
            foreach (int client in clients)
            {
                AddressKey key = Key((uint)client);
                model[key] = model.GetValueOrDefault(key) + 1;
                roomy.See(key)[columns]++;
                Span<uint> counted = crowded.See(key);
                if (!counted.IsEmpty)
                {
                    counted[columns]++;
                }
            }

            Assert.Equal(model.OrderBy(static pair => pair.Key.High), All(roomy, columns).OrderBy(static pair => pair.Key.High));
            Assert.All(All(crowded, columns), pair => Assert.InRange(pair.Value, 1, model[pair.Key]));
            Assert.Equal(All(crowded, columns).Count(), crowded.Count);
            roomy.Clear();
            Assert.Empty(All(roomy, columns));
            Assert.Equal(0, roomy.Count);
        });

    [Fact]
    public void Who_sends_much_stays_in_a_crowd()
    {
        var counts = new ClientCounts(1_024, 1);
        for (uint i = 0; i < 1_000_000; i++)
        {
            counts.See(Key(i + 100));
            if (i % 1_000 == 0)
            {
                for (uint flooder = 0; flooder < 50; flooder++)
                {
                    Span<uint> columns = counts.See(Key(flooder));
                    if (!columns.IsEmpty)
                    {
                        columns[0]++;
                    }
                }
            }
        }

        // Each of them was seen a thousand times, one packet among twenty; a few early ones are lost.
        Dictionary<AddressKey, int> all = All(counts, 0).ToDictionary();
        Assert.InRange(Enumerable.Range(0, 50).Count(flooder => all.GetValueOrDefault(Key((uint)flooder)) > 900), 48, 50);
    }

    [Fact]
    public void Those_seen_most_are_found_without_sorting() =>
        Gen.Select(Gen.Int[1, 300].Array[0, 60], Gen.Int[1, 60]).Sample((times, most) =>
        {
            var counts = new ClientCounts(1_024, 1);
            for (uint client = 0; client < times.Length; client++)
            {
                for (int i = 0; i < times[client]; i++)
                {
                    counts.See(Key(client));
                }
            }

            uint least = counts.LeastOf(most);
            Assert.InRange(times.Count(count => count >= least), 0, Math.Max(most, times.Count(static count => count >= 255)));
            Assert.True(least == 1 || times.Count(count => count >= least - 1) > most);
        });

    [Fact]
    public void Counting_allocates_nothing()
    {
        var rules = new BlockRules
        {
            QueryRate = new RateRule(1),
            ResponseByteRate = new RateRule(1),
            CacheMissRatio = new RatioRule(1),
            Suffixes = new SuffixRule(static (StatNode _, in NameStatistics _, in NameStatistics _) => default),
        };
        var group = new BlockGroup(rules, 1, places: 256);
        SocketAddress[] clients = [.. Enumerable.Range(0, 1_024).Select(static i => Clients.Numbered((uint)i))];
        byte[] name = [3, 0, 0, (byte)'c', 3, (byte)'c', (byte)'o', (byte)'m', 0];
        int next = 0;
        group.Counters[0].Tick(0);
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                (name[1], name[2]) = ((byte)next, (byte)(next >> 8));
                SocketAddress client = clients[next++ & 1_023];
                group.Counters[0].CountQuery(client, RecordType.A);
                group.Counters[0].CountResponse(client, name, 0, 100, isHit: false);
            }

            group.Counters[0].Tick(next);
        });
    }

    private static AddressKey Key(uint number) => AddressKey.OfIPv4(number, port: 0);

    private static IEnumerable<KeyValuePair<AddressKey, int>> All(ClientCounts counts, int column)
    {
        for (int place = 0; place < counts.Places; place++)
        {
            if (counts.Read(place, out AddressKey key, out ReadOnlySpan<uint> columns) > 0)
            {
                yield return new(key, (int)columns[column]);
            }
        }
    }
}
