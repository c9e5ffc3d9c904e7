using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>
/// Which web pages' scripts may ask and read the answers (CORS: Fetch, section 3.3). The values it holds are native and
/// live as long as the process.
/// </summary>
public sealed class CorsPolicy
{
    /// <summary>Every page's scripts.</summary>
    public const string Any = "*";

    /// <summary>The place of an origin that is none of ours.</summary>
    internal const int None = -1;

    private readonly HeaderField[] _allowed;

    /// <param name="origins">Origins such as <c>https://page.example</c>, or <see cref="Any"/> alone.</param>
    /// <exception cref="ArgumentException">There is an <see cref="Objection"/> to them.</exception>
    public CorsPolicy(IReadOnlyList<string> origins)
    {
        if (Objection(origins) is { } objection)
        {
            throw new ArgumentException(objection);
        }

        IsAny = origins.Contains(Any);
        _allowed = [.. origins.Select(origin => Http2Options.Field(new("access-control-allow-origin", origin)))];
    }

    /// <summary>Whether the answer is the same for every origin, so that caches need not tell them apart.</summary>
    internal bool IsAny { get; }

    /// <summary>Why these cannot be origins; null when they can.</summary>
    public static string? Objection(IReadOnlyList<string> origins)
    {
        if (origins.Count > 1 && origins.Contains(Any))
        {
            return $"'{Any}' is every origin already: keep it alone, or only the others";
        }

        string? wrong = origins.FirstOrDefault(origin => origin != Any && !IsOrigin(origin));
        return wrong is null ? null : $"'{wrong}' is no origin as browsers write it, such as https://page.example or https://page.example:8443, nor '{Any}'";
    }

    /// <summary>The place of a request's origin among those allowed; <see cref="None"/> when it is none of them.</summary>
    internal unsafe int Find(ReadOnlySpan<byte> origin)
    {
        for (int i = 0; i < _allowed.Length; i++)
        {
            if (origin.SequenceEqual(new ReadOnlySpan<byte>(_allowed[i].Value, (int)_allowed[i].ValueLength)))
            {
                return i;
            }
        }

        return None;
    }

    /// <summary>Finds what to say to a request whose origin has this place.</summary>
    /// <returns>False when nothing is to be said, so that the browser keeps the answer from the script.</returns>
    internal bool TryGet(int place, out HeaderField allowed)
    {
        allowed = IsAny ? _allowed[0] : place != None ? _allowed[place] : default;
        return IsAny || place != None;
    }

    // Scheme, host and port, in lower case and without what would follow (RFC 6454 section 6.2).
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0 && text == uri.GetLeftPart(UriPartial.Authority) && uri.UserInfo.Length == 0;
}
