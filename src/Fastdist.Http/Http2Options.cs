using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>Settings of the sessions of a frontend. The values it holds are native and live as long as the process.</summary>
public sealed unsafe class Http2Options
{
    /// <summary>Most header fields that can be added to a response.</summary>
    public const int MaxExtraHeaders = 16;

    private readonly HeaderField[] _extraHeaders = [];

    /// <summary>Requests a connection may have open at once (SETTINGS_MAX_CONCURRENT_STREAMS).</summary>
    public int MaxConcurrentStreams { get; init; } = 100;

    /// <summary>
    /// Bytes that the header fields of one request may have, each counted with 32 more (RFC 9113 section 6.5.2); beyond, it is answered with 431.
    /// nghttp2 itself ends a connection whose header block exceeds 64 kB.
    /// </summary>
    public int MaxHeaderSize { get; init; } = 16_384;

    /// <summary>Frames a second that carry no request (SETTINGS, PING, WINDOW_UPDATE, empty DATA, ...), besides one for each request.</summary>
    public int MaxControlFrames { get; init; } = 200;

    /// <summary>Streams that either side may reset a second.</summary>
    public int MaxResets { get; init; } = 100;

    /// <summary>Whether all header fields of a request are kept, for whoever wants to look at them.</summary>
    public bool KeepsFields { get; init; }

    /// <summary>Bytes that a request's body may have; beyond, it is answered with 413.</summary>
    public int MaxBodySize { get; init; } = ushort.MaxValue;

    /// <summary>Header fields added to every response, names in lower case.</summary>
    /// <exception cref="ArgumentException">There is an <see cref="Objection"/> to them.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> ExtraHeaders
    {
        init => _extraHeaders = Objection(value) is { } objection ? throw new ArgumentException(objection) : [.. value.Select(Field)];
    }

    /// <summary>Which web pages' scripts may ask; null for none, as without CORS.</summary>
    public CorsPolicy? Cors { get; init; }

    internal ReadOnlySpan<HeaderField> Extra => _extraHeaders;

    /// <summary>Why header fields cannot be added: too many, or not of RFC 9110 section 5; null when they can.</summary>
    public static string? Objection(IReadOnlyList<KeyValuePair<string, string>> headers) =>
        ObjectionBesides(["content-length", "content-type", "date", "cache-control"], headers);

    /// <summary>The same, where these are told already.</summary>
    internal static string? ObjectionBesides(string[] ours, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        const string Others = "!#$%&'*+-.^_`|~";
        string[] connectionSpecific = ["connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade"];
        if (headers.Count > MaxExtraHeaders)
        {
            return $"{headers.Count} header fields where {MaxExtraHeaders} are the most";
        }

        foreach ((string name, string value) in headers)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || Others.Contains(c)))
            {
                return $"'{name}' is no name of a header field";
            }

            if (connectionSpecific.Contains(name))
            {
                return $"'{name}' is no header field of HTTP/2 (RFC 9113, 8.2.2)";
            }

            if (ours.Contains(name))
            {
                return $"'{name}' is told with every response already";
            }

            if (!IsValue(value))
            {
                return $"'{value}' is no value of a header field";
            }
        }

        return null;
    }

    /// <summary>Whether a header field can have a value (RFC 9110 section 5.5): what can be printed, without white space around it.</summary>
    internal static bool IsValue(string value) => value.All(c => c is >= ' ' and <= '~' or '\t') && value.Trim().Length == value.Length;

    /// <summary>A field of native values.</summary>
    internal static HeaderField Field(KeyValuePair<string, string> header) => new()
    {
        Name = Copy(header.Key),
        NameLength = (nuint)header.Key.Length,
        Value = Copy(header.Value),
        ValueLength = (nuint)header.Value.Length,
        Flags = NgHttp2.NoCopyName | NgHttp2.NoCopyValue,
    };

    private static byte* Copy(string text)
    {
        var bytes = (byte*)NativeMemory.Alloc((nuint)text.Length + 1);
        Encoding.ASCII.GetBytes(text, new Span<byte>(bytes, text.Length));
        return bytes;
    }
}
