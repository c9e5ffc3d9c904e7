namespace Fastdist.Settings.Rules;

/// <summary>What a client is told that asks more often than it may.</summary>
public enum OverLimitAnswer : byte
{
    /// <summary>Nothing.</summary>
    Drop,

    /// <summary>Over UDP that it shall ask over TCP, where its address is proven; over streams, where that is done, REFUSED.</summary>
    Truncate,

    /// <summary>REFUSED.</summary>
    Refuse,
}

/// <summary>How often each client may ask, over all shards.</summary>
/// <param name="Rate">Queries a second, for an address of IPv4 or a /64 of IPv6.</param>
/// <param name="Answer">What it is told above that.</param>
public sealed record ClientRateLimit(uint Rate, OverLimitAnswer Answer = OverLimitAnswer.Drop);
