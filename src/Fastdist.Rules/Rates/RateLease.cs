namespace Fastdist.Rules.Rates;

/// <summary>What one shard holds of a <see cref="ProcessRate"/>.</summary>
public sealed class RateLease
{
    private readonly ProcessRate _rate;
    private uint _held;

    internal RateLease(ProcessRate rate, uint held) => (_rate, _held) = (rate, held);

    /// <summary>Takes a token if the process has one for this shard.</summary>
    /// <param name="now">Microseconds; may be a little behind another shard's.</param>
    public bool TryTake(long now)
    {
        if (_held > 0)
        {
            _held--;
            return true;
        }

        uint taken = _rate.Take(now);
        _held = taken > 0 ? taken - 1 : 0;
        return taken > 0;
    }
}
