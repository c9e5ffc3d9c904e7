using System.Collections.Generic;
using System.Diagnostics;

namespace Fastdist.Rules.Patterns;

internal enum InstructionKind : byte
{
    /// <summary>The pattern has matched.</summary>
    Match,

    /// <summary>Takes a byte of <see cref="Instruction.Set"/> and goes on.</summary>
    Byte,

    /// <summary>Goes on where <see cref="Instruction.Boundary"/> holds.</summary>
    Place,

    /// <summary>Goes on in two ways.</summary>
    Fork,
}

/// <summary>A step of a program, and the numbers of the instructions it goes on to.</summary>
internal readonly record struct Instruction(InstructionKind Kind, ByteSet Set, Boundary Boundary, int Next, int Other)
{
    public static Instruction Match => default;

    public static Instruction Byte(ByteSet set, int next) => new(InstructionKind.Byte, set, default, next, next);

    public static Instruction Place(Boundary boundary, int next) => new(InstructionKind.Place, default, boundary, next, next);

    public static Instruction Fork(int next, int other) => new(InstructionKind.Fork, default, default, next, other);
}

/// <summary>
/// A tree written out as Thompson's automaton. It is written from its end: each node is told where it goes on to, and says where it starts. So an instruction
/// that stands further ahead in the pattern has a greater number, and only loops lead to greater ones.
/// </summary>
internal sealed class PatternProgram
{
    private readonly List<Instruction> _instructions = [Instruction.Match];

    private PatternProgram()
    {
    }

    public int Start { get; private set; }

    public int Count => _instructions.Count;

    public bool IsAboutWords { get; private set; }

    public Instruction this[int number] => _instructions[number];

    /// <summary>Writes a program that finds a tree anywhere in a text: behind any bytes, of which an anchored tree makes no use.</summary>
    public static PatternProgram Search(PatternNode tree)
    {
        var program = new PatternProgram();
        PatternNode anything = PatternNode.Repeat(new PatternNode.Byte(ByteSet.All), 0, -1);
        program.Start = program.Write(anything, program.Write(tree, next: 0));
        return program;
    }

    private int Write(PatternNode node, int next)
    {
        switch (node)
        {
            case PatternNode.Byte one:
                return Add(Instruction.Byte(one.Set, next));
            case PatternNode.Place place:
                IsAboutWords |= place.Boundary.IsAboutWords();
                return Add(Instruction.Place(place.Boundary, next));
            case PatternNode.Concatenation { Members: var members }:
                for (int i = members.Length - 1; i >= 0; i--)
                {
                    next = Write(members[i], next);
                }

                return next;
            case PatternNode.Alternation { Branches: var branches }:
                int start = Write(branches[^1], next);
                for (int i = branches.Length - 2; i >= 0; i--)
                {
                    start = Add(Instruction.Fork(Write(branches[i], next), start));
                }

                return start;
            case PatternNode.Repetition repetition:
                return Write(repetition, next);
            default:
                Debug.Assert(node == PatternNode.Nothing, "All other nodes are above.");
                return next;
        }
    }

    private int Write(PatternNode.Repetition repetition, int next)
    {
        int needed = repetition.Least;
        int start = next;
        if (repetition.Most < 0)
        {
            // The last time that is needed, if any is, is the one that comes again: so a fork behind it does, where one before it would need a copy.
            int loop = Add(Instruction.Fork(0, next));
            int again = Write(repetition.Part, loop);
            _instructions[loop] = Instruction.Fork(again, next);
            start = needed == 0 ? loop : again;
            needed = int.Max(needed - 1, 0);
        }

        for (int i = repetition.Least; i < repetition.Most; i++)
        {
            start = Add(Instruction.Fork(Write(repetition.Part, start), next));
        }

        for (; needed > 0; needed--)
        {
            start = Write(repetition.Part, start);
        }

        return start;
    }

    private int Add(Instruction instruction)
    {
        _instructions.Add(instruction);
        return _instructions.Count - 1;
    }
}
