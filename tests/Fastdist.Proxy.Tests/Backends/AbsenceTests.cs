using System;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>How long one is waited for that has lost its last connection.</summary>
public sealed class AbsenceTests : IDisposable
{
    private const long Moment = 500_000;

    private readonly BackendParts _parts = new(BackendBench.Options(1) with { QueryTimeout = 2000 });
    private readonly Absence _absence;

    public AbsenceTests() => _absence = new Absence(_parts.Shard, _parts.Known);

    public void Dispose() => _parts.Dispose();

    [Fact]
    public void One_that_never_let_us_in_is_not_waited_for()
    {
        _absence.Begin(isOrdinary: true, isTakenForGranted: true);
        Assert.Equal((false, false, long.MaxValue), (_absence.IsBrief, _absence.IsMomentary, _absence.EndsAt));
    }

    [Fact]
    public void One_that_worked_is_waited_for_as_long_as_a_query_of_that_time_may_wait()
    {
        Lose();
        _parts.Advance(1_999_999);
        Assert.True(_absence.IsBrief);
        _parts.Advance(1);
        Assert.False(_absence.IsBrief);
    }

    [Fact]
    public void The_next_connection_is_taken_for_granted_for_half_a_second_or_until_it_is_there()
    {
        Lose(isTakenForGranted: true);
        Assert.Equal(_parts.Shard.Clock.Now + Moment, _absence.EndsAt);
        _parts.Advance(Moment - 1);
        Assert.True(_absence.IsMomentary);
        _parts.Advance(1);
        Assert.False(_absence.IsMomentary);

        Lose(isTakenForGranted: true);
        _absence.Connected();
        Assert.Equal((true, false), (_absence.IsBrief, _absence.IsMomentary));
    }

    [Fact]
    public void An_attempt_that_fails_makes_it_no_shorter_and_no_longer()
    {
        Lose();
        long ends = _absence.EndsAt;
        _parts.Advance(1_000_000);
        _absence.Begin(isOrdinary: false, isTakenForGranted: false);
        Assert.Equal(ends, _absence.EndsAt);
        _absence.Begin(isOrdinary: true, isTakenForGranted: false);
        Assert.Equal(ends + 1_000_000, _absence.EndsAt);
    }

    [Fact]
    public void It_is_over_once_it_is_ended()
    {
        Lose();
        _absence.End();
        Assert.False(_absence.IsBrief);
    }

    [Fact]
    public void One_that_the_operator_took_down_or_removed_is_not_waited_for()
    {
        Lose(isTakenForGranted: true);
        _parts.Known.Status.SetMode(HealthCheckMode.Down);
        Assert.False(_absence.IsBrief);
        _parts.Known.Status.SetMode(HealthCheckMode.Auto);
        Assert.True(_absence.IsBrief);
        _parts.Known.Status.Leave();
        Assert.Equal((false, false), (_absence.IsBrief, _absence.IsMomentary));
    }

    [Fact]
    public void One_that_is_down_when_it_loses_its_connection_is_not_waited_for()
    {
        _parts.Known.Status.Judge(isUp: false);
        Lose();
        Assert.False(_absence.IsBrief);
    }

    private void Lose(bool isTakenForGranted = false)
    {
        _absence.HasWorked();
        _absence.Begin(isOrdinary: true, isTakenForGranted);
    }
}
