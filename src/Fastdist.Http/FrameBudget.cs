using System;

namespace Fastdist.Http;

/// <summary>How many frames of a kind a peer may still send: so many a second, saved up for a second, and credit for useful work.</summary>
internal struct FrameBudget(int perSecond)
{
    // In millionths of a frame, so that microseconds times the rate need no division.
    private const long Frame = 1_000_000;

    private readonly long _most = perSecond * Frame;
    private long _left = perSecond * Frame;
    private long _last;

    /// <summary>Adds what the time since the last call is worth.</summary>
    /// <param name="now">Microseconds of any clock that does not go back.</param>
    public void Refill(long now)
    {
        // A second fills it, and what is longer would only overflow.
        long elapsed = Math.Clamp(now - _last, 0, Frame);
        _last = now;
        _left = Math.Min(_left + (elapsed * perSecond), _most);
    }

    /// <summary>Adds one frame for a request that was completed.</summary>
    public void Credit() => _left = Math.Min(_left + Frame, _most);

    /// <summary>Takes one frame.</summary>
    /// <returns>False when there is none left.</returns>
    public bool TrySpend()
    {
        _left -= Frame;
        return _left >= 0;
    }
}
