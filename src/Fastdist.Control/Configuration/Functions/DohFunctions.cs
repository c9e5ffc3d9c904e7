using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Http;
using Fastdist.Lua;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Responses;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Frontends of DNS over HTTPS, and what requests to them are answered that is no DNS.</summary>
internal static class DohFunctions
{
    private const string Protocol = "DoH";

    /// <summary>All functions of it.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        new Function("getDOHFrontend", "n", "the DNS-over-HTTPS frontend with this number, from 0; in a configuration of those added so far", static (script, arguments) => Find(script, arguments.Index(0, "n"))) { Least = 1, Most = 1 },
        new Function("getDOHFrontendCount", "", "number of DNS-over-HTTPS frontends", static (script, _) => LuaValue.Of(IsRunning(script) ? script.Operator.CountFrontends(Protocol) : Written(script).Length)),
        new Function("newDOHResponseMapEntry", "pattern, status, content[, headers]", "a response for requests whose path the pattern is found in; where it is a redirection, the content is where it goes", (_, arguments) =>
        {
            Pattern pattern = arguments.Pattern(0, PatternSyntax.PosixExtended);
            return MapEntryObject.Of(new PatternResponse(pattern, Made(arguments, 1, "", arguments.Has(3) ? Headers(arguments, 3) : null)));
        }) { Least = 3, Most = 4 },
    ];

    /// <summary>A response that a rule makes of status, body and type.</summary>
    /// <exception cref="ScriptException">There is no such response.</exception>
    public static FixedResponse OfRule(Arguments arguments)
    {
        string type = arguments.String(2, "contentType", "");

        // As in dnsdist, where an answer without a type is DNS if all is well.
        return Made(arguments, 0, type.Length == 0 && StatusAt(arguments, 0) == HttpStatus.Ok ? "application/dns-message" : type, headers: null);
    }

    private static bool IsRunning(Script script) => script.Occasion == Occasion.Console;

    private static LuaValue Find(Script script, int index)
    {
        if (IsRunning(script))
        {
            return FrontendObject.Of(script.Operator.Frontend(Protocol, index));
        }

        FrontendOptions[] written = Written(script);
        return index < written.Length
            ? FrontendObject.Of(written[index])
            : throw new ScriptException($"there is no {Protocol} frontend {index}: up to here {written.Length} were added, the first of which is 0");
    }

    /// <summary>Those that a configuration has added up to here.</summary>
    private static FrontendOptions[] Written(Script script) => [.. script.Draft.Frontends.Select(static frontend => frontend.Options).Where(static options => options.Doh is not null)];

    private static int StatusAt(Arguments arguments, int index) => arguments.Integer(index, "status", 200, 599);

    private static FixedResponse Made(Arguments arguments, int index, string type, IReadOnlyList<KeyValuePair<string, string>>? headers)
    {
        int status = StatusAt(arguments, index);
        byte[] content = arguments.Bytes(index + 1, "content");
        return FixedResponse.Objection(status, content, type, headers) is { } objection ? throw new ScriptException(objection) : new FixedResponse(status, content, type, headers);
    }

    private static List<KeyValuePair<string, string>> Headers(Arguments arguments, int index) =>
        [.. arguments.Table(index, "headers").Fields.Select(header => header.Value is LuaString or LuaNumber
            ? new KeyValuePair<string, string>($"{header.Key}".ToLowerInvariant(), $"{header.Value}")
            : throw arguments.Wrong(index, "headers", "a table of NAME=\"value\""))];
}
