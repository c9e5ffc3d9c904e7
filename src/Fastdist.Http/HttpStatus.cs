using System;

namespace Fastdist.Http;

/// <summary>Status codes (RFC 9110 section 15) as RFC 8484 section 4.2 uses them, and the line a person reads.</summary>
public static class HttpStatus
{
    /// <summary>The answer is a DNS message, whatever its RCODE.</summary>
    public const int Ok = 200;

    /// <summary>There is nothing to say but in header fields.</summary>
    public const int NoContent = 204;

    /// <summary>There is no DNS query in the request, or a broken one.</summary>
    public const int BadRequest = 400;

    /// <summary>The client may not ask.</summary>
    public const int Forbidden = 403;

    /// <summary>No DNS at this path.</summary>
    public const int NotFound = 404;

    /// <summary>Another method than GET, HEAD and POST.</summary>
    public const int MethodNotAllowed = 405;

    /// <summary>The body is longer than a DNS message can be.</summary>
    public const int BodyTooLarge = 413;

    /// <summary>The body is not <c>application/dns-message</c>.</summary>
    public const int UnsupportedMediaType = 415;

    /// <summary>The header fields are too large (RFC 6585 section 5).</summary>
    public const int HeaderTooLarge = 431;

    /// <summary>No DNS message could be made.</summary>
    public const int BadGateway = 502;

    /// <summary>Requests hold as much memory as they may.</summary>
    public const int ServiceUnavailable = 503;

    /// <summary>What to say along with a refusal.</summary>
    public static ReadOnlySpan<byte> TextOf(int status) => status switch
    {
        BadRequest => "There is no DNS query here: GET with ?dns=BASE64URL, or POST of application/dns-message (RFC 8484).\n"u8,
        Forbidden => "You may not ask here.\n"u8,
        NotFound => "There is no DNS service at this path.\n"u8,
        MethodNotAllowed => "GET, HEAD and POST are served here.\n"u8,
        BodyTooLarge => "A DNS message has at most 65535 bytes.\n"u8,
        UnsupportedMediaType => "The body has to be application/dns-message.\n"u8,
        HeaderTooLarge => "The header fields are too large.\n"u8,
        BadGateway => "No DNS message could be made.\n"u8,
        ServiceUnavailable => "There is no memory for a request of this size at the moment.\n"u8,
        _ => default,
    };
}
