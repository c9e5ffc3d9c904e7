using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests.Blocks;

/// <summary>A query, or a response when it has a response code.</summary>
internal readonly record struct Seen(long Second, int Shard, SocketAddress Client, RecordType Type, int Rcode, int Bytes, bool IsHit)
{
    public bool IsResponse => Rcode >= 0;
}

/// <summary>The rules as they are written down, over all that was ever seen.</summary>
internal sealed class NaiveRules(BlockRules rules)
{
    private readonly List<Seen> _all = [];

    public void Add(Seen seen) => _all.Add(seen);

    /// <summary>Whom the rules block or warn of, after a second has passed.</summary>
    public HashSet<(BlockedRange, string Reason, bool IsWarning)> Judge(long second, double globalHitRatio)
    {
        HashSet<(BlockedRange, string, bool)> found = [];
        foreach (IGrouping<AddressKey, Seen> client in _all.GroupBy(seen => rules.Masks.KeyOf(seen.Client)))
        {
            foreach ((string reason, bool isOver, bool isWarning) in JudgeOne([.. client], second, globalHitRatio))
            {
                if (isOver)
                {
                    // A block takes the place of a warning.
                    found.RemoveWhere(one => one.Item1 == BlockedRange.Of(client.Key, rules.Masks));
                    found.Add((BlockedRange.Of(client.Key, rules.Masks), reason, false));
                    break;
                }

                if (isWarning)
                {
                    found.RemoveWhere(one => one.Item1 == BlockedRange.Of(client.Key, rules.Masks));
                    found.Add((BlockedRange.Of(client.Key, rules.Masks), reason, true));
                }
            }
        }

        return found;
    }

    private IEnumerable<(string Reason, bool IsOver, bool IsWarning)> JudgeOne(Seen[] all, long second, double globalHitRatio)
    {
        if (rules.QueryRate is { } queryRate)
        {
            yield return Rate(queryRate, In(all, queryRate, second).Count(static seen => !seen.IsResponse));
        }

        if (rules.ResponseByteRate is { } byteRate)
        {
            yield return Rate(byteRate, In(all, byteRate, second).Where(static seen => seen.IsResponse).Sum(static seen => (long)seen.Bytes));
        }

        if (rules.CacheMissRatio is { } missRatio)
        {
            yield return Ratio(missRatio, In(all, missRatio, second), static seen => !seen.IsHit, globalHitRatio);
        }

        foreach ((RecordType type, RateRule rule) in rules.TypeRates)
        {
            yield return Rate(rule, In(all, rule, second).Count(seen => !seen.IsResponse && seen.Type == type));
        }

        foreach ((int rcode, RateRule rule) in rules.RcodeRates)
        {
            yield return Rate(rule, In(all, rule, second).Count(seen => seen.Rcode == rcode));
        }

        foreach ((int rcode, RatioRule rule) in rules.RcodeRatios)
        {
            yield return Ratio(rule, In(all, rule, second), seen => seen.Rcode == rcode, globalHitRatio);
        }

        if (rules.AllowedRcodesRatio is { } allowed)
        {
            yield return Ratio(allowed, In(all, allowed, second), seen => !rules.AllowedRcodes.Contains(seen.Rcode), globalHitRatio);
        }
    }

    private static Seen[] In(Seen[] all, BlockRule rule, long second) => [.. all.Where(seen => seen.Second <= second && seen.Second > second - rule.Seconds)];

    private static (string, bool, bool) Rate(RateRule rule, long count) =>
        (rule.Reason, count > rule.Rate * rule.Seconds, rule.WarningRate > 0 && count > rule.WarningRate * rule.Seconds);

    private static (string, bool, bool) Ratio(RatioRule rule, Seen[] seen, Func<Seen, bool> isCounted, double globalHitRatio)
    {
        Seen[] responses = [.. seen.Where(static one => one.IsResponse)];
        bool isEnough = responses.Length >= rule.MinResponses && globalHitRatio >= rule.MinGlobalHitRatio;
        int count = responses.Count(isCounted);
        return (rule.Reason, isEnough && count > rule.Ratio * responses.Length, isEnough && rule.WarningRatio > 0 && count > rule.WarningRatio * responses.Length);
    }
}
