using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Files;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Rates;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Fastdist.Tls;

namespace Fastdist.Proxy;

/// <summary>Rules: compiled once for all shards, and what they keep is cleaned.</summary>
public sealed partial class ProxyServer
{
    private RateLimit? _clientRate;
    private ClientRates[] _rates = [];
    private TimedAddresses[] _timed = [];

    /// <summary>What is done with which queries and answers.</summary>
    public RuleChains Rules => _options.Rules;

    /// <summary>Opens the files that rules write to.</summary>
    /// <exception cref="TlsConfigurationException">Some cannot be written.</exception>
    private RuleLogPlan OpenRuleLogs(ProxyOptions options)
    {
        var report = new ReloadReport();
        RuleLogPlan plan = _ruleLogs.Prepare(options.Rules, report);
        if (report.Problems.Count > 0)
        {
            plan.Discard();
            throw new TlsConfigurationException(string.Join('\n', report.Problems));
        }

        return plan;
    }

    /// <summary>Has rules decide from now on; the pools that they name are there, and the files.</summary>
    private void UseRules(ProxyOptions options, RuleLogPlan logs)
    {
        _ruleLogs.Use(logs);
        _clientRate = options.ClientRate is not { } limit ? null : _clientRate?.Limit == limit ? _clientRate : new RateLimit(limit);
        CompiledRules rules = CompiledRules.Compile(options.Rules, _shards.Length, _pools.NumberOf, _clientRate, number => _pools[number].Name);
        Selector[] selectors = [.. options.Rules.All.SelectMany(static entry => PartsOf(entry.Rule.Selector))];
        _rates = [.. selectors.OfType<ClientRateSelector>().Select(static selector => selector.Rates).Append(_clientRate?.Rates).OfType<ClientRates>().Distinct()];
        _timed = [.. selectors.OfType<TimedAddressSelector>().Select(static selector => selector.Addresses).Distinct()];
        PostToAll(shard => shard.Use(rules));
        Blocks.DefaultAction = options.BlockAction;
        Blocks.PurgeInterval = options.BlockPurgeInterval;
    }

    /// <summary>Forgets clients that have not been seen for long, a piece at a time.</summary>
    private void CleanRules(long now)
    {
        foreach (ClientRates rates in _rates)
        {
            rates.Clean(now);
        }

        foreach (TimedAddresses addresses in _timed)
        {
            addresses.CleanUp(now);
        }
    }

    /// <summary>A selector and all that it is made of.</summary>
    private static IEnumerable<Selector> PartsOf(Selector selector) => selector switch
    {
        AndSelector and => and.Parts.SelectMany(PartsOf),
        OrSelector or => or.Parts.SelectMany(PartsOf),
        NotSelector not => PartsOf(not.Part),
        _ => [selector],
    };
}
