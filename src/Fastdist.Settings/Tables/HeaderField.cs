using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Settings.Tables;

/// <summary>Reads a header field of HTTP (RFC 9110 section 5) that is written as <c>NAME:VALUE</c>.</summary>
internal static class HeaderField
{
    private const int MostOfWebServer = 50;

    private static readonly SearchValues<char> s_token = SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    /// <summary>What says where a response ends, how its connection goes on, or that something has to be shown.</summary>
    private static readonly string[] s_ofTheServer =
        ["connection", "content-length", "content-type", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "www-authenticate"];

    /// <summary>Takes one apart, the name in lower case.</summary>
    public static KeyValuePair<string, string> Split(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new(text[..colon].Trim().ToLowerInvariant(), text[(colon + 1)..].Trim())
            : throw new FormatException("expected NAME:VALUE, such as x-served-by:ns1");
    }

    /// <summary>Writes one as it is read.</summary>
    public static string Join(KeyValuePair<string, string> field) => $"{field.Key}:{field.Value}";

    /// <summary>Reads one of the web server's, which may have no value.</summary>
    /// <param name="others">Those it has.</param>
    /// <param name="text">What was written.</param>
    public static KeyValuePair<string, string> OfWebServer(IReadOnlyList<KeyValuePair<string, string>> others, string text)
    {
        (string name, string value) = Split(text);
        return others.Count >= MostOfWebServer ? throw new FormatException($"{MostOfWebServer} header fields are the most")
            : others.Any(other => other.Key == name) ? throw new FormatException($"'{name}' is given twice: leave one of them out")
            : name.Length == 0 || name.AsSpan().ContainsAnyExcept(s_token) ? throw new FormatException($"'{name}' is no name of a header field")
            : s_ofTheServer.Contains(name) ? throw new FormatException($"'{name}' is the web server's own")
            : !value.All(c => c is >= ' ' and <= '~' or '\t') ? throw new FormatException($"'{value}' is no value of a header field")
            : new(name, value);
    }
}
