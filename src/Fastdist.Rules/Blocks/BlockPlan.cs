using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// What a group's rules need to be counted: columns of what shards count each second, and sums of columns over as many seconds as a rule looks back. Nothing is counted
/// that no rule asks for.
/// </summary>
internal sealed class BlockPlan
{
    private const int Rcodes = 16;
    private const int CommonTypes = 256;

    private readonly Dictionary<string, int> _columns = [];
    private readonly List<(int Column, int Seconds)> _sums = [];
    private readonly List<BlockCheck> _checks = [];
    private readonly int[] _commonTypes = NoColumns(CommonTypes);
    private readonly Dictionary<RecordType, int> _otherTypes = [];
    private readonly int[] _rcodes = NoColumns(Rcodes);
    private readonly int[] _unwanted = NoColumns(Rcodes);

    /// <summary>Reads rules.</summary>
    public BlockPlan(BlockRules rules)
    {
        Masks = rules.Masks;
        Longest = LongestOf(rules);
        QueryColumn = AddRate(rules.QueryRate, "queries");
        BytesColumn = AddRate(rules.ResponseByteRate, "bytes");
        MissColumn = AddRatio(rules.CacheMissRatio, "misses");
        foreach ((RecordType type, RateRule rule) in rules.TypeRates)
        {
            int column = AddRate(rule, $"type {type}");
            if ((int)type < CommonTypes)
            {
                _commonTypes[(int)type] = column;
            }
            else
            {
                _otherTypes[type] = column;
            }
        }

        foreach ((int rcode, RateRule rule) in rules.RcodeRates)
        {
            _rcodes[rcode] = AddRate(rule, $"rcode {rcode}");
        }

        foreach ((int rcode, RatioRule rule) in rules.RcodeRatios)
        {
            _rcodes[rcode] = AddRatio(rule, $"rcode {rcode}");
        }

        int unwanted = AddRatio(rules.AllowedRcodesRatio, "unwanted");
        foreach (int rcode in Enumerable.Range(0, Rcodes).Except(rules.AllowedRcodes))
        {
            _unwanted[rcode] = unwanted;
        }

        ResponseColumn = _columns.GetValueOrDefault("responses", -1);
        CountsResponses = ResponseColumn >= 0 || BytesColumn >= 0 || _rcodes.Any(static column => column >= 0);
        (Sums, Checks) = ([.. _sums], [.. _checks]);
    }

    /// <summary>What makes a client.</summary>
    public AddressMasks Masks { get; }

    /// <summary>Seconds that the rule looks back that looks back longest.</summary>
    public int Longest { get; }

    /// <summary>How many columns there are.</summary>
    public int Columns => _columns.Count;

    /// <summary>The sums that are kept of each client.</summary>
    public (int Column, int Seconds)[] Sums { get; }

    /// <summary>The rules, in the order in which they are asked.</summary>
    public BlockCheck[] Checks { get; }

    /// <summary>Queries; -1 when nobody asks. So are the others.</summary>
    public int QueryColumn { get; }

    /// <summary>Responses.</summary>
    public int ResponseColumn { get; }

    /// <summary>Bytes of responses.</summary>
    public int BytesColumn { get; }

    /// <summary>Responses that were not in the cache.</summary>
    public int MissColumn { get; }

    /// <summary>Whether responses are counted.</summary>
    public bool CountsResponses { get; }

    /// <summary>Queries of a type.</summary>
    public int TypeColumn(RecordType type) => (int)type < CommonTypes ? _commonTypes[(int)type] : _otherTypes.GetValueOrDefault(type, -1);

    /// <summary>Responses with a code.</summary>
    public int RcodeColumn(int rcode) => _rcodes[rcode & (Rcodes - 1)];

    /// <summary>Responses with a code that is not among those allowed; -1 when it is.</summary>
    public int UnwantedColumn(int rcode) => _unwanted[rcode & (Rcodes - 1)];

    /// <summary>Seconds that a rule looks back.</summary>
    public int SecondsOf(BlockRule rule) => rule.Seconds <= 0 ? Longest : rule.Seconds;

    private static int[] NoColumns(int count) => [.. Enumerable.Repeat(-1, count)];

    private static int LongestOf(BlockRules rules)
    {
        const int UnlessSaid = 10;
        IEnumerable<BlockRule?> all =
        [
            rules.QueryRate, rules.ResponseByteRate, rules.CacheMissRatio, rules.AllowedRcodesRatio, rules.Suffixes,
            .. rules.TypeRates.Values, .. rules.RcodeRates.Values, .. rules.RcodeRatios.Values,
        ];
        int longest = all.Max(static rule => rule?.Seconds ?? 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longest, BlockRules.LongestSeconds, nameof(rules));
        return longest <= 0 ? UnlessSaid : longest;
    }

    private int AddRate(RateRule? rule, string what)
    {
        if (rule is null)
        {
            return -1;
        }

        int seconds = SecondsOf(rule);
        int column = ColumnOf(what);
        _checks.Add(new BlockCheck(rule, SumOf(column, seconds), Total: -1, rule.Rate * seconds, rule.WarningRate * seconds));
        return column;
    }

    private int AddRatio(RatioRule? rule, string what)
    {
        if (rule is null)
        {
            return -1;
        }

        int seconds = SecondsOf(rule);
        int column = ColumnOf(what);
        _checks.Add(new BlockCheck(rule, SumOf(column, seconds), SumOf(ColumnOf("responses"), seconds), rule.Ratio, rule.WarningRatio)
        {
            MinTotal = rule.MinResponses,
            MinGlobalHitRatio = rule.MinGlobalHitRatio,
        });
        return column;
    }

    private int ColumnOf(string what)
    {
        _columns.TryAdd(what, _columns.Count);
        return _columns[what];
    }

    private int SumOf(int column, int seconds)
    {
        if (!_sums.Contains((column, seconds)))
        {
            _sums.Add((column, seconds));
        }

        return _sums.IndexOf((column, seconds));
    }
}
