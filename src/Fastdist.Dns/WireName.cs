using System;

namespace Fastdist.Dns;

/// <summary>
/// Finds where a name in a message ends, for which no compression pointer is followed, and what it is, for which each must lead further
/// ahead: neither can loop.
/// </summary>
internal static class WireName
{
    /// <summary>Longest name in wire form, length bytes and root included (RFC 1035 3.1), in bytes.</summary>
    internal const int MaxLength = 255;

    /// <summary>Longest label, its length byte not included (RFC 1035 3.1), in bytes.</summary>
    internal const int MaxLabel = 63;

    private const int PointerBits = 0xC0;

    /// <summary>Most pointers that a name is followed through: as many as it may have labels, so that a hostile message is no labyrinth.</summary>
    private const int MaxPointers = 127;

    /// <summary>The offset after an uncompressed name, as questions have; -1 when it is broken or holds a pointer.</summary>
    internal static int EndOfPlain(ReadOnlySpan<byte> message, int start)
    {
        int limit = Math.Min(message.Length, start + MaxLength);
        for (int offset = start; (uint)offset < (uint)limit;)
        {
            int label = message[offset++];
            if (label == 0)
            {
                return offset;
            }

            if (label > MaxLabel)
            {
                return -1;
            }

            offset += label;
        }

        return -1;
    }

    /// <summary>The offset after a name that may end in a pointer to earlier data; -1 when it is broken.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="start">Offset of the name's first byte.</param>
    /// <param name="target">What the name's pointer points to, or 0 when it has none.</param>
    internal static int End(ReadOnlySpan<byte> message, int start, out int target)
    {
        target = 0;
        int limit = Math.Min(message.Length, start + MaxLength);
        for (int offset = start; (uint)offset < (uint)limit;)
        {
            int label = message[offset++];
            if (label == 0)
            {
                return offset;
            }

            if (label >= PointerBits)
            {
                if (offset >= message.Length)
                {
                    return -1;
                }

                // A pointer goes to a prior occurrence (RFC 1035 4.1.4): one into the header, into this very
                // name or beyond it is no name that we can vouch for.
                target = ((label & ~PointerBits) << 8) | message[offset];
                return target >= Header.Size && target < start ? offset + 1 : -1;
            }

            if (label > MaxLabel)
            {
                return -1;
            }

            offset += label;
        }

        return -1;
    }

    /// <summary>Reads a name that may end in a pointer. Whatever a pointer leads to must have ended before the name that it stands in.</summary>
    /// <param name="message">The message, up to where the name must end.</param>
    /// <param name="start">Offset of the name's first byte.</param>
    /// <param name="name">Receives the name without pointers; <see cref="MaxLength"/> bytes are always enough.</param>
    /// <param name="end">Offset after the name.</param>
    /// <param name="reach">Raised to the offset after the last byte that pointers lead to.</param>
    /// <returns>The name's length in bytes; 0 when it is broken.</returns>
    internal static int Expand(ReadOnlySpan<byte> message, int start, scoped Span<byte> name, out int end, ref int reach)
    {
        end = -1;
        int length = 0;
        int limit = message.Length;
        for (int pointers = 0; pointers <= MaxPointers; pointers++)
        {
            int partEnd = End(message[..limit], start, out int target);
            int plain = partEnd - start - (target > 0 ? 2 : 0);
            if (partEnd < 0 || plain > Math.Min(name.Length, MaxLength) - length)
            {
                return 0;
            }

            message.Slice(start, plain).CopyTo(name[length..]);
            length += plain;
            (end, reach) = pointers == 0 ? (partEnd, reach) : (end, Math.Max(reach, partEnd));
            if (target == 0)
            {
                return length;
            }

            (limit, start) = (start, target);
        }

        return 0;
    }
}
