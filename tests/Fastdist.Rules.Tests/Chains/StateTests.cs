using System;
using System.Linq;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Rates;
using Fastdist.Rules.Selectors;
using Xunit;

namespace Fastdist.Rules.Tests.Chains;

/// <summary>Selectors that keep something: it belongs to the object, wherever that is used.</summary>
public class StateTests
{
    private static readonly Sample s_query = new();

    [Fact]
    public void A_rate_matches_what_is_within_it()
    {
        var chain = TestChain.Of(new RateSelector(rate: 2, burst: 2));
        Assert.Equal([0, 0, -1], Enumerable.Range(0, 3).Select(_ => chain.Find(s_query)));
        Assert.Equal(0, chain.Find(s_query with { Now = s_query.Now + 500_001 }));
        Assert.Equal(3, chain.Rules[0].Hits.Total);
    }

    [Fact]
    public void Rules_that_share_a_rate_take_of_the_same()
    {
        var rate = new RateSelector(rate: 3, burst: 3);
        var chain = TestChain.Of(rate, new NotSelector(rate), rate);
        Assert.Equal([0, 2], chain.FindAll(s_query));
        Assert.Equal([1], chain.FindAll(s_query));
    }

    [Fact]
    public void A_rate_that_is_not_asked_takes_nothing()
    {
        var rate = new RateSelector(rate: 1, burst: 1);
        var chain = TestChain.Of(new AndSelector([new TypeSelector(Dns.RecordType.TXT), rate]), new OrSelector([new TypeSelector(Dns.RecordType.A), rate]));
        Assert.Equal([1, 1, 1], Enumerable.Range(0, 3).Select(_ => chain.Find(s_query)));
        Assert.Equal(0, chain.Find(s_query with { Type = Dns.RecordType.TXT }));
        Assert.Equal(-1, chain.Find(s_query with { Type = Dns.RecordType.TXT }));
    }

    [Fact]
    public void A_client_rate_matches_what_is_over_it_and_takes_nothing_then()
    {
        var rates = new ClientRateSelector(new ClientRates(new(2)), "");
        var chain = TestChain.Of(rates, new AndSelector([new TypeSelector(Dns.RecordType.TXT), rates]));
        Assert.Equal([-1, -1, 0, 0], Enumerable.Range(0, 4).Select(_ => chain.Find(s_query)));
        Assert.Equal(-1, chain.Find(s_query with { Client = Clients.Of("192.0.2.2") }));
        Assert.Equal(-1, chain.Find(s_query with { Now = s_query.Now + 500_001 }));
        Assert.Equal([0, 1], chain.FindAll(s_query with { Now = s_query.Now + 500_001, Type = Dns.RecordType.TXT }));
    }

    [Fact]
    public void Shards_share_what_clients_ask_and_have_their_own_leases_of_a_rate()
    {
        var clients = new ClientRateSelector(new ClientRates(new(2)), "");
        TestChain[] shards = [TestChain.Of(clients), TestChain.Of(clients)];
        Assert.Equal([-1, -1, 0, 0], Enumerable.Range(0, 4).Select(turn => shards[turn % 2].Find(s_query)));
        var rate = new RateSelector(3, 3);
        shards = [TestChain.Of(rate), TestChain.Of(rate)];
        Assert.Equal([0, 0, 0, -1, -1], Enumerable.Range(0, 5).Select(turn => shards[turn % 2].Find(s_query)));
    }

    [Theory]
    [InlineData(0.0, 0, 0)]
    [InlineData(1.0, 1000, 1000)]
    [InlineData(0.25, 200, 300)]
    public void Lots_are_drawn_as_likely_as_said(double probability, int least, int most)
    {
        var chain = TestChain.Of(new ProbabilitySelector(probability));
        Assert.InRange(Enumerable.Range(0, 1000).Count(_ => chain.Find(s_query) == 0), least, most);
    }

    [Fact]
    public void Addresses_match_while_they_are_in_their_list()
    {
        var list = new TimedAddresses();
        var chain = TestChain.Of(new TimedAddressSelector(list));
        Assert.Equal(-1, chain.Find(s_query));
        Assert.True(list.Add(s_query.Client, 2, s_query.Now));
        Assert.Equal(0, chain.Find(s_query));
        Assert.Equal(-1, chain.Find(s_query with { Client = Clients.Of("192.0.2.2") }));
        Assert.Equal(-1, chain.Find(s_query with { Now = s_query.Now + 2_000_000 }));
    }

    [Fact]
    public void Pools_are_asked_by_their_numbers_and_one_that_is_not_there_matches_nothing()
    {
        var chain = TestChain.Of(
            new PoolAvailableSelector("a"), new PoolAvailableSelector("b"), new PoolAvailableSelector("none"),
            new PoolOutstandingSelector("b", 6), new PoolOutstandingSelector("b", 7), new PoolOutstandingSelector("none", -1));
        Assert.Empty(chain.FindAll(s_query));
        chain.Shard.Pools = new Pools();
        Assert.Equal([1, 3], chain.FindAll(s_query));
    }

    [Fact]
    public void A_test_of_its_own_is_asked_once_for_a_shards_and_then_of_each_query()
    {
        var custom = new Custom();
        var chain = TestChain.Of(custom, new AndSelector([custom, custom]));
        Assert.Equal(1, custom.Given);
        Assert.Empty(chain.FindAll(s_query));
        custom.Holding = true;
        Assert.Equal([0, 1], chain.FindAll(s_query));
    }

    private sealed class Pools : IPoolStates
    {
        public bool IsAvailable(int pool) => pool == 1;

        public long Outstanding(int pool) => 7;
    }

    private sealed class Custom : CustomSelector, ICustomTest
    {
        public int Given { get; private set; }

        public bool Holding { get; set; }

        public override void Prepare(int shards)
        {
        }

        public override ICustomTest TestOf(int shard)
        {
            Given++;
            return this;
        }

        public bool Holds(Question question) => Holding;

        public override string ToString() => "custom";
    }
}
