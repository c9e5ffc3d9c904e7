using System;

namespace Fastdist.Simulation.Tls;

/// <summary>Where DNS messages end in a stream (RFC 1035 section 4.2.2) that comes in pieces.</summary>
internal sealed class MessageBounds
{
    private const int PrefixSize = 2;

    private int _prefix;
    private int _prefixTaken;
    private int _missing;

    /// <summary>Goes on over a piece.</summary>
    /// <param name="piece">What comes next.</param>
    /// <param name="firstEnd">Where in it the first message ends that does; its length when none does.</param>
    /// <returns>Messages that end in it.</returns>
    public int Pass(ReadOnlySpan<byte> piece, out int firstEnd)
    {
        firstEnd = piece.Length;
        int ends = 0;
        for (int at = 0; at < piece.Length;)
        {
            if (_prefixTaken < PrefixSize)
            {
                _prefix = (_prefix << 8) | piece[at++];
                _missing = ++_prefixTaken == PrefixSize ? _prefix & ushort.MaxValue : 0;
            }
            else
            {
                int part = Math.Min(_missing, piece.Length - at);
                at += part;
                _missing -= part;
            }

            if (_prefixTaken == PrefixSize && _missing == 0)
            {
                _prefixTaken = 0;
                firstEnd = ends++ == 0 ? at : firstEnd;
            }
        }

        return ends;
    }
}
