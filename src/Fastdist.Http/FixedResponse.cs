using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>
/// A response that an operator wrote, laid out once: sending it copies no body and makes no text. Of a redirection what was written is where it goes, and
/// the body a line with that link, as in dnsdist. Equal to another that says the same.
/// Invariant: the fields point into pinned memory that the object holds, so they are good for as long as it is.
/// </summary>
public sealed unsafe class FixedResponse : IEquatable<FixedResponse>
{
    /// <summary>Bytes that a body may have.</summary>
    public const int MaxBody = 1 << 20;

    /// <summary>Most fields besides the operator's: status, type, length and location.</summary>
    private const int OwnFields = 4;

    /// <summary>Most fields that one can have.</summary>
    internal const int MostFields = OwnFields + Http2Options.MaxExtraHeaders;

    private const int NotModified = 304;
    private const string Html = "text/html; charset=utf-8";
    private const string PlainText = "text/plain; charset=utf-8";

    private readonly HeaderField[] _fields;
    private readonly List<KeyValuePair<string, string>> _texts;
    private readonly byte[] _pinned;
    private readonly bool _hasOwnHeaders;
    private readonly bool _namesServer;

    /// <param name="status">Status, 200 to 599.</param>
    /// <param name="content">The body; of a redirection where it goes.</param>
    /// <param name="contentType">Type of the body; empty for <c>text/plain</c>, or none where the status is 200.</param>
    /// <param name="headers">Header fields in place of those of every response, names in lower case; null for those. May tell the type, too.</param>
    /// <exception cref="ArgumentException">There is an <see cref="Objection"/> to it.</exception>
    public FixedResponse(int status, byte[] content, string contentType = "", IReadOnlyList<KeyValuePair<string, string>>? headers = null)
    {
        if (Objection(status, content, contentType, headers) is { } objection)
        {
            throw new ArgumentException(objection);
        }

        Status = status;
        string location = IsRedirection(status) ? Encoding.ASCII.GetString(content) : "";
        Body = location.Length == 0 ? content : Encoding.ASCII.GetBytes(PageAbout(location));
        _hasOwnHeaders = headers is not null;
        _namesServer = Tells(headers, "server");
        _texts = [.. Texts(status, Body.Length, contentType, location, headers)];
        _pinned = GC.AllocateArray<byte>(_texts.Sum(static text => text.Key.Length + text.Value.Length), pinned: true);
        _fields = LayOut(_texts, _pinned);
    }

    /// <summary>Its status.</summary>
    public int Status { get; }

    /// <summary>Its body, which nobody changes.</summary>
    public byte[] Body { get; }

    /// <summary>Whether it sends the client elsewhere.</summary>
    public bool IsRedirect => IsRedirection(Status);

    /// <summary>Its fields, the status first.</summary>
    internal ReadOnlySpan<HeaderField> Fields => _fields;

    /// <summary>Why there cannot be such a response; null when there can.</summary>
    public static string? Objection(int status, ReadOnlySpan<byte> content, string contentType, IReadOnlyList<KeyValuePair<string, string>>? headers)
    {
        string[] ours = IsRedirection(status) ? ["content-length", "date", "location"] : ["content-length", "date"];
        return status switch
        {
            < 200 or > 599 => $"{status} is no status of a response: it is 200 to 599",
            HttpStatus.NoContent or NotModified when content.Length > 0 => $"a response of status {status} has no body (RFC 9110, 15.3.5 and 15.4.5)",
            _ when content.Length > MaxBody => $"a body of {content.Length} bytes, where {MaxBody} are the most",
            _ when IsRedirection(status) && (content.IsEmpty || content.Contains((byte)' ') || !Http2Options.IsValue(Encoding.Latin1.GetString(content))) =>
                $"a response of status {status} needs where it goes in place of a body, such as https://www.example.net/",
            _ when !Http2Options.IsValue(contentType) => $"'{contentType}' is no type of a body, such as text/html",
            _ when contentType.Length > 0 && Tells(headers, "content-type") => "the type of the body is told twice",
            _ => headers is null ? null : Http2Options.ObjectionBesides(ours, headers),
        };
    }

    /// <inheritdoc/>
    public bool Equals(FixedResponse? other) =>
        ReferenceEquals(this, other) || (other is not null && _hasOwnHeaders == other._hasOwnHeaders && Body.AsSpan().SequenceEqual(other.Body) && _texts.SequenceEqual(other._texts));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FixedResponse);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Status, Body.Length, _texts.Count);

    /// <summary>Whether a field of every response is to be told with it, too: those of the operator stand in place of others, but for the server's name.</summary>
    internal bool LeavesRoomFor(in HeaderField extra) =>
        !_hasOwnHeaders || (!_namesServer && new ReadOnlySpan<byte>(extra.Name, (int)extra.NameLength).SequenceEqual("server"u8));

    private static bool IsRedirection(int status) => status is >= 300 and < 400 and not NotModified;

    private static bool Tells(IReadOnlyList<KeyValuePair<string, string>>? headers, string name) => headers is not null && headers.Any(header => header.Key == name);

    private static IEnumerable<KeyValuePair<string, string>> Texts(int status, int length, string contentType, string location, IReadOnlyList<KeyValuePair<string, string>>? headers)
    {
        yield return new(":status", status.ToString(CultureInfo.InvariantCulture));
        string type = contentType.Length > 0 ? contentType : location.Length > 0 ? Html : status != HttpStatus.Ok && length > 0 ? PlainText : "";
        if (type.Length > 0 && !Tells(headers, "content-type"))
        {
            yield return new("content-type", type);
        }

        if (status is not (HttpStatus.NoContent or NotModified))
        {
            yield return new("content-length", length.ToString(CultureInfo.InvariantCulture));
        }

        if (location.Length > 0)
        {
            yield return new("location", location);
        }

        foreach (KeyValuePair<string, string> header in headers ?? [])
        {
            yield return header;
        }
    }

    private static string PageAbout(string location) => $"<!DOCTYPE html><TITLE>Moved</TITLE><P>The document has moved <A HREF=\"{WebUtility.HtmlEncode(location)}\">here</A>";

    private static HeaderField[] LayOut(List<KeyValuePair<string, string>> texts, byte[] pinned)
    {
        var fields = new HeaderField[texts.Count];
        int at = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            (string name, string value) = texts[i];
            fields[i] = new HeaderField { NameLength = (nuint)name.Length, ValueLength = (nuint)value.Length, Name = Add(name), Value = Add(value) };
        }

        return fields;

        // The memory is pinned, and the object that has the fields has it, too.
        byte* Add(string text)
        {
            Encoding.ASCII.GetBytes(text, pinned.AsSpan(at));
            var place = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned)) + at;
            at += text.Length;
            return place;
        }
    }
}
