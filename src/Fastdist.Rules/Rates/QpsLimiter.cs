namespace Fastdist.Rules.Rates;

/// <summary>A rate that a script asks about (<c>newQPSLimiter</c>). From any thread.</summary>
/// <param name="perSecond">Tokens a second.</param>
/// <param name="burst">Most tokens at once.</param>
public sealed class QpsLimiter(uint perSecond, uint burst)
{
    private readonly TokenRate _rate = new(perSecond, burst);
    private long _word;

    /// <summary>Takes a token.</summary>
    /// <param name="now">Microseconds.</param>
    /// <returns>False when there is none.</returns>
    public bool Check(long now) => _rate.TryTake(ref _word, now * TokenRate.Nanoseconds);
}
