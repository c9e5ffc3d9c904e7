using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Dns;
using Fastdist.Lua;
using Fastdist.Rules.Actions;
using Fastdist.Settings;
using Fastdist.Settings.Rules;
using Fastdist.Settings.Tables;
using static Fastdist.Control.Configuration.Objects.Rules.RuleObjects;

namespace Fastdist.Control.Configuration.Functions.Rules;

/// <summary>Actions that make an answer.</summary>
internal static class AnswerActionFunctions
{
    private const int HeaderSize = 12;
    private const int MostRcode = 15;
    private const int MostExtendedRcode = 4095;
    private const string Options = "[, {ttl=, aa=, ad=, ra=}]";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Acting("RCodeAction", $"rcode{Options}", "answer with an RCODE such as DNSRCode.REFUSED", 1, 2, static (script, arguments) =>
        {
            int rcode = arguments.Integer(0, "rcode", 0, MostExtendedRcode);
            return rcode <= MostRcode
                ? new RcodeAction((ushort)rcode, AnswerOptions.Read(script, arguments, 1, "RCodeAction").Traits)
                : throw new ScriptException($"the header has room for RCODEs up to {MostRcode} only: ERCodeAction puts {rcode} into the OPT, too");
        }),
        Acting("ERCodeAction", $"rcode{Options}", "answer with an RCODE of EDNS such as DNSRCode.BADCOOKIE, of which who asks without EDNS gets the lower four bits", 1, 2, static (script, arguments) =>
            new RcodeAction((ushort)arguments.Integer(0, "rcode", 0, MostExtendedRcode), AnswerOptions.Read(script, arguments, 1, "ERCodeAction").Traits, isExtended: true)),
        Acting("SpoofAction", $"address | {{address, ...}}{Options}", "answer with these addresses where one is asked for of a family that there is; other queries go on", 1, 3, Spoof),
        Acting("SpoofCNAMEAction", $"name{Options}", "answer with a CNAME to this name, whatever is asked", 1, 2, static (script, arguments) =>
            new SpoofCnameAction(arguments.Name(0), AnswerOptions.Read(script, arguments, 1, "SpoofCNAMEAction").Traits)),
        Acting("SpoofRawAction", "data | {data, ...}[, {ttl=, aa=, ad=, ra=, typeForAny=}]", "answer with records of this data, of the type that is asked for", 1, 2, SpoofRaw),
        Acting("SpoofPacketAction", "message, length", "answer with this message but for ID, RD and CD", 2, 2, SpoofPacket),
        Acting("NegativeAndSOAAction", "nxdomain, zone, ttl, mname, rname, serial, refresh, retry, expire, minimum[, {ttl=, aa=, ad=, ra=, soaInAuthoritySection=}]",
            "answer that there is no such name, or no such type, with an SOA", 10, 11, Negative),
        Acting("HTTPStatusAction", "status, body[, contentType[, options]]", "answer a query over HTTP with this status; where it is a redirection, the body is where it goes", 2, 4, static (script, arguments) =>
        {
            // Nothing of these is in a response of HTTP, but who writes them is told of what is no option.
            AnswerOptions.Read(script, arguments, 3, "HTTPStatusAction");
            return new HttpStatusAction(arguments.Integer(0, "status", 200, 599), arguments.Bytes(1, "body"), arguments.String(2, "contentType", ""));
        }),
    ];

    /// <summary>Two strings are how the addresses of both families were given once.</summary>
    private static RuleAction Spoof(Script script, Arguments arguments)
    {
        bool areTwo = arguments[1] is LuaString;
        if (arguments.Has(2) && !areTwo)
        {
            throw arguments.Wrong(1, "address", "an address, as there is a third argument");
        }

        LuaValue[] items = areTwo ? [arguments[0], arguments[1]] : arguments[0] is LuaTable table ? [.. RuleArguments.InOrder(table)] : [arguments[0]];
        return items.Length > 0
            ? new SpoofAddressesAction([.. items.Select(AddressIn)], AnswerOptions.Read(script, arguments, areTwo ? 2 : 1, "SpoofAction").Traits)
            : throw arguments.Wrong(0, "addresses", "at least one address");
    }

    private static IPAddress AddressIn(LuaValue item) => item switch
    {
        LuaObject { Target: Variable<AddressAndPort> address } => address.Value.Address,
        LuaString text when Values.IsAddress(text.Text, out IPAddress? address) => address,
        _ => throw new Arguments([item]).Wrong(0, "address", "an address such as '192.0.2.1' or '2001:db8::1', as SpoofCNAMEAction answers with a name"),
    };

    private static RuleAction SpoofRaw(Script script, Arguments arguments)
    {
        LuaValue[] items = arguments[0] is LuaTable table ? [.. RuleArguments.InOrder(table)] : [arguments[0]];
        byte[][] values =
        [
            .. items.Select(static item => item is LuaString { Bytes.Length: <= ushort.MaxValue } data
                ? data.Bytes.ToArray()
                : throw new Arguments([item]).Wrong(0, "data", $"a string of at most {ushort.MaxValue} bytes such as '\\192\\000\\002\\001'")),
        ];
        AnswerOptions options = AnswerOptions.Read(script, arguments, 1, "SpoofRawAction", "typeForAny");
        return values.Length > 0 ? new SpoofRawAction(values, options.TypeForAny, options.Traits) : throw arguments.Wrong(0, "data", "at least one string");
    }

    private static RuleAction SpoofPacket(Arguments arguments)
    {
        byte[] message = arguments.Bytes(0, "message");
        return message.Length is >= HeaderSize and <= ushort.MaxValue
            ? new SpoofPacketAction(message[..arguments.Integer(1, "length", HeaderSize, message.Length)])
            : throw new ScriptException($"argument 1, message: expected a message, which has {HeaderSize} to {ushort.MaxValue} bytes, got {message.Length} bytes");
    }

    private static RuleAction Negative(Script script, Arguments arguments)
    {
        bool isNxDomain = arguments.Boolean(0, "nxdomain");
        uint ttl = arguments.Unsigned(2, "ttl");
        var soa = new StartOfAuthority(
            arguments.Name(1), arguments.Name(3), arguments.Name(4), arguments.Unsigned(5, "serial"), arguments.Unsigned(6, "refresh"),
            arguments.Unsigned(7, "retry"), arguments.Unsigned(8, "expire"), arguments.Unsigned(9, "minimum"));
        AnswerOptions options = AnswerOptions.Read(script, arguments, 10, "NegativeAndSOAAction", "soaInAuthoritySection");
        return new NegativeAction(isNxDomain, soa, ttl, options.IsSoaInAuthority, options.Traits);
    }
}
