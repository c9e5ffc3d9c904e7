using System.Net;
using Fastdist.Control.Web;
using Xunit;

namespace Fastdist.Control.Tests.Web;

[Trait("Stage", "5")]
public sealed class FailedAttemptsTests
{
    private readonly FailedAttempts _attempts = new();

    [Fact]
    public void After_the_most_one_a_second_is_let_through_until_the_window_ends()
    {
        Fail(IPAddress.Loopback, at: 0);

        for (long now = FailedAttempts.IntervalMilliseconds; now < FailedAttempts.WindowMilliseconds; now += FailedAttempts.IntervalMilliseconds)
        {
            Assert.False(_attempts.TryBegin(IPAddress.Loopback, now - 1));
            Assert.True(_attempts.TryBegin(IPAddress.Loopback, now));
            Assert.False(_attempts.TryBegin(IPAddress.Loopback, now));
        }

        Fail(IPAddress.Loopback, at: FailedAttempts.WindowMilliseconds);
    }

    [Fact]
    public void Another_address_is_not_affected()
    {
        Fail(IPAddress.Loopback, at: 0);

        Assert.True(_attempts.TryBegin(IPAddress.IPv6Loopback, 0));
    }

    [Fact]
    public void Success_begins_anew()
    {
        for (int i = 1; i < FailedAttempts.MostFailures; i++)
        {
            _attempts.TryBegin(IPAddress.Loopback, 0);
        }

        Assert.True(_attempts.TryBegin(IPAddress.Loopback, 0));
        _attempts.Succeeded(IPAddress.Loopback);
        Fail(IPAddress.Loopback, at: 0);
    }

    [Fact]
    public void While_too_many_addresses_are_remembered_new_ones_wait()
    {
        for (int i = 0; i < FailedAttempts.MostAddresses; i++)
        {
            Assert.True(_attempts.TryBegin(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]), 0));
        }

        Assert.False(_attempts.TryBegin(IPAddress.Loopback, 0));
        Assert.True(_attempts.TryBegin(new IPAddress([10, 0, 0, 0]), 0));
        Assert.True(_attempts.TryBegin(IPAddress.Loopback, FailedAttempts.WindowMilliseconds));
    }

    private void Fail(IPAddress address, long at)
    {
        for (int i = 0; i < FailedAttempts.MostFailures; i++)
        {
            Assert.True(_attempts.TryBegin(address, at));
        }

        Assert.False(_attempts.TryBegin(address, at));
    }
}
