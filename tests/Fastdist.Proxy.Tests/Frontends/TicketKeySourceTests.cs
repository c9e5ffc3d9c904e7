using System;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

/// <summary>When ticket keys are replaced, whatever becomes of the date.</summary>
[Trait("Row", "C7")]
public sealed class TicketKeySourceTests
{
    private readonly TwoClocks _clock = new();

    [Theory]
    [InlineData(-400)]
    [InlineData(0)]
    [InlineData(400)]
    public void A_random_key_lasts_as_long_as_it_should_when_the_date_steps(int days)
    {
        var source = new TicketKeySource(new TicketKeyOptions { RotationDelay = 100 }, "--tls-local x", _clock);
        _clock.Go(50);
        _clock.Step(TimeSpan.FromDays(days));
        Assert.False(source.Maintain());
        _clock.Go(49);
        Assert.False(source.Maintain());
        _clock.Go(1);
        Assert.True(source.Maintain());
        Assert.Equal(2, source.Store.Count);
        Assert.False(source.Maintain());
    }

    [Fact]
    public void The_next_rotation_is_told_by_the_date_of_now()
    {
        var source = new TicketKeySource(new TicketKeyOptions { RotationDelay = 100 }, "--tls-local x", _clock);
        _clock.Go(40);
        _clock.Step(TimeSpan.FromDays(-2));
        Assert.Equal(_clock.GetUtcNow().AddSeconds(60), source.Status.NextRotation);
        source.Rotate();
        Assert.Equal(_clock.GetUtcNow().AddSeconds(100), source.Status.NextRotation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Keys_that_derive_from_the_date_follow_it_both_ways(int periods)
    {
        string secret = System.IO.Path.GetTempFileName();
        System.IO.File.WriteAllBytes(secret, new byte[32]);
        var source = new TicketKeySource(new TicketKeyOptions { SecretFile = secret, RotationDelay = 100 }, "--tls-local x", _clock);
        Assert.False(source.Maintain());
        _clock.Step(TimeSpan.FromSeconds(100 * periods));
        Assert.True(source.Maintain());
        Assert.False(source.Maintain());
        System.IO.File.Delete(secret);
    }

    private sealed class TwoClocks : TimeProvider
    {
        private DateTimeOffset _date = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
        private long _seconds = 1_000_000;

        public override long TimestampFrequency => 1;

        /// <summary>Time passes, on both.</summary>
        public void Go(int seconds)
        {
            _seconds += seconds;
            _date = _date.AddSeconds(seconds);
        }

        /// <summary>Somebody sets the date.</summary>
        public void Step(TimeSpan by) => _date += by;

        public override DateTimeOffset GetUtcNow() => _date;

        public override long GetTimestamp() => _seconds;
    }
}
