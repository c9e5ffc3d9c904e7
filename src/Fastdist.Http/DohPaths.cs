using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Fastdist.Http;

/// <summary>Which targets are DNS, and how a message is found in a request (RFC 8484 section 4.1).</summary>
public sealed class DohPaths
{
    /// <summary>base64url (RFC 4648 section 5), and the padding that RFC 8484 does without. .NET's decoder passes over white space, and takes a percent sign for padding.</summary>
    private static readonly SearchValues<byte> s_base64Url = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="u8);

    private readonly byte[][] _paths;
    private readonly bool _exact;
    private readonly bool _answersOptions;

    /// <param name="paths">Paths that are served, each beginning with a slash.</param>
    /// <param name="exact">Whether what is below them is not.</param>
    /// <param name="answersOptions">Whether OPTIONS is a method that is served: a browser's question before it lets a script ask (CORS).</param>
    public DohPaths(IReadOnlyList<string> paths, bool exact, bool answersOptions = false)
    {
        _paths = [.. paths.Select(Normal)];
        _exact = exact;
        _answersOptions = answersOptions;
    }

    /// <summary>Finds the DNS message of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scratch">Room to decode into, 65,535 bytes.</param>
    /// <param name="message">The message, when the status is 200; refers to the request or to the room.</param>
    /// <returns>200, 204 where there is nothing to ask but what may be asked, or the status of the refusal.</returns>
    public int Read(in HttpRequest request, Span<byte> scratch, out ReadOnlySpan<byte> message)
    {
        message = default;
        int status = Find(in request, scratch);
        return status == HttpStatus.Ok ? ReadMessage(in request, scratch, out message) : status;
    }

    /// <summary>Whether there is something at a request's path at all.</summary>
    /// <param name="request">The request.</param>
    /// <param name="scratch">Room to decode into, 65,535 bytes.</param>
    /// <returns>200, or the status of the refusal.</returns>
    public int Find(in HttpRequest request, Span<byte> scratch) => request switch
    {
        { IsHeaderTooLarge: true } => HttpStatus.HeaderTooLarge,
        { IsOverBudget: true } => HttpStatus.ServiceUnavailable,
        _ when !PercentEncoding.IsSound(request.Target) => HttpStatus.BadRequest,
        _ => IsServed(request.Path, scratch) ? HttpStatus.Ok : HttpStatus.NotFound,
    };

    /// <summary>Finds the DNS message of a request whose path is served.</summary>
    /// <inheritdoc cref="Read"/>
    public int ReadMessage(in HttpRequest request, Span<byte> scratch, out ReadOnlySpan<byte> message)
    {
        message = default;
        ReadOnlySpan<byte> query = request.Query;
        switch (request.Method)
        {
            case HttpMethod.Get or HttpMethod.Head:
                return !query.IsEmpty && TryDecode(query[1..], scratch, out message) ? HttpStatus.Ok : HttpStatus.BadRequest;
            case HttpMethod.Post when request.IsBodyTooLarge:
                return HttpStatus.BodyTooLarge;
            case HttpMethod.Post when !request.IsDnsMessage:
                return HttpStatus.UnsupportedMediaType;
            case HttpMethod.Post:
                message = request.Body;
                return message.IsEmpty ? HttpStatus.BadRequest : HttpStatus.Ok;
            case HttpMethod.Options when _answersOptions:
                return HttpStatus.NoContent;
            default:
                return HttpStatus.MethodNotAllowed;
        }
    }

    /// <summary>Finds the first parameter called dns; names and values may be percent-encoded (RFC 3986 section 6.2.2.2).</summary>
    private static bool TryDecode(ReadOnlySpan<byte> query, Span<byte> scratch, out ReadOnlySpan<byte> message)
    {
        message = default;
        foreach (Range range in query.Split((byte)'&'))
        {
            ReadOnlySpan<byte> parameter = query[range];
            int equals = parameter.IndexOf((byte)'=');
            if (equals >= 0 && IsDns(parameter[..equals]))
            {
                return TryDecodeValue(parameter[(equals + 1)..], scratch, out message);
            }
        }

        return false;
    }

    private static bool IsDns(ReadOnlySpan<byte> name)
    {
        const int Longest = 9;
        Span<byte> decoded = stackalloc byte[Longest];
        return name.Length <= Longest && decoded[..PercentEncoding.Decode(name, decoded)].SequenceEqual("dns"u8);
    }

    private static bool TryDecodeValue(ReadOnlySpan<byte> value, Span<byte> scratch, out ReadOnlySpan<byte> message)
    {
        bool isEncoded = value.Contains((byte)'%');
        message = default;
        if (isEncoded && value.Length > scratch.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> text = isEncoded ? scratch[..PercentEncoding.Decode(value, scratch)] : value;
        if (text.ContainsAnyExcept(s_base64Url) || !Base64Url.IsValid(text, out int length) || length > scratch.Length)
        {
            return false;
        }

        int written = isEncoded ? Base64Url.DecodeFromUtf8InPlace(scratch[..text.Length]) : Base64Url.DecodeFromUtf8(text, scratch);
        message = scratch[..written];
        return written > 0;
    }

    private bool IsServed(ReadOnlySpan<byte> path, Span<byte> scratch)
    {
        if (path.Contains((byte)'%'))
        {
            if (path.Length > scratch.Length)
            {
                return false;
            }

            path = scratch[..PercentEncoding.Normalize(path, scratch)];
        }

        foreach (byte[] served in _paths)
        {
            if (path.SequenceEqual(served) || (!_exact && path.StartsWith(served) && (served[^1] == '/' || path[served.Length] == '/')))
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Normal(string path)
    {
        byte[] text = Encoding.ASCII.GetBytes(path);
        return PercentEncoding.IsSound(text) ? text[..PercentEncoding.Normalize(text, text)] : text;
    }
}
