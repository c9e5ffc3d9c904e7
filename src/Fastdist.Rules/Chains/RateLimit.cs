using Fastdist.Rules.Rates;
using Fastdist.Settings.Rules;

namespace Fastdist.Rules.Chains;

/// <summary>How often each client may ask, and how often they did.</summary>
/// <param name="limit">How often.</param>
public sealed class RateLimit(ClientRateLimit limit)
{
    /// <summary>How often.</summary>
    public ClientRateLimit Limit => limit;

    /// <summary>How often they did.</summary>
    public ClientRates Rates { get; } = new(new ClientRateSettings(limit.Rate));
}
