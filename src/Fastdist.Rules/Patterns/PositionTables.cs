using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

namespace Fastdist.Rules.Patterns;

/// <summary>
/// Positions as bits of words, so that a set of them is stepped over a byte at once. Most are followed by the next one, which is a shift of all words; for the
/// others there are rows of bits. It is written once and shared by all shards.
/// </summary>
internal sealed class PositionTables
{
    private const int Bits = 64;
    private const int Neighbours = 3;

    private readonly ByteClasses _classes;
    private readonly bool _isAboutWords;

    /// <summary>For each class, whether its bytes are of words, where that matters.</summary>
    private readonly Neighbour[] _kinds;

    /// <summary>For each class, the positions that take its bytes.</summary>
    private readonly ulong[] _takers;

    /// <summary>For each kind of what stands next, the positions that have matched before it.</summary>
    private readonly ulong[] _accepts;

    /// <summary>Positions that may follow the one before them.</summary>
    private readonly ulong[] _chained;

    /// <summary>Positions that something else than the next may follow.</summary>
    private readonly ulong[] _branching;

    /// <summary>For each position, where its row starts: the words of it that are not 0, and their numbers.</summary>
    private readonly int[] _rowStarts;
    private readonly ushort[] _rowNumbers;
    private readonly ulong[] _rowWords;

    public PositionTables(Position[] positions, bool isAboutWords)
    {
        _isAboutWords = isAboutWords;
        Words = (positions.Length + Bits - 1) / Bits;
        _classes = new ByteClasses(positions.Select(static position => position.Set).Append(_isAboutWords ? NamedSets.Words : ByteSet.All));
        _kinds = new Neighbour[Classes];
        _takers = new ulong[Classes * Words];
        _accepts = new ulong[Neighbours * Words];
        _chained = new ulong[Words];
        _branching = new ulong[Words];
        _rowStarts = new int[positions.Length + 1];
        for (int i = 0; i < Classes; i++)
        {
            _kinds[i] = isAboutWords && NamedSets.Words.Contains(_classes.Sample(i)) ? Neighbour.Word : Neighbour.Other;
        }

        List<ushort> rowNumbers = [];
        List<ulong> rowWords = [];
        for (int i = 0; i < positions.Length; i++)
        {
            Describe(positions[i], i);
            AddRow(positions[i].Follows, i, rowNumbers, rowWords);
            _rowStarts[i + 1] = rowWords.Count;
        }

        _rowNumbers = [.. rowNumbers];
        _rowWords = [.. rowWords];
    }

    /// <summary>Words of a set of positions.</summary>
    public int Words { get; }

    public int Classes => _classes.Count;

    /// <summary>The class of each byte value.</summary>
    public byte[] ClassTable => _classes.Table;

    public Neighbour KindOf(int byteClass) => _kinds[byteClass];

    /// <summary>Whether the pattern has matched at one of these positions, by what stands next.</summary>
    public bool Accepts(ReadOnlySpan<ulong> positions, Neighbour next) => Intersect(positions, _accepts.AsSpan((int)next * Words, Words));

    /// <summary>Whether it has matched at one of these positions, whatever stands next.</summary>
    public bool AcceptsAnyway(ReadOnlySpan<ulong> positions) =>
        Accepts(positions, Neighbour.Edge) && Accepts(positions, Neighbour.Other) && (!_isAboutWords || Accepts(positions, Neighbour.Word));

    /// <summary>Finds all that may follow a set of positions, if the byte is right.</summary>
    public void Follow(ReadOnlySpan<ulong> positions, Span<ulong> next)
    {
        ulong carry = 0;
        for (int i = 0; i < positions.Length; i++)
        {
            next[i] = ((positions[i] << 1) | carry) & _chained[i];
            carry = positions[i] >> (Bits - 1);
        }

        for (int i = 0; i < positions.Length; i++)
        {
            for (ulong rest = positions[i] & _branching[i]; rest != 0; rest &= rest - 1)
            {
                int position = (i * Bits) + BitOperations.TrailingZeroCount(rest);
                for (int at = _rowStarts[position]; at < _rowStarts[position + 1]; at++)
                {
                    next[_rowNumbers[at]] |= _rowWords[at];
                }
            }
        }
    }

    /// <summary>Leaves those of a set that take a byte of a class; whether there are any.</summary>
    public bool Take(ReadOnlySpan<ulong> positions, int byteClass, Span<ulong> taking)
    {
        ReadOnlySpan<ulong> takers = _takers.AsSpan(byteClass * Words, Words);
        ulong any = 0;
        for (int i = 0; i < takers.Length; i++)
        {
            taking[i] = positions[i] & takers[i];
            any |= taking[i];
        }

        return any != 0;
    }

    private static bool Intersect(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        ulong common = 0;
        for (int i = 0; i < a.Length; i++)
        {
            common |= a[i] & b[i];
        }

        return common != 0;
    }

    private void Describe(Position position, int number)
    {
        ulong bit = 1UL << (number % Bits);
        for (int i = 0; i < Classes; i++)
        {
            _takers[(i * Words) + (number / Bits)] |= position.Set.Contains(_classes.Sample(i)) ? bit : 0;
        }

        for (int i = 0; i < Neighbours; i++)
        {
            _accepts[(i * Words) + (number / Bits)] |= position.AcceptsBefore((Neighbour)i) ? bit : 0;
        }
    }

    private void AddRow(int[] follows, int number, List<ushort> numbers, List<ulong> words)
    {
        foreach (int next in follows)
        {
            ulong bit = 1UL << (next % Bits);
            if (next == number + 1)
            {
                _chained[next / Bits] |= bit;
                continue;
            }

            // They ascend, so that those of one word stand together.
            if ((_branching[number / Bits] >> (number % Bits) & 1) == 0 || numbers[^1] != next / Bits)
            {
                numbers.Add((ushort)(next / Bits));
                words.Add(0);
            }

            words[^1] |= bit;
            _branching[number / Bits] |= 1UL << (number % Bits);
        }
    }
}
