using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Fastdist.Rules.Patterns;

/// <summary>
/// Makes an automaton deterministic when it is configured, by the sets of positions that can be reached together. Few patterns have too many of them: those
/// that ask what stands a good way before something that may be anywhere.
/// </summary>
internal sealed class Determinizer
{
    /// <summary>The first two rows.</summary>
    private const int Ends = 2;

    private readonly PositionTables _tables;
    private readonly int _stride;
    private readonly List<ulong[]> _states = [];
    private readonly Dictionary<ulong[], int>.AlternateLookup<ReadOnlySpan<ulong>> _numbers;
    private readonly List<int> _transitions = [];
    private readonly ulong[] _follows;
    private readonly ulong[] _next;

    private Determinizer(PositionTables tables)
    {
        _tables = tables;
        _stride = tables.Classes + 1;
        _follows = new ulong[tables.Words];
        _next = new ulong[tables.Words];
        _numbers = new Dictionary<ulong[], int>(new SetComparer()).GetAlternateLookup<ReadOnlySpan<ulong>>();
        for (int i = 0; i < Ends * _stride; i++)
        {
            _transitions.Add(i < _stride ? DeterministicAutomaton.Failed : Matched);
        }
    }

    private int Matched => _stride;

    /// <summary>False when there would be more than <see cref="PatternLimits"/> has it.</summary>
    public static bool TryMake(PositionTables tables, [NotNullWhen(true)] out DeterministicAutomaton? automaton)
    {
        var determinizer = new Determinizer(tables);
        var first = new ulong[tables.Words];
        first[0] = 1;
        int start = determinizer.StateOf(first);
        for (int i = 0; i < determinizer._states.Count; i++)
        {
            if (determinizer.IsTooLarge)
            {
                automaton = null;
                return false;
            }

            determinizer.AddRow(determinizer._states[i]);
        }

        automaton = new DeterministicAutomaton([.. determinizer._transitions], tables.ClassTable, start, determinizer._stride);
        return true;
    }

    private bool IsTooLarge =>
        _states.Count > PatternLimits.States
        || (_states.Count + Ends) * _stride > PatternLimits.Transitions
        || _states.Count * _tables.Words > PatternLimits.StateWords;

    private void AddRow(ulong[] state)
    {
        _tables.Follow(state, _follows);
        for (int i = 0; i < _tables.Classes; i++)
        {
            if (_tables.Accepts(state, _tables.KindOf(i)))
            {
                _transitions.Add(Matched);
            }
            else
            {
                _transitions.Add(_tables.Take(_follows, i, _next) ? StateOf(_next) : DeterministicAutomaton.Failed);
            }
        }

        _transitions.Add(_tables.Accepts(state, Neighbour.Edge) ? Matched : DeterministicAutomaton.Failed);
    }

    /// <summary>Where the row of a state starts, or will start.</summary>
    private int StateOf(ReadOnlySpan<ulong> positions)
    {
        if (_tables.AcceptsAnyway(positions))
        {
            return Matched;
        }

        if (!_numbers.TryGetValue(positions, out int number))
        {
            number = _states.Count;
            _numbers[positions] = number;
            _states.Add(positions.ToArray());
        }

        return (number + Ends) * _stride;
    }

    private sealed class SetComparer : IEqualityComparer<ulong[]>, IAlternateEqualityComparer<ReadOnlySpan<ulong>, ulong[]>
    {
        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] obj) => GetHashCode(obj.AsSpan());

        public ulong[] Create(ReadOnlySpan<ulong> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<ulong> alternate, ulong[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<ulong> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(MemoryMarshal.AsBytes(alternate));
            return hash.ToHashCode();
        }
    }
}
