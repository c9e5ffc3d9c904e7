using System;
using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;

namespace Fastdist.Control.Configuration.Objects.Blocks;

/// <summary>Names with what was answered of them, and blocks, as objects that scripts look at.</summary>
internal static class NodeObjects
{
    /// <summary>Methods of a name, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> NodeMethods = [ValueMethod.Giving<StatNode>("numChildren", "", "names right below it", 0, static (self, _) => LuaValue.Of(self.NumChildren))];

    private static readonly LuaClass s_node = ObjectClass.Make<StatNode>("StatNode", "statnode", NodeMethods,
    [
        new("fullname", static (_, node) => LuaValue.Of($"{node.FullName}")),
        new("labelsCount", static (_, node) => LuaValue.Of(node.LabelsCount)),
    ], static node => $"{node.FullName}");

    private static readonly LuaClass s_statistics = ObjectClass.Make<NameStatistics>("StatNodeStats", "statnode", [],
    [
        new("queries", static (_, of) => LuaValue.Of(of.Queries)),
        new("noerrors", static (_, of) => LuaValue.Of(of.NoErrors)),
        new("nxdomains", static (_, of) => LuaValue.Of(of.NxDomains)),
        new("servfails", static (_, of) => LuaValue.Of(of.ServFails)),
        new("drops", static (_, of) => LuaValue.Of(of.Drops)),
        new("bytes", static (_, of) => LuaValue.Of(of.Bytes)),
        new("hits", static (_, of) => LuaValue.Of(of.Hits)),
    ], static of => $"{of.Queries} queries");

    private static readonly LuaClass s_block = ObjectClass.Make<ListedBlock>("DynBlock", "block", [],
    [
        new("reason", static (_, listed) => LuaValue.Of(listed.Block.Terms.Reason)),
        new("domain", static (_, listed) => LuaValue.Of(listed.Block.Name is { } name ? $"{name}" : "")),
        new("until", static (_, listed) => LuaValue.Of(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + listed.SecondsLeft)),
        new("blocks", static (_, listed) => LuaValue.Of(listed.Block.Hits)),
        new("action", static (_, listed) => LuaValue.Of(BlockArguments.NumberOf(listed.Block.Terms.Action))),
        new("warning", static (_, listed) => LuaValue.Of(listed.Block.Terms.IsWarning)),
        new("bpf", static (_, _) => LuaValue.Of(false)),
    ], static listed => listed.Block.What);

    /// <summary>The object of a block.</summary>
    public static LuaValue Of(Block block, long secondsLeft) => new LuaObject(s_block, new ListedBlock(block, secondsLeft));

    /// <summary>Asks a function whether a name is to be blocked; it may say why, and what is done then.</summary>
    /// <exception cref="LuaException">It failed.</exception>
    /// <exception cref="ScriptException">It says something else.</exception>
    public static StatVerdict Ask(LuaFunction visitor, StatNode node, in NameStatistics own, in NameStatistics children)
    {
        LuaValue[] said = visitor.CallForAll(new LuaObject(s_node, node), new LuaObject(s_statistics, own), new LuaObject(s_statistics, children));
        bool isBlocked = Of(said, 0) switch
        {
            LuaBoolean answer => answer.Value,
            LuaNil => false,
            LuaValue other => throw Unexpected("true or false", other),
        };
        return !isBlocked ? default : new StatVerdict(
            true,
            Of(said, 1) switch
            {
                LuaString { Bytes.Length: > 0 } reason => $"{reason}",
                LuaString or LuaNil => null,
                LuaValue other => throw Unexpected("a reason", other),
            },
            Of(said, 2) switch
            {
                LuaNumber action when BlockArguments.TryFind(action.Value, out BlockAction found) => found,
                LuaNil => null,
                LuaValue other => throw Unexpected("an action of DNSAction", other),
            });
    }

    private static LuaValue Of(LuaValue[] values, int index) => index < values.Length ? values[index] : LuaValue.Nil;

    private static ScriptException Unexpected(string expected, LuaValue given) => new($"the function that chooses names is to return whether to block, then why, then DNSAction's number: expected {expected}, got {Describe(given)}");

    private static string Describe(LuaValue value) => value is LuaNumber ? $"{value}" : value.Kind;

    private sealed record ListedBlock(Block Block, long SecondsLeft);
}
