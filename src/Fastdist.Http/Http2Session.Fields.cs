using System;
using System.Text;

namespace Fastdist.Http;

/// <summary>What is kept of a request's header fields.</summary>
public sealed partial class Http2Session
{
    private void Keep(Http2Stream stream, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual(":path"u8))
        {
            if (TryCount(stream, value.Length))
            {
                stream.Target.Append(value);
            }
        }
        else if (name.SequenceEqual(":method"u8))
        {
            stream.Method = value.SequenceEqual("GET"u8) ? HttpMethod.Get
                : value.SequenceEqual("POST"u8) ? HttpMethod.Post
                : value.SequenceEqual("HEAD"u8) ? HttpMethod.Head
                : value.SequenceEqual("OPTIONS"u8) ? HttpMethod.Options
                : HttpMethod.Other;
        }
        else if (name.SequenceEqual(":scheme"u8))
        {
            stream.Scheme = value.SequenceEqual("https"u8) ? HttpScheme.Https : value.SequenceEqual("http"u8) ? HttpScheme.Http : HttpScheme.Other;
        }
        else if (name.SequenceEqual(":authority"u8) || (name.SequenceEqual("host"u8) && stream.Host.Length == 0))
        {
            // Who asks without :authority says the same in the field of HTTP/1.1 (RFC 9113 section 8.3.1).
            if (TryCount(stream, value.Length))
            {
                stream.Host.Append(value);
            }
        }
        else if (name.SequenceEqual("content-type"u8))
        {
            stream.IsDnsMessage = ContentType.IsDnsMessage(value);
        }
        else if (name.SequenceEqual("expect"u8))
        {
            stream.ExpectsContinue = Ascii.EqualsIgnoreCase(value, "100-continue"u8);
        }
        else if (name.SequenceEqual("origin"u8))
        {
            stream.Origin = _options.Cors?.Find(value) ?? CorsPolicy.None;
        }
        else if (name.SequenceEqual("x-forwarded-for"u8))
        {
            if (TryCount(stream, value.Length - stream.ForwardedFor.Length))
            {
                stream.ForwardedFor.Clear();
                stream.ForwardedFor.Append(value);
            }
        }
    }

    private void KeepWhole(Http2Stream stream, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_options.KeepsFields && TryCount(stream, FieldList.SizeOf(name, value)))
        {
            FieldList.Append(ref stream.Fields, name, value);
        }
    }
}
