using System;

namespace Fastdist.Proxy.Backends;

/// <summary>A rate limit: as many tokens a second as allowed, at most one second's worth saved.</summary>
/// <param name="rate">Tokens a second; 0 is no limit.</param>
internal sealed class TokenBucket(double rate)
{
    private readonly double _most = Math.Max(rate, 1);
    private double _tokens = Math.Max(rate, 1);
    private long _filledAt;

    /// <summary>Tells whether a token is there.</summary>
    /// <param name="now">Microseconds.</param>
    public bool HasToken(long now)
    {
        if (rate == 0)
        {
            return true;
        }

        _tokens = Math.Min(_most, _tokens + ((now - _filledAt) * rate / 1e6));
        _filledAt = now;
        return _tokens >= 1;
    }

    /// <summary>When the next token comes, microseconds, after <see cref="HasToken"/> saw none.</summary>
    public long NextAt => _filledAt + Math.Max((long)Math.Ceiling((1 - _tokens) * 1e6 / rate), 1);

    /// <summary>Takes a token that <see cref="HasToken"/> saw.</summary>
    public void Take() => _tokens--;
}
