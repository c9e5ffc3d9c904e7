using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Http;
using Fastdist.Lua;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Responses;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>What requests over HTTPS are answered that is no DNS.</summary>
internal static class DohFunctions
{
    /// <summary>All functions of it.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
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
