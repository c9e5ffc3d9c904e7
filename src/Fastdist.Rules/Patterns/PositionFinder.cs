using System.Collections.Generic;

namespace Fastdist.Rules.Patterns;

/// <summary>Finds the positions of a program: what is reached over forks and boundaries from each, with each kind of neighbour.</summary>
internal sealed class PositionFinder
{
    private readonly PatternProgram _program;

    /// <summary>The kinds of what may stand next: where words do not matter, any byte is an <see cref="Neighbour.Other"/>.</summary>
    private readonly Neighbour[] _kinds;

    private readonly List<(int Instruction, Neighbour Kind)> _found = [(0, Neighbour.Edge)];
    private readonly Dictionary<(int Instruction, Neighbour Kind), int> _numbers = [];
    private readonly List<Position> _positions = [];

    /// <summary>For each instruction the number of the walk that has been there last.</summary>
    private readonly int[] _visits;
    private readonly Stack<int> _toVisit = new();
    private int _walks;
    private int _steps;

    private PositionFinder(PatternProgram program)
    {
        _program = program;
        _kinds = program.IsAboutWords ? [Neighbour.Other, Neighbour.Word, Neighbour.Edge] : [Neighbour.Other, Neighbour.Edge];
        _visits = new int[program.Count];
    }

    /// <summary>All positions that are of use, the first of them that before the text; the others about in the order in which they stand in the pattern.</summary>
    /// <exception cref="PatternException">Too much may follow too much.</exception>
    public static Position[] Find(PatternProgram program)
    {
        var finder = new PositionFinder(program);
        for (int i = 0; i < finder._found.Count; i++)
        {
            finder.Describe(i);
        }

        return finder.Ordered(finder.FindUseful());
    }

    private ByteSet BytesOf(Neighbour kind) => kind == Neighbour.Word ? NamedSets.Words : _program.IsAboutWords ? ~NamedSets.Words : ByteSet.All;

    private void Describe(int number)
    {
        (int instruction, Neighbour before) = _found[number];
        bool isFirst = number == 0;
        int start = isFirst ? _program.Start : _program[instruction].Next;
        List<int> follows = [];
        int accepts = 0;
        foreach (Neighbour after in _kinds)
        {
            if (Walk(start, before, after, follows))
            {
                accepts |= 1 << (int)after;
            }
        }

        ByteSet set = isFirst ? ByteSet.None : _program[instruction].Set & BytesOf(before);
        _positions.Add(new Position(set, [.. follows], (byte)accepts));
    }

    /// <summary>Finds what may take the next byte of a kind, and says whether the pattern has matched before it.</summary>
    private bool Walk(int start, Neighbour before, Neighbour after, List<int> follows)
    {
        bool matches = false;
        _walks++;
        _toVisit.Push(start);
        while (_toVisit.TryPop(out int number))
        {
            if (_visits[number] == _walks)
            {
                continue;
            }

            _visits[number] = _walks;
            if (++_steps > PatternLimits.ClosureSteps)
            {
                throw new PatternException("too many parts of the pattern may follow one another: it is too large");
            }

            Instruction instruction = _program[number];
            switch (instruction.Kind)
            {
                case InstructionKind.Match:
                    matches = true;
                    break;
                case InstructionKind.Byte when after != Neighbour.Edge && !(instruction.Set & BytesOf(after)).IsEmpty:
                    follows.Add(NumberOf(number, after));
                    break;
                case InstructionKind.Place when instruction.Boundary.Holds(before, after):
                    _toVisit.Push(instruction.Next);
                    break;
                case InstructionKind.Fork:
                    _toVisit.Push(instruction.Next);
                    _toVisit.Push(instruction.Other);
                    break;
            }
        }

        return matches;
    }

    private int NumberOf(int instruction, Neighbour kind)
    {
        if (!_numbers.TryGetValue((instruction, kind), out int number))
        {
            number = _found.Count;
            _found.Add((instruction, kind));
            _numbers.Add((instruction, kind), number);
        }

        return number;
    }

    /// <summary>Says which positions can still lead to a match.</summary>
    private bool[] FindUseful()
    {
        var before = new List<int>[_positions.Count];
        var useful = new bool[_positions.Count];
        for (int i = 0; i < _positions.Count; i++)
        {
            foreach (int next in _positions[i].Follows)
            {
                (before[next] ??= []).Add(i);
            }

            if (_positions[i].Accepts != 0)
            {
                _toVisit.Push(i);
            }
        }

        while (_toVisit.TryPop(out int number))
        {
            if (!useful[number])
            {
                useful[number] = true;
                foreach (int earlier in before[number] ?? [])
                {
                    _toVisit.Push(earlier);
                }
            }
        }

        return useful;
    }

    /// <summary>Numbers the useful positions anew. Instructions that stand further ahead have greater numbers.</summary>
    private Position[] Ordered(bool[] useful)
    {
        List<int> order = [];
        for (int i = 1; i < _positions.Count; i++)
        {
            if (useful[i])
            {
                order.Add(i);
            }
        }

        order.Sort((a, b) => (-_found[a].Instruction, _found[a].Kind).CompareTo((-_found[b].Instruction, _found[b].Kind)));
        order.Insert(0, 0);
        var numbers = new int[_positions.Count];
        for (int i = 0; i < order.Count; i++)
        {
            numbers[order[i]] = i;
        }

        var ordered = new Position[order.Count];
        for (int i = 0; i < ordered.Length; i++)
        {
            Position position = _positions[order[i]];
            List<int> follows = [];
            foreach (int next in position.Follows)
            {
                if (useful[next])
                {
                    follows.Add(numbers[next]);
                }
            }

            follows.Sort();
            ordered[i] = position with { Follows = [.. follows] };
        }

        return ordered;
    }
}
