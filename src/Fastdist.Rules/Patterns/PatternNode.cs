using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Rules.Patterns;

/// <summary>
/// An expression as a tree. Its size is known at once, however often repetitions multiply each other, so that what is too large is refused before anything is
/// written out.
/// </summary>
internal abstract class PatternNode
{
    private PatternNode(int depth, long parts)
    {
        Depth = depth;
        Parts = Math.Min(parts, int.MaxValue);
    }

    /// <summary>How many nodes are above one another.</summary>
    public int Depth { get; }

    /// <summary>Bytes, boundaries and forks, with repetitions written out; at most 2^31 - 1, which stands for more. Only the empty node has none.</summary>
    public long Parts { get; }

    public static PatternNode Nothing { get; } = new Empty();

    public static PatternNode Sequence(IReadOnlyCollection<PatternNode> parts)
    {
        PatternNode[] present = [.. parts.Where(static part => part is not Empty)];
        return present.Length switch
        {
            0 => Nothing,
            1 => present[0],
            _ => new Concatenation(present),
        };
    }

    public static PatternNode OneOf(IReadOnlyList<PatternNode> branches) => branches.Count == 1 ? branches[0] : new Alternation([.. branches]);

    /// <summary>A part from a least to a most number of times; -1 is without an end.</summary>
    public static PatternNode Repeat(PatternNode part, int least, int most) => (part is Empty || most == 0) ? Nothing : new Repetition(part, least, most);

    /// <summary>What stands in parentheses: a boundary is no longer one that cannot be repeated.</summary>
    public static PatternNode Group(PatternNode inside) => inside is Place ? new Concatenation([inside]) : inside;

    /// <summary>The node itself, unless it is too large or too deep.</summary>
    /// <param name="at">The character where it starts.</param>
    /// <exception cref="PatternException">It is.</exception>
    public PatternNode Bounded(int at)
    {
        if (Depth > PatternLimits.Depth)
        {
            throw new PatternException(at, "there are too many groups and repetitions within one another");
        }

        return Parts <= PatternLimits.Parts
            ? this
            : throw new PatternException(at, $"with its repetitions written out this has more than {PatternLimits.Parts} parts: that is too large");
    }

    /// <summary>Matches between any two bytes.</summary>
    private sealed class Empty() : PatternNode(1, 0);

    /// <summary>A byte of a set.</summary>
    public sealed class Byte(ByteSet set) : PatternNode(1, 1)
    {
        public ByteSet Set => set;
    }

    /// <summary>A place between bytes.</summary>
    public sealed class Place(Boundary boundary) : PatternNode(1, 1)
    {
        public Boundary Boundary => boundary;
    }

    /// <summary>One after another.</summary>
    public sealed class Concatenation(PatternNode[] parts) : PatternNode(parts.Max(static part => part.Depth) + 1, parts.Sum(static part => part.Parts))
    {
        public PatternNode[] Members => parts;
    }

    /// <summary>Any one of some, with a fork before each but the last.</summary>
    public sealed class Alternation(PatternNode[] branches)
        : PatternNode(branches.Max(static branch => branch.Depth) + 1, branches.Sum(static branch => branch.Parts) + branches.Length - 1)
    {
        public PatternNode[] Branches => branches;
    }

    /// <summary>Written out as often as it must be there, and with a fork before each time that it may be there besides, or one for any number of times.</summary>
    public sealed class Repetition(PatternNode part, int least, int most)
        : PatternNode(part.Depth + 1, most < 0 ? (part.Parts * Math.Max(least, 1)) + 1 : (part.Parts * most) + most - least)
    {
        public PatternNode Part => part;

        public int Least => least;

        /// <summary>-1 when there is no end.</summary>
        public int Most => most;
    }
}
