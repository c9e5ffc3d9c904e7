using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Tests.Backends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests;

/// <summary>Who is there, who is leaving, and what is remembered of those that are gone.</summary>
public class BackendRosterTests
{
    private readonly BackendRoster _roster = new();

    [Fact]
    public void Whoever_comes_gets_the_lowest_slot_that_nobody_has_or_is_leaving()
    {
        BackendView[] backends = [.. Enumerable.Range(1, 3).Select(Add)];
        Assert.Equal([0, 1, 2], backends.Select(backend => backend.Shared.Slot));
        Assert.True(_roster.TryRemove(backends[1]));
        Assert.Equal(3, _roster.FreeSlot);

        backends[1].Shared.ShardLeft();
        Assert.Equal([backends[1]], _roster.ForgetGone());
        Assert.Equal(1, _roster.FreeSlot);
    }

    [Fact]
    public void One_that_is_leaving_is_counted_until_it_is_gone_and_what_it_counted_after_that()
    {
        BackendView leaving = Add(1);
        BackendView staying = Add(2);
        leaving.Shared.Counters[0].NoncompliantResponses = 3;
        Assert.True(_roster.TryRemove(leaving));
        Assert.False(_roster.TryRemove(leaving));
        Assert.Equal((false, true), (_roster.Contains(leaving), _roster.Contains(staying)));
        Assert.Equal([staying, leaving], _roster.All(out BackendTotals none));
        Assert.Equal(0, none.NoncompliantResponses);
        Assert.Empty(_roster.ForgetGone());

        leaving.Shared.ShardLeft();
        Assert.Equal([leaving], _roster.ForgetGone());
        Assert.Equal([staying], _roster.All(out BackendTotals departed));
        Assert.Equal(3, departed.NoncompliantResponses);
    }

    [Fact]
    public void A_name_is_one_backends_while_it_is_there()
    {
        BackendView first = Add(1);
        Assert.Equal("there is a server called 'b1' already: give this one another name", _roster.ProblemWith(BackendBench.Options(1)));
        Assert.Equal("", _roster.ProblemWith(BackendBench.Options(2)));
        Assert.True(_roster.TryRemove(first));
        Assert.Equal("", _roster.ProblemWith(BackendBench.Options(1)));
    }

    [Fact]
    public void There_are_so_many_at_most_those_included_that_are_leaving()
    {
        BackendView[] all = [.. Enumerable.Range(0, ProxyOptions.MostBackends).Select(Add)];
        Assert.True(_roster.TryRemove(all[7]));
        Assert.StartsWith("there are 1024 servers", _roster.ProblemWith(BackendBench.Options(0) with { Name = "one more" }));

        all[7].Shared.ShardLeft();
        _roster.ForgetGone();
        Assert.Equal("", _roster.ProblemWith(BackendBench.Options(0) with { Name = "one more" }));
    }

    private BackendView Add(int number)
    {
        var backend = new BackendView(new SharedBackend(_roster.FreeSlot, BackendBench.Options(number) with { Name = $"b{number}" }, shards: 1));
        _roster.Add(backend);
        return backend;
    }
}
