using System;
using System.Text;
using Fastdist.Simulation.Models;

namespace Fastdist.Simulation.Caching;

/// <summary>
/// Names that are equal for all who ask for a topic, and whose letters are large or small as the bits of the query's number: what tells queries apart for
/// whoever reads them is the one thing that is in no cache's key.
/// </summary>
internal static class CasedNames
{
    private const string First = "cached";
    private const byte CaseBit = 0x20;

    /// <summary>A topic's name in small letters, wire form.</summary>
    public static byte[] Of(int topic, NameKind kind) => Messages.Wire($"{First}.topic{topic}.{kind}.simulation".ToLowerInvariant());

    /// <summary>The name as a query with a number has it.</summary>
    public static byte[] Cased(ReadOnlySpan<byte> name, int number)
    {
        byte[] cased = name.ToArray();
        for (int at = 0; at < cased.Length; at++)
        {
            if (char.IsAsciiLetterLower((char)cased[at]))
            {
                cased[at] &= (byte)((number & 1) != 0 ? 0xFF ^ CaseBit : 0xFF);
                number >>= 1;
            }
        }

        return cased;
    }

    /// <summary>The number in a name; -1 when it is no topic's.</summary>
    /// <param name="name">The name, and what follows it.</param>
    public static int NumberOf(ReadOnlySpan<byte> name)
    {
        if (name.Length <= First.Length || name[0] != First.Length || !Encoding.ASCII.GetString(name.Slice(1, First.Length)).Equals(First, StringComparison.OrdinalIgnoreCase))
        {
            return -1;
        }

        long number = 0;
        int bit = 0;
        for (int at = 0; at < name.Length && name[at] != 0; at++)
        {
            if (char.IsAsciiLetter((char)name[at]) && bit < 31)
            {
                number |= (name[at] & CaseBit) == 0 ? 1L << bit : 0;
                bit++;
            }
        }

        return (int)number;
    }
}
