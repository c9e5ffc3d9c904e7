namespace Fastdist.Http;

/// <summary>What the body of a response is.</summary>
public enum HttpContent : byte
{
    /// <summary>A DNS message, <c>application/dns-message</c>.</summary>
    DnsMessage,

    /// <summary>A line for a person, <c>text/plain</c>.</summary>
    Text,

    /// <summary>There is none, and the response says what may be asked.</summary>
    None,
}

/// <summary>A response but for its body.</summary>
/// <param name="Status">Status code, 200 to 599 (RFC 9110 section 15).</param>
/// <param name="Content">What the body is.</param>
/// <param name="MaxAge">Seconds that a cache may keep it (RFC 9111 section 5.2.2.1); negative to forbid keeping it; null to say nothing.</param>
public readonly record struct HttpResponse(int Status, HttpContent Content, long? MaxAge);
