using System;
using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>Responses as nghttp2 is given them.</summary>
public sealed unsafe partial class Http2Session
{
    /// <summary>Most header fields about CORS in a response.</summary>
    private const int CorsFields = 5;

    /// <summary>Most header fields that any response may have besides its own.</summary>
    private const int CommonFields = CorsFields + Http2Options.MaxExtraHeaders;

    /// <summary>Seconds that a browser may remember what was allowed, which it does for less.</summary>
    private static ReadOnlySpan<byte> CorsMaxAge => "86400"u8;

    private static ReadOnlySpan<byte> Methods => "GET, HEAD, POST"u8;

    private static ReadOnlySpan<byte> MethodsWithOptions => "GET, HEAD, POST, OPTIONS"u8;

    /// <summary>Answers a request.</summary>
    /// <param name="streamId">Its stream.</param>
    /// <param name="response">What to say.</param>
    /// <param name="body">The body, left out when the method was HEAD.</param>
    /// <param name="now">The time, microseconds of the same clock.</param>
    /// <returns>False when the peer has reset the stream meanwhile, the session was broken off, or it was answered before.</returns>
    public bool Respond(int streamId, in HttpResponse response, ReadOnlySpan<byte> body, long now)
    {
        if (!TryBegin(streamId, now, out Http2Stream? stream))
        {
            return false;
        }

        bool isEmpty = stream.Method == HttpMethod.Head || body.IsEmpty;
        if (!isEmpty)
        {
            stream.Body.Append(body);
            Hold(body.Length);
        }

        SubmitResponse(stream, in response, body.Length, isEmpty);
        _control.Credit();
        return true;
    }

    /// <summary>Answers a request with what was laid out before; nothing of it is copied.</summary>
    /// <inheritdoc cref="Respond(int, in HttpResponse, ReadOnlySpan{byte}, long)"/>
    public bool Respond(int streamId, FixedResponse response, long now)
    {
        if (!TryBegin(streamId, now, out Http2Stream? stream))
        {
            return false;
        }

        stream.FixedBody = response.Body;
        SubmitResponse(stream, response, isEmpty: stream.Method == HttpMethod.Head || response.Body.Length == 0);
        _control.Credit();
        return true;
    }

    /// <summary>Finds the request that is to be answered, and lets go of what came with it.</summary>
    /// <returns>False when nobody waits for an answer.</returns>
    private bool TryBegin(int streamId, long now, [NotNullWhen(true)] out Http2Stream? stream)
    {
        stream = End is Http2End.None or Http2End.Finished ? Find(streamId) : null;
        if (stream is not { IsAnswered: false })
        {
            return false;
        }

        stream.IsAnswered = true;
        _unsent++;
        stream.Since = now;
        Uncount(stream);
        Http2Stream.Clear(ref stream.Body);
        return true;
    }

    /// <summary>Tells a client that it may send the body (RFC 9110 section 15.2.1).</summary>
    private void SubmitContinue(Http2Stream stream)
    {
        HeaderField status = Field(":status"u8, "100"u8, NgHttp2.NoCopyValue);
        _ = NgHttp2.nghttp2_submit_headers(_session, NgHttp2.FlagNone, stream.Id, null, &status, 1, stream.Handle);
    }

    private void SubmitResponse(Http2Stream stream, in HttpResponse response, int length, bool isEmpty)
    {
        const int OwnFields = 6, LongestNumber = 24;
        Debug.Assert(response.Status is >= 200 and <= 599);
        HeaderField* fields = stackalloc HeaderField[OwnFields + CommonFields];
        byte* numbers = stackalloc byte[3 * LongestNumber];
        int count = 0;
        fields[count++] = Field(":status"u8, Number(numbers, "", response.Status), 0);
        if (response.Content != HttpContent.None)
        {
            fields[count++] = Field("content-type"u8, response.Content == HttpContent.DnsMessage ? "application/dns-message"u8 : "text/plain"u8, NgHttp2.NoCopyValue);
            fields[count++] = Field("content-length"u8, Number(numbers + LongestNumber, "", length), 0);
        }

        fields[count++] = Field("date"u8, _pool.Date, 0);
        if (response.MaxAge is { } maxAge)
        {
            // How long something may be kept differs from answer to answer: remembering it would only crowd out the rest.
            fields[count++] = maxAge < 0
                ? Field("cache-control"u8, "no-store"u8, NgHttp2.NoCopyValue)
                : Field("cache-control"u8, Number(numbers + (2 * LongestNumber), "max-age=", maxAge), NgHttp2.NoIndex);
        }

        if (response.Status == HttpStatus.MethodNotAllowed || response.Content == HttpContent.None)
        {
            fields[count++] = Field("allow"u8, _options.Cors is null ? Methods : MethodsWithOptions, NgHttp2.NoCopyValue);
        }

        count += AddCors(fields + count, stream.Origin, isPreflight: response.Content == HttpContent.None);
        foreach (HeaderField extra in _options.Extra)
        {
            fields[count++] = extra;
        }

        Submit(stream, fields, count, isEmpty);
    }

    private void SubmitResponse(Http2Stream stream, FixedResponse response, bool isEmpty)
    {
        const int OwnFields = 2;
        HeaderField* fields = stackalloc HeaderField[OwnFields + FixedResponse.MostFields + CommonFields];
        int count = 0;
        foreach (HeaderField field in response.Fields)
        {
            // The first is the status, which everything else has to follow.
            fields[count++] = field;
            if (count == 1)
            {
                fields[count++] = Field("date"u8, _pool.Date, 0);
            }
        }

        count += AddCors(fields + count, stream.Origin, isPreflight: false);
        foreach (HeaderField extra in _options.Extra)
        {
            if (response.LeavesRoomFor(in extra))
            {
                fields[count++] = extra;
            }
        }

        Submit(stream, fields, count, isEmpty);

        // nghttp2 has copied what the fields point to.
        GC.KeepAlive(response);
    }

    private void Submit(Http2Stream stream, HeaderField* fields, int count, bool isEmpty)
    {
        var provider = new DataProvider { Read = &OnRead };
        _ = NgHttp2.nghttp2_submit_response(_session, stream.Id, fields, (nuint)count, isEmpty ? null : &provider);
    }

    /// <summary>Tells a browser whose scripts may read the response, and before it asks what they may send (Fetch, section 3.3).</summary>
    /// <returns>How many fields were added, at most <see cref="CorsFields"/>.</returns>
    private int AddCors(HeaderField* fields, int origin, bool isPreflight)
    {
        if (_options.Cors is not { } cors)
        {
            return 0;
        }

        int count = 0;
        bool isAllowed = cors.TryGet(origin, out HeaderField allowed);
        if (isAllowed)
        {
            fields[count++] = allowed;
        }

        if (!cors.IsAny)
        {
            fields[count++] = Field("vary"u8, "origin"u8, NgHttp2.NoCopyValue);
        }

        if (isAllowed && isPreflight)
        {
            fields[count++] = Field("access-control-allow-methods"u8, Methods, NgHttp2.NoCopyValue);
            fields[count++] = Field("access-control-allow-headers"u8, "content-type"u8, NgHttp2.NoCopyValue);
            fields[count++] = Field("access-control-max-age"u8, CorsMaxAge, NgHttp2.NoCopyValue);
        }

        return count;
    }

    /// <summary>A field whose name is a literal; so must its value be when it is not to be copied.</summary>
    private static HeaderField Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, byte flags) => new()
    {
        Name = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(name)),
        NameLength = (nuint)name.Length,
        Value = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(value)),
        ValueLength = (nuint)value.Length,
        Flags = (byte)(flags | NgHttp2.NoCopyName),
    };

    private static ReadOnlySpan<byte> Number(byte* place, string prefix, long number)
    {
        foreach (char letter in prefix)
        {
            *place++ = (byte)letter;
        }

        Utf8Formatter.TryFormat(number, new Span<byte>(place, 20), out int length);
        return new ReadOnlySpan<byte>(place - prefix.Length, prefix.Length + length);
    }
}
