using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>
/// What means the connection it came over and nothing beyond it: the options edns-tcp-keepalive (11, RFC 7828) and
/// padding (12, RFC 7830), and the UDP payload size that an OPT states (RFC 6891 6.2.5).
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
        return EditableOpt.TryFind(message, length, out EditableOpt opt) ? StripOptions(opt, length) : length;
    }

    /// <summary>
    /// Does that to an answer, and has its OPT state our own UDP payload size instead of the backend's. The size is in
    /// place, so it is stated in whatever is not signed and has one OPT in the additional section of sound records.
    /// </summary>
    /// <param name="answer">The buffer; may be larger than the message.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="payloadSize">UDP payload that we receive, 512 to 65535 bytes.</param>
    /// <returns>The new length in bytes, at most <paramref name="length"/>.</returns>
    public static int Restate(Span<byte> answer, int length, int payloadSize) =>
        TryStatePayloadSize(answer, length, payloadSize, out MessageMap map) && EditableOpt.TryFind(answer, length, in map, out EditableOpt opt)
            ? StripOptions(opt, length)
            : length;

    /// <summary>
    /// Has a message's OPT state our own UDP payload size instead of its sender's, in whatever is not signed and has one OPT in the additional
    /// section of sound records.
    /// </summary>
    /// <param name="message">The buffer; may be larger than the message.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="payloadSize">UDP payload that we receive, 512 to 65535 bytes.</param>
    public static void StatePayloadSize(Span<byte> message, int length, int payloadSize) => TryStatePayloadSize(message, length, payloadSize, out _);

    private static bool TryStatePayloadSize(Span<byte> message, int length, int payloadSize, out MessageMap map)
    {
        map = default;
        if (length < Header.Size || Header.AdditionalCount(message) == 0 || !MessageMap.TryWalk(message, length, out map) || !map.HasOpt || map.IsSigned)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16BigEndian(message[(map.OptOffset + OptRecord.PayloadSizeOffset)..], (ushort)payloadSize);
        return true;
    }

    private static int StripOptions(EditableOpt opt, int length)
    {
        if ((opt.Found & EdnsTraits.HopByHop) == 0)
        {
            return length;
        }

        opt.Remove(EdnsOption.TcpKeepalive, EdnsOption.Padding);
        return opt.Length;
    }
}
