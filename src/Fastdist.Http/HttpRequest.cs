using System;
using System.Collections.Generic;
using System.Text;

namespace Fastdist.Http;

/// <summary>Methods that matter (RFC 9110 section 9).</summary>
public enum HttpMethod : byte
{
    /// <summary>One of the others.</summary>
    Other,

    /// <summary>GET.</summary>
    Get,

    /// <summary>HEAD: GET whose response has no body.</summary>
    Head,

    /// <summary>POST.</summary>
    Post,

    /// <summary>OPTIONS: what may be asked.</summary>
    Options,
}

/// <summary>Schemes that matter (RFC 9113 section 8.3.1).</summary>
internal enum HttpScheme : byte
{
    /// <summary>One of the others.</summary>
    Other,

    /// <summary>http.</summary>
    Http,

    /// <summary>https.</summary>
    Https,
}

/// <summary>
/// View of a request that is complete, or that is too large to become so. Refers to the session's memory and is good
/// until the session is given more to do.
/// </summary>
public readonly ref struct HttpRequest
{
    private readonly Http2Stream _stream;

    internal HttpRequest(Http2Stream stream) => _stream = stream;

    /// <summary>The stream it came on, for the response.</summary>
    public int StreamId => _stream.Id;

    /// <summary>The method.</summary>
    public HttpMethod Method => _stream.Method;

    /// <summary>The target: path and query as they were sent.</summary>
    public ReadOnlySpan<byte> Target => _stream.Target.Span;

    /// <summary>The path as it was sent, without what follows a question mark.</summary>
    public ReadOnlySpan<byte> Path => Target is var target && target.IndexOf((byte)'?') is >= 0 and int mark ? target[..mark] : target;

    /// <summary>What follows the path, its question mark included; empty without one.</summary>
    public ReadOnlySpan<byte> Query => Target is var target && target.IndexOf((byte)'?') is >= 0 and int mark ? target[mark..] : default;

    /// <summary>Whom it was sent to, with the port where one was given; empty where nothing was said of that.</summary>
    public ReadOnlySpan<byte> Host => _stream.Host.Span;

    /// <summary><c>https</c> or <c>http</c>; empty for another scheme.</summary>
    public ReadOnlySpan<byte> Scheme => _stream.Scheme switch
    {
        HttpScheme.Https => "https"u8,
        HttpScheme.Http => "http"u8,
        _ => default,
    };

    /// <summary>Whether the body's type is <c>application/dns-message</c>.</summary>
    public bool IsDnsMessage => _stream.IsDnsMessage;

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Body => _stream.Body.Span;

    /// <summary>The last X-Forwarded-For field; empty without one.</summary>
    public ReadOnlySpan<byte> ForwardedFor => _stream.ForwardedFor.Span;

    /// <summary>All header fields in their order, those that begin with a colon among them; none where the session does not keep them.</summary>
    public HttpFields Fields => new(_stream.Fields.Span);

    /// <summary>Looks for the first field of a name; there are none where the session does not keep them.</summary>
    /// <param name="name">Its name in lower case.</param>
    /// <param name="value">Its value.</param>
    public bool TryGetField(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value) => FieldList.TryGet(_stream.Fields.Span, name, out value);

    /// <summary>All header fields in their order; none where the session does not keep them.</summary>
    public IReadOnlyList<(string Name, string Value)> ReadFields()
    {
        ReadOnlySpan<byte> list = _stream.Fields.Span;
        var fields = new List<(string, string)>();
        for (int at = 0; at < list.Length;)
        {
            at = FieldList.Read(list, at, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value);
            fields.Add((Encoding.Latin1.GetString(name), Encoding.Latin1.GetString(value)));
        }

        return fields;
    }

    /// <summary>Whether the header fields were more than the session takes; not all of them were kept.</summary>
    public bool IsHeaderTooLarge => _stream.IsHeaderTooLarge;

    /// <summary>Whether the body was more than the session takes; it was not kept.</summary>
    public bool IsBodyTooLarge => _stream.IsBodyTooLarge;

    /// <summary>Whether it was not kept because all requests together held too much.</summary>
    public bool IsOverBudget => _stream.IsOverBudget;
}
