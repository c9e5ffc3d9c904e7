using Fastdist.Proxy.Limits;

namespace Fastdist.Proxy.Backends;

/// <summary>The queries a second for which a backend is preferred, and what was taken of them.</summary>
/// <param name="rate">Those of one shard, of which a second's worth may come at once.</param>
internal sealed class QueryRate(Rate rate)
{
    private TokenBucket _bucket;

    /// <summary>When it has room next, microseconds, after <see cref="HasRoom"/> saw none.</summary>
    public long NextAt => _bucket.NextAt(rate);

    /// <summary>Whether one more query keeps to it.</summary>
    /// <param name="now">Microseconds.</param>
    public bool HasRoom(long now) => _bucket.HasToken(rate, now);

    /// <summary>Counts a query that <see cref="HasRoom"/> saw room for.</summary>
    /// <param name="now">Microseconds.</param>
    public void Take(long now) => _bucket.Take(rate, now);
}
