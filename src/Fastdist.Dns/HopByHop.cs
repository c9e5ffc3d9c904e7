using System;
using System.Buffers.Binary;

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
        if ((uint)length > (uint)message.Length || length < Header.Size + OptRecord.FixedSize || Header.AdditionalCount(message) == 0)
        {
            return length;
        }

        Span<byte> whole = message[..length];
        int questionEnd = MessageMap.EndOfQuestions(whole);
        if (questionEnd < 0)
        {
            return length;
        }

        MessageMap map = MessageMap.Walk(whole, questionEnd);
        if (!map.IsEditable(length) || !new OptRecord(whole[map.OptOffset..map.OptEnd]).HasHopByHopOptions)
        {
            return length;
        }

        Span<byte> options = whole[(map.OptOffset + OptRecord.FixedSize)..map.OptEnd];
        int kept = Compact(options);
        BinaryPrimitives.WriteUInt16BigEndian(whole[(map.OptOffset + OptRecord.DataLengthOffset)..], (ushort)kept);

        int removed = options.Length - kept;
        whole[map.OptEnd..].CopyTo(whole[(map.OptEnd - removed)..]);
        return length - removed;
    }

    /// <summary>Moves the options that stay to the front; they were found well-formed before.</summary>
    private static int Compact(Span<byte> options)
    {
        int kept = 0;
        for (int offset = 0; offset < options.Length;)
        {
            int end = OptRecord.EndOfOption(options, offset);
            if (!OptRecord.IsHopByHop(options, offset))
            {
                options[offset..end].CopyTo(options[kept..]);
                kept += end - offset;
            }

            offset = end;
        }

        return kept;
    }
}
