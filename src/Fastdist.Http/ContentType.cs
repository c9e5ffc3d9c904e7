using System;
using System.Text;

namespace Fastdist.Http;

/// <summary>The media type of DNS messages (RFC 8484 section 6).</summary>
internal static class ContentType
{
    /// <summary>Whether a Content-Type is <c>application/dns-message</c>, in any case and with any parameters.</summary>
    public static bool IsDnsMessage(ReadOnlySpan<byte> value)
    {
        int parameters = value.IndexOf((byte)';');
        ReadOnlySpan<byte> type = (parameters < 0 ? value : value[..parameters]).Trim(" \t"u8);
        return Ascii.EqualsIgnoreCase(type, "application/dns-message"u8);
    }
}
