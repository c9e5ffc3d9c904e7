using System.Collections.Generic;
using System.Linq;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>What every response tells a browser: nothing from elsewhere, nothing kept, nothing guessed, no frame around it, unless the operator has it otherwise.</summary>
internal sealed class ResponseHeaders
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly KeyValuePair<string, string>[] s_ours =
    [
        new("content-security-policy", Policy),
        new("x-content-type-options", "nosniff"),
        new("x-frame-options", "DENY"),
        new("cache-control", "no-store"),
        new("referrer-policy", "no-referrer"),
        new("cross-origin-resource-policy", "same-origin"),
    ];

    private readonly KeyValuePair<string, string>[] _all;

    /// <param name="custom">Fields in place of ours of that name, in lower case; one without a value takes ours away.</param>
    public ResponseHeaders(IReadOnlyList<KeyValuePair<string, string>> custom) =>
        _all = [.. s_ours.ExceptBy(custom.Select(field => field.Key), field => field.Key), .. custom.Where(field => field.Value.Length > 0)];

    /// <summary>Adds them.</summary>
    public void Add(IHeaderDictionary headers)
    {
        foreach ((string name, string value) in _all)
        {
            headers[name] = value;
        }
    }
}
