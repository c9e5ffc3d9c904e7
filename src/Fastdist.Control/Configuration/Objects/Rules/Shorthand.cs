using System.Collections.Generic;
using System.Net;
using Fastdist.Control.Configuration.Language;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;

namespace Fastdist.Control.Configuration.Objects.Rules;

/// <summary>
/// What stands for a selector where a rule is made: a network, which the client's address is looked for in, a name, which stands for all below it, or a
/// table of such. Each text that is no network is a name.
/// </summary>
internal static class Shorthand
{
    private const string Expected = "a selector such as QTypeRule(DNSQType.ANY), a name, a network, or a table of names and networks";

    /// <summary>The selector of an argument.</summary>
    public static Selector Read(Script script, Arguments arguments, int index) => arguments[index] switch
    {
        LuaObject { Target: Selector selector } => selector,
        LuaTable table => Read(script, table),
        LuaString or LuaObject { Target: Variable<DomainName> } => OfAll([arguments[index]]),
        _ => throw arguments.Wrong(index, "selector", Expected),
    };

    private static Selector Read(Script script, LuaTable table)
    {
        LuaValue[] items = [.. RuleArguments.InOrder(table)];
        if (items.Length == 0)
        {
            script.Warn(script.Place, "a rule of an empty table matches nothing");
        }

        return OfAll(items);
    }

    /// <summary>Where there are names and networks, either will do; dnsdist loses the names.</summary>
    private static Selector OfAll(IReadOnlyList<LuaValue> items)
    {
        var networks = new NetmaskGroup();
        var names = new SuffixSet();
        foreach (LuaValue item in items)
        {
            if (ValueArguments.NetworkIn(item) is (IPNetwork network, bool isIn))
            {
                networks.Add(network, isIn);
            }
            else
            {
                names.Add(NameIn(item));
            }
        }

        return networks.Count == 0 ? new SuffixSelector(names)
            : names.Count == 0 ? new NetmaskSelector(networks)
            : new OrSelector([new NetmaskSelector(networks), new SuffixSelector(names)]);
    }

    private static DomainName NameIn(LuaValue item)
    {
        var arguments = new Arguments([item]);
        return item is LuaObject { Target: Selector }
            ? throw arguments.Wrong(0, "selector", "names and networks only in the table, as OrRule takes a table of selectors")
            : item is LuaString or LuaObject { Target: Variable<DomainName> } ? arguments.Name(0) : throw arguments.Wrong(0, "selector", Expected);
    }
}
