using System.Linq;
using System.Net;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

public class PoolOptionTests
{
    private const string Expected = "expected the name of a pool, at most 64 characters without blanks, commas or what cannot be printed; none for the default pool";

    [Theory]
    [InlineData("", new[] { "" })]
    [InlineData(",pool=", new[] { "" })]
    [InlineData(",pool=abuse", new[] { "abuse" })]
    [InlineData(",pool=abuse,pool=", new[] { "abuse", "" })]
    [InlineData(",pool=b,pool=a,weight=2,pool=c", new[] { "b", "a", "c" })]
    public void A_server_is_in_the_pools_that_are_written_else_in_the_default_pool(string options, string[] pools) =>
        Assert.Equal(pools, BackendOptionTable.Parse($"192.0.2.1,tls=none{options}").Pools);

    [Fact]
    public void A_frontend_asks_the_default_pool_unless_it_says_otherwise()
    {
        Assert.Equal("", FrontendOptionTable.Parse("192.0.2.1").Pool);
        Assert.Equal("", FrontendOptionTable.Parse("192.0.2.1,pool=").Pool);
        Assert.Equal("abuse", FrontendOptionTable.Parse("192.0.2.1,pool=abuse").Pool);
        Assert.Equal("abuse", TlsFrontendOptionTable.Parse("192.0.2.1,cert=c,key=k,pool=abuse").Pool);
        Assert.Equal("abuse", DohFrontendOptionTable.Parse("192.0.2.1,pool=abuse").Pool);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("Recursor_2.example-net")]
    [InlineData("\"quoted\"")]
    [InlineData("a=b")]
    [InlineData("{x}/\\'#$")]
    [InlineData("müllabfuhr")]
    [InlineData("回収")]
    [InlineData("\U0001F5D1")]
    public void Whatever_can_be_printed_and_has_no_blank_is_a_name(string name) =>
        Assert.Equal(name, Assert.Single(BackendOptionTable.Parse($"192.0.2.1,tls=none,pool={name}").Pools));

    [Theory]
    [InlineData("two words")]
    [InlineData(" ")]
    [InlineData("tab\t")]
    [InlineData("line\nbreak")]
    [InlineData("nul\0")]
    [InlineData("escape\u001b[31m")]
    [InlineData("no\u00a0break")]
    [InlineData("right\u202eto-left")]
    [InlineData("zero\u200bwidth")]
    [InlineData("broken\ufffd")]
    [InlineData("lone\ud800")]
    public void What_would_break_a_line_hide_or_deceive_is_none(string name)
    {
        var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse($"192.0.2.1,tls=none,pool={name}"));
        Assert.Equal($"--server '192.0.2.1,tls=none,pool={name}': pool={name}: {Expected}", refusal.Message);
    }

    [Fact]
    public void A_comma_is_none_where_one_can_be_written() =>
        Assert.EndsWith(Expected, Assert.Throws<OptionException>(() => BackendOptionTable.Read([("address", "192.0.2.1"), ("tls", "none"), ("pool", "a,b")])).Message, System.StringComparison.Ordinal);

    [Fact]
    public void A_name_has_64_characters_at_most()
    {
        string longest = new('a', 64);
        Assert.Equal(longest, PoolNames.Read(longest));
        Assert.Equal(Expected, Assert.Throws<System.FormatException>(() => PoolNames.Read(longest + "a")).Message);
    }

    [Fact]
    public void The_name_that_metrics_have_for_the_default_pool_is_no_other_pools()
    {
        var refusal = Assert.Throws<OptionException>(() => FrontendOptionTable.Parse("192.0.2.1,pool=_default_"));
        Assert.Equal("--local '192.0.2.1,pool=_default_': pool=_default_: _default_ is what metrics call the default pool: write pool= for that, or another name", refusal.Message);
    }

    [Fact]
    public void A_server_is_in_a_pool_once()
    {
        var refusal = Assert.Throws<OptionException>(() => BackendOptionTable.Parse("192.0.2.1,tls=none,pool=a,pool=a"));
        Assert.Equal("--server '192.0.2.1,tls=none,pool=a,pool=a': pool=a: it is in that pool already: leave one of them out", refusal.Message);
    }

    [Fact]
    public void A_pool_has_the_default_pools_policy_unless_it_has_its_own()
    {
        Assert.Equal(new PoolOptions { Name = "abuse" }, PoolOptionTable.Parse("abuse"));
        Assert.Equal(new PoolOptions { Name = "abuse", Policy = PolicyKind.WeightedRandom }, PoolOptionTable.Parse("abuse,policy=wrandom"));
    }

    [Theory]
    [InlineData("", "--pool '': expected the name of a pool; what the default pool has is set by flags of its own, such as --policy")]
    [InlineData("a b", $"--pool 'a b': {Expected}")]
    [InlineData("a,policy=best", "--pool 'a,policy=best': policy=best: expected one of leastOutstanding, firstAvailable, roundrobin, wrandom, chashed")]
    [InlineData("a,b", "--pool 'a,b': 'b' is not option=value")]
    [InlineData("a,policy=wrandom,policy=wrandom", "--pool 'a,policy=wrandom,policy=wrandom': 'policy' is given twice")]
    public void A_pool_that_cannot_be_is_refused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<OptionException>(() => PoolOptionTable.Parse(text)).Message);

    [Fact]
    public void Pools_are_numbered_as_they_are_named_first_behind_the_default_pool()
    {
        ProxyOptions options = Options("b", "c") with
        {
            Pools = [PoolOptionTable.Parse("c,policy=wrandom")],
            Frontends = [FrontendOptionTable.Parse("192.0.2.1,pool=a"), FrontendOptionTable.Parse("192.0.2.2"), FrontendOptionTable.Parse("192.0.2.3,pool=b")],
        };
        Assert.Equal(["", "c", "a", "b"], options.AllPools.Select(pool => pool.Name));
        Assert.Equal([null, PolicyKind.WeightedRandom, null, null], options.AllPools.Select(pool => pool.Policy));
        Assert.Equal([2, 0, 3], options.PoolsOfFrontends());
    }

    [Fact]
    public void A_pool_is_set_up_once()
    {
        var process = new ProcessOptions { Proxy = Options("a") with { Pools = [PoolOptionTable.Parse("a"), PoolOptionTable.Parse("a,policy=wrandom")] } };
        Assert.Equal("--pool a is given twice: leave one of them out", Assert.Throws<OptionException>(() => process.Complete(processors: 1)).Message);
    }

    [Fact]
    public void There_are_1024_pools_at_most()
    {
        string[] names = [.. Enumerable.Range(1, 1024).Select(i => $"p{i}")];
        var process = new ProcessOptions { Proxy = Options(names) };
        Assert.Equal("there are 1025 pools, the default one included; 1024 are the most", Assert.Throws<OptionException>(() => process.Complete(processors: 1)).Message);
        Assert.Equal(1024, (process with { Proxy = Options(names[1..]) }).Complete(processors: 1).Proxy.AllPools.Count);
    }

    /// <summary>A backend that is in these pools.</summary>
    private static ProxyOptions Options(params string[] pools) => new()
    {
        Frontends = [],
        Backends = [new BackendOptions { Address = new IPEndPoint(IPAddress.Loopback, 53), Name = "b", Pools = pools }],
    };
}
