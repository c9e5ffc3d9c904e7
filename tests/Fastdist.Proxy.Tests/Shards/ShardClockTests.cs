using Fastdist.Proxy.Machines;
using Xunit;

namespace Fastdist.Proxy.Tests.Shards;

[Trait("Row", "A6")]
public class ShardClockTests
{
    private const long Start = 1L << 50;

    private readonly ShardClock _clock = new(Machine.Real);

    // Far behind whatever the clock read when it was made.
    public ShardClockTests() => _clock.Advance(Start);

    [Fact]
    public void It_goes_on_as_measured()
    {
        long before = _clock.Now;
        _clock.Advance(Start + 250_000);
        _clock.Advance(Start + 250_001);
        Assert.Equal(before + 250_001, _clock.Now);
        Assert.False(_clock.HasStopped);
    }

    [Fact]
    public void A_time_without_a_turn_counts_as_the_longest_turn()
    {
        long before = _clock.Now;
        _clock.Advance(Start + 8_000_000);
        Assert.Equal(before + ShardClock.MostMicroseconds, _clock.Now);
        Assert.True(_clock.HasStopped);

        _clock.Advance(Start + 8_000_100);
        Assert.Equal(before + ShardClock.MostMicroseconds + 100, _clock.Now);
        Assert.False(_clock.HasStopped);
    }

    [Fact]
    public void What_began_before_a_stop_has_lasted_through_it_and_what_began_after_has_not()
    {
        long before = _clock.Now;
        _clock.Advance(Start + 8_000_000);
        long after = _clock.Now;
        _clock.Advance(Start + 8_000_500);
        Assert.Equal(8_000_500, _clock.Since(before));
        Assert.Equal(500, _clock.Since(after));
    }
}
