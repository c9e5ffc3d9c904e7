using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using Fastdist.Control.Configuration.Language;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Rules.Patterns;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Objects.Rules;

/// <summary>Reads what functions of rules are given: selectors, actions, types of records, patterns.</summary>
internal static class RuleArguments
{
    private const string TypeExpected = "a type such as DNSQType.AAAA or 'AAAA'";
    private const string NetworksExpected = "networks, as a NetmaskGroup, a string such as '192.0.2.0/24', or a table of strings";

    /// <summary>A selector, and nothing that only stands for one.</summary>
    public static Selector Selector(this Arguments arguments, int index) => arguments.Object<Selector>(index, "selector", "a selector such as AllRule()");

    /// <summary>A table of selectors, in the order of its keys.</summary>
    public static IReadOnlyList<Selector> Selectors(this Arguments arguments, int index) =>
        [.. InOrder(arguments.Table(index, "selectors")).Select(static item => item is LuaObject { Target: Selector selector }
            ? selector
            : throw new Arguments([item]).Wrong(0, "selectors", "a selector in each place of the table, where makeRule makes one of a name or network"))];

    /// <summary>An action.</summary>
    public static RuleAction Action(this Arguments arguments, int index) => arguments.Object<RuleAction>(index, "action", "an action such as DropAction()");

    /// <summary>The type of a record, as a number or by its name.</summary>
    public static RecordType Type(this Arguments arguments, int index, string name = "type") => TypeIn(arguments[index]) ?? throw WrongType(arguments, index, name);

    /// <summary>Types of records: one, or a table of them.</summary>
    public static IReadOnlyList<RecordType> Types(this Arguments arguments, int index) => arguments[index] is LuaTable table
        ? [.. InOrder(table).Select(static item => TypeIn(item) ?? throw WrongType(new Arguments([item]), 0, "types"))]
        : [arguments.Type(index, "types")];

    /// <summary>The type of a record; null for what is none.</summary>
    public static RecordType? TypeIn(LuaValue value) => value switch
    {
        LuaNumber number => number.Value is >= 0 and <= ushort.MaxValue && number.Value == Math.Floor(number.Value) ? (RecordType)number.Value : null,
        LuaString text when RecordTypes.TryParse(text.Text, out RecordType type) => type,
        LuaString text when ushort.TryParse(text.Text.StartsWith('#') ? text.Text[1..] : text.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) => (RecordType)number,
        _ => null,
    };

    /// <summary>A pattern.</summary>
    public static Pattern Pattern(this Arguments arguments, int index, PatternSyntax syntax)
    {
        string text = arguments.String(index, "pattern");
        return Fastdist.Rules.Patterns.Pattern.TryParse(text, syntax, out Pattern? pattern, out string error)
            ? pattern
            : throw new ScriptException($"argument {index + 1}, pattern: '{text}': {error}");
    }

    /// <summary>Networks, some of which may be excluded.</summary>
    public static NetmaskGroup Networks(this Arguments arguments, int index)
    {
        if (arguments[index] is LuaObject { Target: NetmaskGroup given })
        {
            return given;
        }

        var group = new NetmaskGroup();
        foreach (LuaValue item in arguments[index] is LuaTable table ? InOrder(table) : [arguments[index]])
        {
            (IPNetwork network, bool isIn) = ValueArguments.NetworkIn(item) ?? throw new Arguments([item]).Wrong(0, "networks", NetworksExpected);
            group.Add(network, isIn);
        }

        return group;
    }

    /// <summary>One network.</summary>
    public static IPNetwork Network(this Arguments arguments, int index) => ValueArguments.NetworkIn(arguments[index]) is (IPNetwork network, true)
        ? network
        : throw arguments.Wrong(index, "network", "a network such as '192.0.2.0/24' or '2001:db8::/32'");

    /// <summary>Names that stand for all below them.</summary>
    public static SuffixSet Suffixes(this Arguments arguments, int index)
    {
        if (arguments[index] is LuaObject { Target: SuffixSet given })
        {
            return given;
        }

        var suffixes = new SuffixSet();
        foreach (DomainName name in arguments.Names(index))
        {
            suffixes.Add(name);
        }

        return suffixes;
    }

    /// <summary>A pool, which is there from then on.</summary>
    public static string Pool(this Arguments arguments, int index, Script script)
    {
        string pool = PoolNames.Read(arguments.String(index, "pool"));
        script.Draft.HavePool(pool);
        return pool;
    }

    /// <summary>A bound and the one above it.</summary>
    public static (int Least, int Most) Range(this Arguments arguments, int index, int limit)
    {
        int least = arguments.Integer(index, "least", 0, limit);
        int most = arguments.Integer(index + 1, "most", 0, limit);
        return least <= most ? (least, most) : throw new ScriptException($"{least} is more than {most}: the least comes first");
    }

    /// <summary>A number, or what stands for it when there is none.</summary>
    public static int IntegerOr(this Arguments arguments, int index, string name, int least, int most, int otherwise) => arguments.Has(index) ? arguments.Integer(index, name, least, most) : otherwise;

    /// <summary>A boolean, or what stands for it when there is none.</summary>
    public static bool BooleanOr(this Arguments arguments, int index, string name, bool otherwise) => arguments.Has(index) ? arguments.Boolean(index, name) : otherwise;

    /// <summary>What a table holds: by number where keys are numbers, whichever, then by name.</summary>
    public static IEnumerable<LuaValue> InOrder(LuaTable table) =>
    [
        .. table.Items.Select(static (item, i) => (Key: i + 1.0, Value: item))
            .Concat(table.Fields.Where(static field => field.Key is LuaNumber).Select(static field => (Key: ((LuaNumber)field.Key).Value, field.Value)))
            .OrderBy(static entry => entry.Key).Select(static entry => entry.Value),
        .. table.Fields.Where(static field => field.Key is not LuaNumber).OrderBy(static field => $"{field.Key}", StringComparer.Ordinal).Select(static field => field.Value),
    ];

    private static ScriptException WrongType(Arguments arguments, int index, string name)
    {
        string near = arguments[index] is LuaString text ? Nearest.Suggest(text.Text, RecordTypes.Named.Select(static type => type.Text)) : "";
        return new ScriptException($"{arguments.Wrong(index, name, TypeExpected).Message}{near}");
    }
}
