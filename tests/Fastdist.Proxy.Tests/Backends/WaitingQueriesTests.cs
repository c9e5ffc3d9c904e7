using System;
using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>In which order queries wait, and for what.</summary>
public sealed class WaitingQueriesTests : IDisposable
{
    private readonly BackendParts _parts = new(BackendBench.Options(1) with { MaxInFlight = 20 });
    private readonly WaitingQueries _waiting;

    public WaitingQueriesTests() => _waiting = new WaitingQueries(_parts.Shard.Table, _parts.Queue, slot: 0);

    public void Dispose() => _parts.Dispose();

    [Theory]
    [InlineData(1, 64)]
    [InlineData(16, 64)]
    [InlineData(20, 80)]
    public void Four_times_what_a_connection_carries_may_wait_and_64_at_least(int maxInFlight, int bound) =>
        Assert.Equal(bound, WaitingQueries.BoundOf(BackendBench.Options(1) with { MaxInFlight = maxInFlight }));

    [Fact]
    public void Those_that_come_back_go_before_those_that_wait_and_a_check_before_all()
    {
        (int first, int second, int back, int check) = (_parts.Query(), _parts.Query(), _parts.Query(), _parts.Query());
        _waiting.Add(first, isResent: false);
        _waiting.Add(second, isResent: false);
        _waiting.Add(back, isResent: true);
        _waiting.AddCheck(check);

        Assert.Equal((3, true), (_waiting.Count, _waiting.HasCheck));
        foreach (int expected in (int[])[check, back, first, second])
        {
            Assert.True(_waiting.TryPeek(out int next));
            Assert.Equal((expected, 0), (next, _parts.Shard.Table[next].QueuedAt));
            _waiting.Remove(next);
            Assert.Equal(-1, _parts.Shard.Table[next].QueuedAt);
        }

        Assert.True(_waiting.IsEmpty);
        Assert.False(_waiting.TryPeek(out _));
    }

    [Fact]
    public void A_check_takes_nobodys_place_and_is_not_the_last_of_the_clients()
    {
        _waiting.AddCheck(_parts.Query());
        Assert.Equal((0, false, false), (_waiting.Count, _waiting.IsFull, _waiting.IsEmpty));
        Assert.False(_waiting.TryPeekLast(out _));
    }

    [Fact]
    public void It_is_full_when_as_many_wait_as_may()
    {
        for (int i = 0; i < 80; i++)
        {
            Assert.False(_waiting.IsFull);
            _waiting.Add(_parts.Query(), isResent: false);
        }

        Assert.True(_waiting.IsFull);
    }

    [Fact]
    public void A_query_waits_for_a_connection_of_its_own_until_it_is_put_on_it_or_gone()
    {
        var trial = new Trial(_parts.Shard.Table, slot: 0);
        int query = _parts.Query();
        BackendConnection connection = _parts.Connect(isSpare: true);
        trial.Begin(connection, query);
        Assert.Equal((true, true, true), (trial.IsUnderWay, trial.IsOn(connection), connection.IsForTrial));
        Assert.Null(trial.Finished);
        Assert.False(trial.TryRemove(_parts.Query()));
        Assert.Equal(0, _parts.Shard.Table[query].QueuedAt);

        Assert.True(trial.TryRemove(query));
        Assert.Equal(-1, _parts.Shard.Table[query].QueuedAt);
        Assert.Same(connection, trial.Finished);
        Assert.True(connection.Ids.TryTake(query, out ushort id));
        Assert.Null(trial.Finished);
        connection.Ids.Release(id);
        Assert.Same(connection, trial.Finished);

        trial.End();
        Assert.Equal((false, false), (trial.IsUnderWay, trial.IsOn(connection)));
    }
}
