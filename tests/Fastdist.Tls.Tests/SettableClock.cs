using System;

namespace Fastdist.Tls.Tests;

/// <summary>The date, which steps when told to and else goes on.</summary>
internal sealed class SettableClock : TimeProvider
{
    private TimeSpan _offset;

    public void Step(TimeSpan by) => _offset += by;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + _offset;
}
