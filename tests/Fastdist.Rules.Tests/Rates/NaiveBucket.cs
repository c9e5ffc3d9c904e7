using System;

namespace Fastdist.Rules.Tests.Rates;

/// <summary>A token bucket as it is written down: it grows with time up to its size, and a token is taken when one is there. Exact, in millionths of a token.</summary>
internal sealed class NaiveBucket(uint perSecond, uint burst)
{
    private const long Token = 1_000_000;
    private Int128 _tokens = (Int128)burst * Token;
    private long _at;

    public bool TryTake(long now)
    {
        _tokens = Int128.Min(_tokens + ((Int128)(now - _at) * perSecond), (Int128)burst * Token);
        _at = now;
        if (_tokens < Token)
        {
            return false;
        }

        _tokens -= Token;
        return true;
    }
}
