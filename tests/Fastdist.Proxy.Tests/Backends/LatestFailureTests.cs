using System;
using Fastdist.Proxy.Counters;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What is known and said of connections that fail.</summary>
public sealed class LatestFailureTests : IDisposable
{
    private static readonly BackendFailure s_refused = new(HealthCheckFailure.Network, "connect: refused");
    private static readonly BackendFailure s_silent = new(HealthCheckFailure.Timeout, "connect: timed out");

    private readonly BackendParts _parts = new(BackendBench.Options(1));

    public void Dispose() => _parts.Dispose();

    [Fact]
    public void As_long_as_nothing_has_failed_there_is_no_connection_and_nothing_known()
    {
        Assert.Equal("no connection", _parts.Failure.Last.Reason);
        Assert.Null(_parts.Failure.Known);
    }

    [Fact]
    public void The_same_failure_is_told_once_and_another_one_again()
    {
        _parts.Failure.Complain(s_refused);
        _parts.Failure.Complain(s_refused);
        _parts.Failure.Complain(s_silent);
        Assert.Equal(s_silent, _parts.Failure.Known);
        Assert.Equal("backend b1: connect: refused\nbackend b1: connect: timed out", $"{_parts.Log}");
    }

    [Fact]
    public void After_one_that_works_all_is_new()
    {
        _parts.Failure.Complain(s_refused);
        _parts.Failure.Forget();
        Assert.Null(_parts.Failure.Known);
        _parts.Failure.Complain(s_refused);
        Assert.Equal("backend b1: connect: refused\nbackend b1: connect: refused", $"{_parts.Log}");
    }

    [Fact]
    public void A_certificate_that_is_refused_is_told_once_and_not_as_the_failure_that_follows_from_it()
    {
        for (int i = 0; i < 2; i++)
        {
            _parts.Failure.CertificateRefused("expired", "CN=b1", "CN=ca");
            _parts.Failure.Complain(new BackendFailure(HealthCheckFailure.Network, "certificate refused: expired"));
        }

        Assert.Equal("backend b1: certificate refused: expired (subject CN=b1, issuer CN=ca)", $"{_parts.Log}");
        Assert.Equal("certificate refused: expired", _parts.Failure.Last.Reason);
    }

    [Fact]
    public void Of_one_that_is_leaving_and_of_what_is_only_noted_nothing_is_told()
    {
        _parts.Failure.Note(s_refused);
        _parts.Known.Status.Leave();
        _parts.Failure.Complain(s_silent);
        Assert.Equal((s_silent, ""), (_parts.Failure.Last, $"{_parts.Log}"));
    }
}
