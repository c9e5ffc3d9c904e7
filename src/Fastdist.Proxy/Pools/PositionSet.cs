using System.Numerics;

namespace Fastdist.Proxy.Pools;

/// <summary>A set of small numbers that finds the next of any at once: a bit for each number, and one for each 64 bits of those.</summary>
/// <param name="size">The numbers are below this.</param>
internal sealed class PositionSet(int size)
{
    private const int Bits = 64;

    private readonly ulong[] _numbers = new ulong[Words(size)];
    private readonly ulong[] _words = new ulong[Words(Words(size))];

    public bool Contains(int number) => (_numbers[number / Bits] >> (number % Bits) & 1) != 0;

    public void Add(int number)
    {
        int word = number / Bits;
        _numbers[word] |= 1UL << (number % Bits);
        _words[word / Bits] |= 1UL << (word % Bits);
    }

    public void Remove(int number)
    {
        int word = number / Bits;
        _numbers[word] &= ~(1UL << (number % Bits));
        if (_numbers[word] == 0)
        {
            _words[word / Bits] &= ~(1UL << (word % Bits));
        }
    }

    /// <summary>The least number of the set from one on; -1 when there is none. A step for each 4,096 numbers at most.</summary>
    public int NextFrom(int number)
    {
        if (Next(_numbers, number, number / Bits) is >= 0 and int near)
        {
            return near;
        }

        int next = (number / Bits) + 1;
        for (int word = next / Bits; word < _words.Length; word++)
        {
            if (Next(_words, next, word) is >= 0 and int found)
            {
                return Next(_numbers, number, found);
            }
        }

        return -1;
    }

    /// <summary>The first bit of a word that is set, of those from a number on.</summary>
    private static int Next(ulong[] bits, int from, int word)
    {
        if (word >= bits.Length)
        {
            return -1;
        }

        ulong rest = bits[word] & (from > word * Bits ? ulong.MaxValue << (from % Bits) : ulong.MaxValue);
        return rest == 0 ? -1 : (word * Bits) + BitOperations.TrailingZeroCount(rest);
    }

    private static int Words(int numbers) => (numbers + Bits - 1) / Bits;
}
