using System;

namespace Fastdist.Dns;

/// <summary>Finds where a name in a message ends. Never follows a compression pointer, so it cannot loop.</summary>
internal static class WireName
{
    /// <summary>Longest name in wire form, length bytes and root included (RFC 1035 3.1), in bytes.</summary>
    internal const int MaxLength = 255;

    /// <summary>Longest label, its length byte not included (RFC 1035 3.1), in bytes.</summary>
    internal const int MaxLabel = 63;

    private const int PointerBits = 0xC0;

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
}
