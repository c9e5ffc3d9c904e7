using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Fastdist.Dns;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Rules.Tests.Blocks;

public class NameCountsTests
{
    private const long Second = 1_000_000;

    private static readonly Gen<(DomainName Name, NameStatistics Statistics)> s_answers =
        from labels in Gen.Int[0, 3].Array[0, 4]
        from rcode in Gen.Int[-1, 4]
        from bytes in Gen.Int[12, 100]
        from isHit in Gen.Bool
        select (Name(labels), rcode < 0 ? NameStatistics.OfDrop : NameStatistics.OfResponse(rcode, bytes, isHit));

    [Fact]
    public void A_tree_has_all_that_was_answered_of_each_name_and_of_those_below_it() =>
        Gen.Select(s_answers.Array[0, 100], Gen.Bool).Sample((answers, isGrowing) =>
        {
            var counts = new NameCounts(2_000, 100, isGrowing);
            Array.ForEach(answers, answer => counts.CountOne(answer.Name.Wire, answer.Statistics));
            Dictionary<DomainName, (NameStatistics Self, NameStatistics Children, int Count)> visited = Visit(counts);
            foreach ((DomainName name, (NameStatistics self, NameStatistics children, int count)) in visited)
            {
                Assert.Equal(Sum(answers.Where(answer => answer.Name.Equals(name))), self);
                Assert.Equal(Sum(answers.Where(answer => answer.Name.IsPartOf(name))), children);
                Assert.Equal(visited.Keys.Count(other => other.LabelCount == name.LabelCount + 1 && other.IsPartOf(name)), count);
            }

            Assert.Superset(answers.Select(static answer => answer.Name).ToHashSet(), visited.Keys.ToHashSet());
        });

    [Fact]
    public void Names_that_there_is_no_room_for_are_counted_below_those_that_there_is_room_for() =>
        Gen.Select(s_answers.Array[0, 200], Gen.Int[0, 10], Gen.Int[0, 5]).Sample((answers, names, parents) =>
        {
            var counts = new NameCounts(names, parents, isGrowing: false);
            var merged = new NameCounts(names, parents, isGrowing: true);
            Array.ForEach(answers, answer => counts.CountOne(answer.Name.Wire, answer.Statistics));
            merged.Add(counts, 0, counts.Count);
            foreach (NameCounts some in (NameCounts[])[counts, merged])
            {
                Dictionary<DomainName, (NameStatistics Self, NameStatistics Children, int Count)> visited = Visit(some);
                Assert.Equal(Sum(answers), visited[DomainName.Root].Children);
                Assert.All(visited, pair => Assert.InRange(pair.Value.Children.Queries, 0, answers.Count(answer => answer.Name.IsPartOf(pair.Key))));
                Assert.InRange(some.Count, 0, names + parents + 1);
            }
        });

    [Fact]
    public void Random_names_below_a_victim_are_counted_there()
    {
        var counts = new NameCounts(100, 20, isGrowing: false);
        for (int i = 0; i < 10_000; i++)
        {
            counts.CountOne(Text($"r{i}.victim.example"), NameStatistics.OfResponse(3, 100, isHit: false));
        }

        Dictionary<DomainName, (NameStatistics Self, NameStatistics Children, int Count)> visited = Visit(counts);
        Assert.True(DomainName.TryParse("VICTIM.example"u8, out DomainName? victim));
        Assert.Equal((10_000, 10_000), (visited[victim].Children.NxDomains, visited[victim].Count));
    }

    [Fact]
    public void Long_names_find_room_at_the_root_at_least()
    {
        var counts = new NameCounts(50, 50, isGrowing: false);
        for (int i = 0; i < 1_000; i++)
        {
            counts.CountOne(Text($"{new string('a', 60)}{i % 1000}.{new string('b', 60)}.{new string('c', 60)}.{i}"), NameStatistics.OfDrop);
        }

        Assert.Equal(1_000, Visit(counts)[DomainName.Root].Children.Drops);
    }

    [Fact]
    public void A_visitor_blocks_names_but_those_excluded()
    {
        var excluded = new SuffixSet();
        Assert.True(DomainName.TryParse("b.example"u8, out DomainName? spared));
        excluded.Add(spared);
        var rules = new BlockRules
        {
            ExcludedDomains = excluded,
            Suffixes = new SuffixRule(static (StatNode node, in NameStatistics _, in NameStatistics children) =>
                node.LabelsCount != 2 || children.ServFails <= 10 ? default : new StatVerdict(true, node.FullName.ToString() == "a.example." ? "special" : null, BlockAction.Refused))
            {
                Seconds = 2,
                Reason = "usual",
                BlockSeconds = 30,
            },
        };
        var group = new BlockGroup(rules, 2, places: 16);
        var table = new BlockTable();
        for (int second = 0; second < 4; second++)
        {
            foreach (BlockCounter counter in group.Counters)
            {
                counter.Tick(second * Second);
                for (int i = 0; i < 3; i++)
                {
                    foreach (string name in (string[])["x.a.example", "y.A.example", "b.example", $"z{second}{i}.c.example"])
                    {
                        counter.CountResponse(Clients.Of("192.0.2.1"), Text(name), 2, 50, isHit: false);
                    }

                    counter.CountDrop(Text("d.example"));
                }
            }

            group.Begin(table, second * Second, 0);
            while (!group.Step(50))
            {
            }

            // In one second each has six or twelve.
            Assert.Equal(second switch { 0 => 0, 1 => 1, _ => 2 }, table.Count);
        }

        Assert.Equal([("a.example.", "special", BlockAction.Refused), ("c.example.", "usual", BlockAction.Refused)],
            table.All.Select(static block => (block.What, block.Terms.Reason, block.Terms.Action)).Order());
    }

    private static NameStatistics Sum(IEnumerable<(DomainName Name, NameStatistics Statistics)> answers) =>
        answers.Aggregate(default(NameStatistics), static (sum, answer) => sum + answer.Statistics);

    private static Dictionary<DomainName, (NameStatistics Self, NameStatistics Children, int Count)> Visit(NameCounts counts)
    {
        var tree = new StatTree();
        for (int i = 0; i < counts.Count; i++)
        {
            tree.Add(counts, i);
        }

        Dictionary<DomainName, (NameStatistics, NameStatistics, int)> visited = [];
        foreach ((StatNode node, StatVerdict verdict) in tree.Visit((StatNode node, in NameStatistics self, in NameStatistics children) =>
        {
            visited.Add(node.FullName, (self, children, node.NumChildren));
            return new StatVerdict(true);
        }))
        {
            Assert.True(verdict.IsBlocked && visited.ContainsKey(node.FullName));
        }

        return visited;
    }

    private static DomainName Name(int[] labels)
    {
        byte[] wire = [.. labels.SelectMany(static label => new byte[] { 1, (byte)('a' + label) }), 0];
        Assert.True(DomainName.TryRead(wire, out DomainName? name));
        return name;
    }

    private static byte[] Text(string text)
    {
        Assert.True(DomainName.TryParse(Encoding.ASCII.GetBytes(text), out DomainName? name));
        return name.Wire.ToArray();
    }
}
