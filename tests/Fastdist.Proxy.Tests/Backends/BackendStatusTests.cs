using System;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>Who decides whether a backend is used, and that readiness is judged anew whenever somebody does.</summary>
public class BackendStatusTests
{
    [Fact]
    public void Healths_verdict_counts_unless_the_operator_decides()
    {
        using var parts = new BackendParts(BackendBench.Options(1));
        BackendStatus status = parts.Known.Status;
        Assert.Equal((HealthCheckMode.Auto, true), (status.Mode, status.IsUp));

        status.Judge(isUp: false);
        Assert.False(status.IsUp);
        status.SetMode(HealthCheckMode.Up);
        status.Judge(isUp: false);
        Assert.True(status.IsUp);
        status.SetMode(HealthCheckMode.Down);
        status.Judge(isUp: true);
        Assert.False(status.IsUp);

        // What was found while the operator decided.
        parts.Shared.IsUp = true;
        status.SetMode(HealthCheckMode.Auto);
        Assert.True(status.IsUp);
    }

    [Fact]
    public void Each_change_has_readiness_judged_anew()
    {
        using var parts = new BackendParts(BackendBench.Options(1));
        Assert.True(IsHeard(parts, status => status.Judge(isUp: false)));
        Assert.True(IsHeard(parts, status => status.SetMode(HealthCheckMode.Down)));
        Assert.True(IsHeard(parts, status => status.Leave()));
        Assert.True(parts.Known.Status.IsLeaving);
    }

    private static bool IsHeard(BackendParts parts, Action<BackendStatus> change)
    {
        parts.Known.Board.BeginToJudge();
        change(parts.Known.Status);
        return !parts.Known.Board.IsJudged;
    }
}
