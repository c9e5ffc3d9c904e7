using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Rules.Rates;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using static Fastdist.Control.Configuration.Objects.Rules.RuleObjects;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Selectors of how often something is asked, of lots, of tags, and of how pools are.</summary>
internal static class StateSelectorFunctions
{
    /// <summary>A rate above this is no limit, and one that is kept in billionths of a second is exact up to here.</summary>
    private const int MostRate = 100_000_000;

    private const int MostSeconds = 86_400;
    private const int MostFraction = 10_000;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Selecting("MaxQPSIPRule", "qps[, v4Mask[, v6Mask[, burst[, expiration[, cleanupDelay[, scanFraction[, shards]]]]]]]",
            "queries of clients that ask more than this a second; clients are told apart by 32 bits of IPv4 and 64 of IPv6", 1, 8, ClientRate),
        Selecting("MaxQPSRule", "qps[, burst]", "queries up to this many a second, of all clients together; NotRule has what is more", 1, 2, static arguments =>
        {
            int rate = Rate(arguments);
            return new RateSelector((uint)rate, (uint)arguments.IntegerOr(1, "burst", 1, MostRate, rate));
        }),
        new Function("TimedIPSetRule", "", "a list of addresses, each for a time; its slice is a selector", static (_, _) => LimitObjects.Of(new TimedAddresses())),
        new Function("newQPSLimiter", "qps, burst", "a rate that scripts ask with check()", static (_, arguments) =>
        {
            int rate = Rate(arguments);
            return LimitObjects.Of(new QpsLimiter((uint)rate, (uint)arguments.Integer(1, "burst", 1, MostRate)));
        }) { Least = 2, Most = 2 },
        Selecting("ProbaRule", "probability", "queries at random, with a probability from 0 to 1", 1, 1, static arguments =>
            arguments.Number(0, "probability") is >= 0 and <= 1 and double probability ? new ProbabilitySelector(probability) : throw arguments.Wrong(0, "probability", "a number from 0 to 1")),
        Selecting("TagRule", "name[, value]", "what a tag was put on, with this value or any", 1, 2, static arguments => new TagSelector(arguments.String(0, "name"), arguments.Has(1) ? arguments.String(1, "value") : null)),
        Selecting("PoolAvailableRule", "pool", "all while a server of this pool is up", 1, 1, static (script, arguments) => new PoolAvailableSelector(arguments.Pool(0, script))),
        Selecting("PoolOutstandingRule", "pool, number", "all while more queries than this wait for answers of this pool", 2, 2, static (script, arguments) =>
        {
            int number = arguments.Integer(1, "number", 0, int.MaxValue);
            return new PoolOutstandingSelector(arguments.Pool(0, script), number);
        }),
    ];

    /// <summary>Reads how many queries a second there may be.</summary>
    internal static int Rate(Arguments arguments) => arguments.Integer(0, "qps", 1, MostRate);

    private static Selector ClientRate(Arguments arguments)
    {
        int rate = Rate(arguments);
        int v4 = arguments.IntegerOr(1, "v4Mask", 0, 32, otherwise: 32);
        int v6 = arguments.IntegerOr(2, "v6Mask", 0, 128, otherwise: 64);
        int burst = arguments.IntegerOr(3, "burst", 1, MostRate, otherwise: rate);
        var settings = new ClientRateSettings((uint)rate, (uint)burst)
        {
            V4Mask = v4,
            V6Mask = v6,
            Expiration = (uint)arguments.IntegerOr(4, "expiration", 0, MostSeconds, otherwise: 300),
            CleanupDelay = (uint)arguments.IntegerOr(5, "cleanupDelay", 0, MostSeconds, otherwise: 60),
            ScanFraction = (uint)arguments.IntegerOr(6, "scanFraction", 1, MostFraction, otherwise: 10),
        };

        // What is counted is counted for all shards at once, without parts that would have locks of their own.
        arguments.IntegerOr(7, "shards", 1, int.MaxValue, otherwise: 10);
        return new ClientRateSelector(new ClientRates(settings), $"IP (/{v4}, /{v6}) match for QPS over {rate} burst {burst}");
    }
}
