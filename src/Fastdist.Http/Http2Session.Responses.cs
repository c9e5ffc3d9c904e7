using System;
using System.Buffers.Text;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fastdist.Http.Interop;

namespace Fastdist.Http;

/// <summary>Responses as nghttp2 is given them.</summary>
public sealed unsafe partial class Http2Session
{
    private void SubmitResponse(int stream, in HttpResponse response, int length, bool isEmpty)
    {
        const int OwnFields = 6, LongestNumber = 24;
        Debug.Assert(response.Status is >= 200 and <= 599);
        HeaderField* fields = stackalloc HeaderField[OwnFields + Http2Options.MaxExtraHeaders];
        byte* numbers = stackalloc byte[3 * LongestNumber];
        int count = 0;
        fields[count++] = Field(":status"u8, Number(numbers, "", response.Status), 0);
        fields[count++] = Field("content-type"u8, response.Content == HttpContent.DnsMessage ? "application/dns-message"u8 : "text/plain"u8, NgHttp2.NoCopyValue);
        fields[count++] = Field("content-length"u8, Number(numbers + LongestNumber, "", length), 0);
        fields[count++] = Field("date"u8, _pool.Date, 0);
        if (response.MaxAge is { } maxAge)
        {
            // How long something may be kept differs from answer to answer: remembering it would only crowd out the rest.
            fields[count++] = maxAge < 0
                ? Field("cache-control"u8, "no-store"u8, NgHttp2.NoCopyValue)
                : Field("cache-control"u8, Number(numbers + (2 * LongestNumber), "max-age=", maxAge), NgHttp2.NoIndex);
        }

        if (response.Status == HttpStatus.MethodNotAllowed)
        {
            fields[count++] = Field("allow"u8, "GET, HEAD, POST"u8, NgHttp2.NoCopyValue);
        }

        foreach (HeaderField extra in _options.Extra)
        {
            fields[count++] = extra;
        }

        var provider = new DataProvider { Read = &OnRead };
        _ = NgHttp2.nghttp2_submit_response(_session, stream, fields, (nuint)count, isEmpty ? null : &provider);
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
