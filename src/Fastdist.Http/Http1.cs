using System;

namespace Fastdist.Http;

/// <summary>What a client of HTTP/1.x is told, since RFC 8484 section 5.2 asks for HTTP/2.</summary>
public static class Http1
{
    /// <summary>The answer, after which the connection ends (RFC 9110 section 15.6.6).</summary>
    public static ReadOnlySpan<byte> Refusal =>
        "HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Type: text/plain\r\nContent-Length: 65\r\nConnection: close\r\n\r\nDNS over HTTPS is served here over HTTP/2 only (RFC 8484, 5.2).\r\n"u8;

    /// <summary>
    /// Whether bytes begin like a request line, or the start of one: a method of capital letters, a space, and what a path,
    /// an asterisk or a URI begins with (RFC 9112 section 3).
    /// </summary>
    /// <param name="before">What came before.</param>
    /// <param name="bytes">What came now.</param>
    internal static bool IsRequest(ReadOnlySpan<byte> before, ReadOnlySpan<byte> bytes)
    {
        const int LongestMethod = 16;
        int length = before.Length + bytes.Length;
        for (int i = 0; i < Math.Min(length, LongestMethod); i++)
        {
            byte letter = At(i, before, bytes);
            if (letter == ' ')
            {
                return i > 0 && (i + 1 == length || At(i + 1, before, bytes) is (byte)'/' or (byte)'*' or (byte)'h');
            }

            if (letter is < (byte)'A' or > (byte)'Z')
            {
                return false;
            }
        }

        return length < LongestMethod;
    }

    private static byte At(int index, ReadOnlySpan<byte> before, ReadOnlySpan<byte> bytes) =>
        index < before.Length ? before[index] : bytes[index - before.Length];
}
