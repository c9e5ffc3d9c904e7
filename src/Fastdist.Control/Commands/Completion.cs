using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Control.Commands;

/// <summary>How a line that an operator has begun might go on.</summary>
internal static class Completion
{
    /// <summary>Whole lines that begin with what is there already.</summary>
    public static IReadOnlyList<string> Of(string prefix)
    {
        int colon = prefix.LastIndexOf(':');
        string begun = prefix[(colon + 1)..];
        ObjectKind owner = colon < 0 ? ObjectKind.None : WhatGives(prefix[..colon]);
        if (colon >= 0 && owner == ObjectKind.None)
        {
            return [];
        }

        return [.. CommandTable.All
            .Where(c => c.Owner == owner && c.Name.StartsWith(begun, StringComparison.Ordinal))
            .Select(c => $"{prefix[..(colon + 1)]}{c.Name}({(c.Most == 0 ? ")" : "")}")];
    }

    /// <summary>What a call gives, which ends with what ends its arguments.</summary>
    private static ObjectKind WhatGives(string call)
    {
        int arguments = call.AsSpan().IndexOfAny("({\"'");
        if (arguments < 0 || !call.AsSpan()[^1..].ContainsAny(")}\"'"))
        {
            return ObjectKind.None;
        }

        string name = call[..arguments].Trim();
        return CommandTable.All.FirstOrDefault(c => c.Owner == ObjectKind.None && c.Name == name)?.Gives ?? ObjectKind.None;
    }
}
