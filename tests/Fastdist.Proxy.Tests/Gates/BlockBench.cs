using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Gates;

/// <summary>What tests of blocks have in common.</summary>
internal static class BlockBench
{
    /// <summary>Settings with rules for queries.</summary>
    public static ProxyOptions With(params RuleAction[] actions) => With(ChainKind.Query, actions);

    /// <summary>Settings with rules of a chain, about everything.</summary>
    public static ProxyOptions With(ChainKind chain, params RuleAction[] actions) => With(chain, [.. actions.Select(static action => new Rule(new AllSelector(), action))]);

    /// <summary>Settings with rules of a chain.</summary>
    public static ProxyOptions With(ChainKind chain, params Rule[] rules) => new() { Frontends = [], Backends = [], Rules = RuleChains.None.With(chain, rules) };

    /// <summary>Blocks clients, of a network or with a whole address, and names for a hundred seconds.</summary>
    /// <returns>The blocks.</returns>
    public static Block[] Block(this ShardContext shard, BlockTerms terms, params string[] whats)
    {
        var table = new BlockTable();
        foreach (string what in whats)
        {
            if (IPNetwork.TryParse(what.Contains('/', StringComparison.Ordinal) ? what : $"{what}/32", out IPNetwork network))
            {
                table.Add(RangeOf(network), terms, shard.Clock.Shared);
            }
            else if (DomainName.TryParse(Encoding.ASCII.GetBytes(what), out DomainName? name))
            {
                table.Add(name, terms, shard.Clock.Shared);
            }
        }

        shard.Blocks.Snapshot = table.Snapshot();
        return [.. table.All];
    }

    /// <summary>Counts for a group.</summary>
    public static BlockGroup Count(this ShardContext shard, BlockRules rules)
    {
        var group = new BlockGroup(rules, 1, places: 64);
        shard.Blocks.Use([group.Counters[0]]);
        shard.Blocks.Tick(0);
        return group;
    }

    /// <summary>Has what was counted be looked at.</summary>
    public static IEnumerable<Block> Blocked(this BlockGroup group, ShardContext shard)
    {
        shard.Blocks.Tick(1_000_000);
        var table = new BlockTable();
        group.Begin(table, 1_000_000, 0);
        while (!group.Step(1_000))
        {
        }

        return table.All;
    }

    private static BlockedRange RangeOf(IPNetwork network)
    {
        var address = SocketAddress.From(new IPEndPoint(network.BaseAddress, 0));
        return BlockedRange.Of(in address, network.BaseAddress.GetAddressBytes().Length == 4 ? new AddressMasks(network.PrefixLength, 128) : new AddressMasks(32, network.PrefixLength));
    }
}
