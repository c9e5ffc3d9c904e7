using System.Collections.Immutable;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;
using Fastdist.Settings;

namespace Fastdist.Rules.Blocks;

/// <summary>What a group is told (<c>dynBlockRulesGroup</c>). Each kind of rule is there once: two limits need two groups.</summary>
public sealed record BlockRules
{
    /// <summary>Most seconds that a rule may look back.</summary>
    public const int LongestSeconds = 300;

    /// <summary>What makes a client.</summary>
    public AddressMasks Masks { get; init; } = new(32, 128);

    /// <summary>Queries a second.</summary>
    public RateRule? QueryRate { get; init; }

    /// <summary>Bytes of responses a second.</summary>
    public RateRule? ResponseByteRate { get; init; }

    /// <summary>Share of the responses that do not come from the cache.</summary>
    public RatioRule? CacheMissRatio { get; init; }

    /// <summary>Queries of a type a second.</summary>
    public ImmutableSortedDictionary<RecordType, RateRule> TypeRates { get; init; } = ImmutableSortedDictionary<RecordType, RateRule>.Empty;

    /// <summary>Responses a second, by the header's response code, 0 to 15.</summary>
    public ImmutableSortedDictionary<int, RateRule> RcodeRates { get; init; } = ImmutableSortedDictionary<int, RateRule>.Empty;

    /// <summary>Share of the responses, by response code.</summary>
    public ImmutableSortedDictionary<int, RatioRule> RcodeRatios { get; init; } = ImmutableSortedDictionary<int, RatioRule>.Empty;

    /// <summary>Response codes of which there may be any number.</summary>
    public ImmutableSortedSet<int> AllowedRcodes { get; init; } = [];

    /// <summary>Share of the responses with other codes than <see cref="AllowedRcodes"/>.</summary>
    public RatioRule? AllowedRcodesRatio { get; init; }

    /// <summary>Which names are too much.</summary>
    public SuffixRule? Suffixes { get; init; }

    /// <summary>Clients that are never blocked.</summary>
    public NetmaskRanges? ExcludedRanges { get; init; }

    /// <summary>Names that are never blocked, nor what is below them.</summary>
    public SuffixSet? ExcludedDomains { get; init; }
}
