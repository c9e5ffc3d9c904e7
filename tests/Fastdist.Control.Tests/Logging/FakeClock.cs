using System;

namespace Fastdist.Control.Tests.Logging;

/// <summary>A clock that the test moves.</summary>
internal sealed class FakeClock : TimeProvider
{
    private TimeSpan _elapsed;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => (long)_elapsed.TotalMicroseconds;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 3, 1, 23, 59, 58, TimeSpan.Zero) + _elapsed;

    public void Advance(double seconds) => _elapsed += TimeSpan.FromSeconds(seconds);
}
