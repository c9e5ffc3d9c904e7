using System;

namespace Fastdist.Http;

/// <summary>What a client of HTTP/1.x is told, since RFC 8484 section 5.2 asks for HTTP/2.</summary>
public static class Http1
{
    /// <summary>The answer, after which the connection ends (RFC 9110 section 15.6.6).</summary>
    public static ReadOnlySpan<byte> Refusal =>
        "HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Type: text/plain\r\nContent-Length: 65\r\nConnection: close\r\n\r\nDNS over HTTPS is served here over HTTP/2 only (RFC 8484, 5.2).\r\n"u8;

    /// <summary>Whether bytes begin like a request line: a method of capital letters and a space, or the start of one.</summary>
    /// <param name="before">What came before.</param>
    /// <param name="bytes">What came now.</param>
    internal static bool IsRequest(ReadOnlySpan<byte> before, ReadOnlySpan<byte> bytes)
    {
        const int LongestMethod = 16;
        int length = before.Length + bytes.Length;
        for (int i = 0; i < Math.Min(length, LongestMethod); i++)
        {
            byte letter = i < before.Length ? before[i] : bytes[i - before.Length];
            if (letter == ' ')
            {
                return i > 0;
            }

            if (letter is < (byte)'A' or > (byte)'Z')
            {
                return false;
            }
        }

        return length < LongestMethod;
    }
}
