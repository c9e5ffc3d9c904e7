using System;
using System.Diagnostics;

namespace Fastdist.Dns;

/// <summary>Padding of messages on encrypted transports (RFC 7830), to blocks (RFC 8467 4.1).</summary>
public static class Padding
{
    /// <summary>Block that queries are padded to, in bytes (RFC 8467 4.1).</summary>
    public const int QueryBlock = 128;

    /// <summary>Block that responses are padded to, in bytes (RFC 8467 4.1).</summary>
    public const int ResponseBlock = 468;

    /// <summary>
    /// Makes the message's length a multiple of a block by a padding option of zeros, the OPT's last; padding that the
    /// message had is taken out first. There is an option even where the length was a multiple already, one block more
    /// then, since a padded query must get a padded answer (RFC 7830 4). Where the block would exceed the buffer or
    /// 65535 bytes, the message is padded up to those.
    /// </summary>
    /// <param name="buffer">The message, and room to grow; slice it for a lower limit than 65535 bytes.</param>
    /// <param name="length">The message's length in bytes.</param>
    /// <param name="block">The block in bytes, at least 1.</param>
    /// <returns>False, and the message is untouched, when <see cref="EdnsEdit"/> would not edit its OPT or the room is
    /// less than the option's own 4 bytes.</returns>
    public static bool TryPad(Span<byte> buffer, ref int length, int block)
    {
        Debug.Assert(block > 0, "a block has a size");
        if (!EditableOpt.TryFind(buffer, length, out EditableOpt opt))
        {
            return false;
        }

        if ((opt.Found & EdnsTraits.Padding) != 0)
        {
            opt.Remove(EdnsOption.Padding, EdnsOption.Padding);
        }

        // Where old padding went out there is room for new, so a message that is refused here is still as it was.
        int room = opt.Room - OptRecord.OptionHeaderSize;
        int least = opt.Length + OptRecord.OptionHeaderSize;
        int wanted = (block - (least % block)) % block;
        if (room < 0 || !opt.TryAppend(EdnsOption.Padding, Math.Min(wanted, room), out Span<byte> zeros))
        {
            return false;
        }

        zeros.Clear();
        length = opt.Length;
        return true;
    }
}
