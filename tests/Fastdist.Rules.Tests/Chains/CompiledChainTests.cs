using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Dns;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Rates;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Rules.Tests.Chains;

public class CompiledChainTests
{
    private static readonly Sample s_query = new();

    [Fact]
    public void A_compiled_chain_finds_what_asking_one_rule_after_the_other_does() => Gen.Int.Sample(
        seed =>
        {
            var drawing = new Drawing(new Random(seed));
            List<Selector> selectors = drawing.Chain(most: 12);
            var chain = TestChain.Of(selectors.Select(Compiled));
            Rule[] naive = [.. selectors.Select(static selector => new Rule(selector, new NoneAction()))];
            long[] hits = new long[naive.Length];
            for (int sample = 0; sample < 20; sample++)
            {
                Sample asked = drawing.Sample();
                for (int from = 0; from <= naive.Length; from++)
                {
                    int expected = Naive.Find(naive, asked, from);
                    Assert.Equal(expected, chain.Find(asked, from));
                    if (expected >= 0)
                    {
                        hits[expected]++;
                    }
                }

                // One name is looked up once for all of these.
                List<int> all = [.. Enumerable.Range(0, naive.Length).Where(rule => Naive.Matches(naive[rule].Selector, asked))];
                Assert.Equal(all, chain.FindAll(asked));
                all.ForEach(rule => hits[rule]++);
            }

            Assert.Equal(hits, chain.Rules.Select(static rule => rule.Hits.Total));
        },
        iter: 2000);

    [Fact]
    public void A_chain_without_rules_finds_none() => Assert.Equal(-1, TestChain.Of().Find(s_query));

    [Fact]
    public void What_matches_everything_and_what_matches_nothing_are_no_rows()
    {
        var chain = TestChain.Of(new OrSelector([]), new NotSelector(new AndSelector([])), new AllSelector(), new AndSelector([new AllSelector()]));
        Assert.Empty(chain.Compiled.Tests);
        Assert.Equal([2, 3], chain.FindAll(s_query));
    }

    [Fact]
    public void A_thousand_rules_about_names_are_one_row_to_whoever_asks()
    {
        var chain = TestChain.Of(Enumerable.Range(0, 1000).Select(static number => Suffix($"n{number}.example")));
        for (int from = 0; from < 1000; from++)
        {
            // From each of them the row says the last that it stands for: it and none between is looked at.
            Test row = chain.Compiled.Tests[chain.Compiled.Entries[from]];
            Assert.Equal((TestKind.KeyedName, from, 999), (row.Kind, row.A, row.B));
        }

        Assert.Equal([999], chain.FindAll(s_query with { Name = Sample.NameOf("www.N999.example") }));
        Assert.Empty(chain.FindAll(s_query with { Name = Sample.NameOf("n1000.example") }));
        Assert.Equal(1, chain.Rules[999].Hits.Total);
    }

    [Fact]
    public void Rules_with_names_before_what_else_they_ask_are_found_at_once_too()
    {
        var asked = new Counting();
        var chain = TestChain.Of(Enumerable.Range(0, 1000).Select(number => new AndSelector([Suffix($"n{number}.example"), asked])));
        Assert.Equal(999, chain.Compiled.Tests[chain.Compiled.Entries[0]].B);
        Assert.Equal(-1, chain.Find(s_query with { Name = Sample.NameOf("n77.example") }));
        Assert.Equal(1, asked.Count);
    }

    [Fact]
    public void Other_rules_between_those_about_names_are_asked_in_their_place()
    {
        var asked = new Counting();
        var chain = TestChain.Of(Suffix("a"), Suffix("b"), asked, Suffix("c"), Suffix("a"));
        Assert.Equal([0, 4], chain.FindAll(s_query with { Name = Sample.NameOf("x.a") }));
        Assert.Equal(1, asked.Count);
        Assert.Equal([3], chain.FindAll(s_query with { Name = Sample.NameOf("c") }));
        Assert.Equal(0, chain.Find(s_query with { Name = Sample.NameOf("a") }));
        Assert.Equal(2, asked.Count);
    }

    [Fact]
    public void One_selector_in_many_rules_is_found_in_each()
    {
        SuffixSelector selector = Suffix("example.com");
        var chain = TestChain.Of(selector, new NotSelector(selector), selector, new OrSelector([selector, selector]));
        Assert.Equal([0, 2, 3], chain.FindAll(s_query));
        Assert.Equal([1], chain.FindAll(s_query with { Name = DomainName.Root }));
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        var drawing = new Drawing(new Random(1));
        var rate = new RateSelector(1_000_000, 1_000_000);
        Selector[] others = [rate, new ProbabilitySelector(0.5), new PoolAvailableSelector("a"), new ClientRateSelector(new ClientRates(new(1_000_000)), "")];
        Sample[] samples = [.. Enumerable.Range(0, 50).Select(_ => drawing.Sample())];
        var chain = TestChain.Of([.. Enumerable.Range(0, 200).Select(_ => new AndSelector([Compiled(drawing.Selector(3)), .. others])), .. others]);
        int found = 0;
        Array.ForEach(samples, sample => found += chain.FindAll(sample).Count);
        Assert.NotEqual(0, found);
        byte[][] messages = [.. samples.Select(static sample => sample.Message)];
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < samples.Length; i++)
            {
                chain.Runner.Begin();
                chain.Find(samples[i], messages[i], 0);
                chain.Find(samples[i], messages[i], chain.Rules.Count / 2);
            }
        });
    }

    private static SuffixSelector Suffix(string name)
    {
        var set = new SuffixSet();
        set.Add(Sample.NameOf(name));
        return new SuffixSelector(set);
    }

    /// <summary>Networks as the proxy knows them.</summary>
    private static Selector Compiled(Selector selector) => selector switch
    {
        GroupSelector group => group.Compiled,
        AndSelector and => new AndSelector([.. and.Parts.Select(Compiled)]),
        OrSelector or => new OrSelector([.. or.Parts.Select(Compiled)]),
        NotSelector not => new NotSelector(Compiled(not.Part)),
        _ => selector,
    };

    /// <summary>Matches nothing, and counts how often it was asked.</summary>
    private sealed class Counting : CustomSelector, ICustomTest
    {
        public int Count { get; private set; }

        public override void Prepare(int shards)
        {
        }

        public override ICustomTest TestOf(int shard) => this;

        public bool Holds(Question question)
        {
            Count++;
            return false;
        }

        public override string ToString() => "counting";
    }
}
