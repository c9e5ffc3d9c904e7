using System;

namespace Fastdist.Dns;

/// <summary>
/// Options that mean the connection they came over and nothing beyond it: edns-tcp-keepalive (11, RFC 7828) and
/// padding (12, RFC 7830).
/// </summary>
public static class HopByHop
{
    /// <summary>
    /// Takes the hop-by-hop options out of the message's OPT, in place; the OPT itself stays. Leaves the message
    /// untouched when it has no OPT or several, when it is signed (TSIG, SIG(0)), when bytes follow its last
    /// record, when its EDNS version is not 0, when anything in it is malformed, and when a record after the OPT
    /// might hold a compression pointer to data that would move (any but an A or AAAA record whose owner's name
    /// lies before the OPT).
    /// </summary>
    /// <param name="message">The buffer; may be larger than the message.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <returns>The new length in bytes, at most <paramref name="length"/>.</returns>
    public static int Strip(Span<byte> message, int length)
    {
        if (!EditableOpt.TryFind(message, length, out EditableOpt opt) || (opt.Known & KnownOptions.HopByHop) == 0)
        {
            return length;
        }

        opt.Remove(EdnsOption.TcpKeepalive, EdnsOption.Padding);
        return opt.Length;
    }
}
