using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Control.Configuration.Objects.Blocks;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Proxy;
using Fastdist.Rules.Addresses;
using Fastdist.Rules.Blocks;
using Fastdist.Settings.Rules;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Control.Configuration.Functions.Blocks;

/// <summary>Who and what is blocked for a time.</summary>
internal static class BlockFunctions
{
    private const int UsualSeconds = 10;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        new Function("dynBlockRulesGroup", "", "rules by which clients and names are blocked for a time, once it is applied", static (_, _) => GroupObject.Make()),
        Function.Doing("setDynBlocksAction", "action", "what is done with the queries of who is blocked, where the block does not say it", 1, 1, static (script, arguments) =>
        {
            BlockAction action = arguments.ActionOfBlock(0);
            if (action is BlockAction.None or BlockAction.SetTag)
            {
                throw arguments.Wrong(0, "action", "DNSAction.Drop, Nxdomain, Refused, Truncate, NoRecurse or NoOp");
            }

            script.Draft.ChangeProxy(proxy => proxy with { BlockAction = action });
        }),
        Function.Doing("setDynBlocksPurgeInterval", "seconds", "seconds between two searches for blocks that are over", 1, 1, static (script, arguments) =>
        {
            int seconds = arguments.Integer(0, "seconds", 1, 86400);
            script.Draft.ChangeProxy(proxy => proxy with { BlockPurgeInterval = seconds });
        }),
        Function.Doing("addDynBlocks", "{[address]=number, ...}, message[, seconds[, action]]", "block the addresses that are a table's keys", 2, 4, AddBlocks) with { IsForProcess = true },
        Function.Doing("addDynamicBlock", "address, message[, action[, seconds[, mask[, portMask[, options]]]]]", "block an address", 2, 7, AddBlock) with { IsForProcess = true },
        Function.Doing("addDynBlockSMT", "name | {name, ...}, message[, seconds[, action[, options]]]", "block names with all below them", 2, 5, AddNames) with { IsForProcess = true },
        Function.Doing("rmDynBlock", "what", "take one block away, by what showDynBlocks lists it as", 1, 1, static (script, arguments) =>
        {
            string what = arguments.String(0, "what");
            DynamicBlocks blocks = script.Operator.Blocks;
            if (blocks.All.All(block => block.What != what))
            {
                throw new ScriptException($"'{what}' is not blocked: see showDynBlocks()");
            }

            script.Later(() => blocks.Remove(what));
        }) with { IsForProcess = true },
        Function.Doing("clearDynBlocks", "", "take all blocks away", 0, 0, static (script, _) => script.Later(script.Operator.Blocks.Clear)) with { IsForProcess = true },
        Function.Printing("showDynBlocks", "print who and what is blocked, and how long still", static actor => actor.ShowBlocks()),
        Listing("getDynamicBlocks", "clients that are blocked, by what each is listed as", static block => block.Range is not null),
        Listing("getDynamicBlocksSMT", "names that are blocked", static block => block.Name is not null),
        .. ExceedFunctions.All,
    ];

    private static Function Listing(string name, string help, Func<Block, bool> isMeant) => new(name, "", help, (script, _) =>
        new LuaTable([], [.. script.Operator.Blocks.All.Where(isMeant).Select(block => (LuaValue.Of(block.What), NodeObjects.Of(block, block.SecondsLeft(script.Operator.Blocks.Now))))]))
    { IsForProcess = true };

    private static void AddBlocks(Script script, Arguments arguments)
    {
        BlockTerms terms = new(arguments.String(1, "message"), arguments.BlockSeconds(2, UsualSeconds)) { Action = arguments.ActionOfBlock(3) };
        BlockedRange[] ranges = [.. arguments.Table(0, "addresses").Fields.Select(static field => RangeOf(new Arguments([field.Key]), new AddressMasks(32, 128)))];
        DynamicBlocks blocks = script.Operator.Blocks;
        script.Later(() => Array.ForEach(ranges, range => blocks.Add(range, terms)));
    }

    private static void AddBlock(Script script, Arguments arguments)
    {
        (string? tag, string? value) = BlockArguments.Tag(script, arguments.Options(6));
        BlockTerms terms = new(arguments.String(1, "message"), arguments.BlockSeconds(3, UsualSeconds)) { Action = arguments.ActionOfBlock(2), TagName = tag, TagValue = value };
        IPAddress address = arguments.Address(0).Address;
        bool isV4 = SocketAddress.Unmapped(address).GetAddressBytes().Length == 4;
        int mask = arguments.Has(4) ? arguments.Integer(4, "mask", 0, isV4 ? 32 : 128) : isV4 ? 32 : 128;
        BlockedRange range = RangeOf(arguments, new AddressMasks(isV4 ? mask : 32, isV4 ? 128 : mask, arguments.Has(5) ? arguments.Integer(5, "portMask", 0, 16) : 0));
        DynamicBlocks blocks = script.Operator.Blocks;
        script.Later(() => blocks.Add(range, terms));
    }

    private static void AddNames(Script script, Arguments arguments)
    {
        (string? tag, string? value) = BlockArguments.Tag(script, arguments.Options(4));
        BlockTerms terms = new(arguments.String(1, "message"), arguments.BlockSeconds(2, UsualSeconds)) { Action = arguments.ActionOfBlock(3), TagName = tag, TagValue = value };
        DomainName[] names = [.. arguments.Names(0)];
        DynamicBlocks blocks = script.Operator.Blocks;
        script.Later(() => Array.ForEach(names, name => blocks.Add(name, terms)));
    }

    private static BlockedRange RangeOf(Arguments arguments, AddressMasks masks)
    {
        var address = SocketAddress.From(new IPEndPoint(SocketAddress.Unmapped(arguments.Address(0).Address), arguments.Address(0).Port));
        return BlockedRange.Of(in address, masks);
    }
}
