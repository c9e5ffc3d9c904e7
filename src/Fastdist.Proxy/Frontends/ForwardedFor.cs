using System;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>The X-Forwarded-For header, to which each proxy on the way adds whom it speaks for.</summary>
internal static class ForwardedFor
{
    /// <summary>Reads the last address, which the nearest proxy wrote; the others are hearsay. A port behind it is passed over.</summary>
    /// <returns>False when it is no address.</returns>
    public static bool TryRead(ReadOnlySpan<byte> header, out SocketAddress client)
    {
        ReadOnlySpan<byte> last = header[(header.LastIndexOf((byte)',') + 1)..].Trim(" \t"u8);
        if (last.StartsWith("["u8))
        {
            int end = last.IndexOf((byte)']');
            last = end < 0 ? default : last[1..end];
        }
        else if (last.Count((byte)':') == 1)
        {
            last = last[..last.IndexOf((byte)':')];
        }

        return SocketAddress.TryParse(last, out client);
    }
}
