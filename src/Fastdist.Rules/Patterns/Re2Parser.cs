using System.Collections.Generic;

namespace Fastdist.Rules.Patterns;

/// <summary>
/// Reads RE2's expressions, over bytes. Which match is the longest, and what a group has caught, makes no difference here: so lazy quantifiers are as greedy
/// ones, and groups with names as those without. What RE2 refuses is refused; besides, \p, (?m), what is about characters beyond one byte, and repeating flags:
/// behind (?i) a star repeats what stands before it there.
/// </summary>
internal sealed class Re2Parser
{
    /// <summary>RE2's own bound.</summary>
    private const int MostRepetitions = 1000;

    private readonly PatternReader _reader;

    /// <summary>What (?i) and (?s) have set, from where they stand to the end of the group they stand in.</summary>
    private Re2Flags _flags;

    /// <summary>Between \Q and \E each character stands for itself.</summary>
    private bool _isQuoted;

    private Re2Parser(PatternReader reader) => _reader = reader;

    public static PatternNode Parse(string text)
    {
        var reader = new PatternReader(text);
        PatternNode root = new Re2Parser(reader).ReadAlternatives(groups: 0);
        return reader.IsAtEnd ? root : throw new PatternException(reader.At, "this ')' closes no group; for the character itself write \\)");
    }

    private PatternNode ReadAlternatives(int groups)
    {
        List<PatternNode> branches = [];
        do
        {
            branches.Add(ReadBranch(groups));
        }
        while (_reader.TryTake('|'));
        return PatternNode.OneOf(branches);
    }

    private PatternNode ReadBranch(int groups)
    {
        List<PatternNode> pieces = [];
        while (true)
        {
            if (_reader.TryTake(_isQuoted ? "\\E" : "\\Q"))
            {
                _isQuoted = !_isQuoted;
                continue;
            }

            if (_reader.IsAtEnd || (!_isQuoted && _reader.SeesAnyOf("|)")))
            {
                return PatternNode.Sequence(pieces);
            }

            pieces.Add(_isQuoted ? ReadQuoted() : ReadPiece(groups));
        }
    }

    /// <summary>A character that stands for itself; the last one before \E may be repeated.</summary>
    private PatternNode ReadQuoted()
    {
        int start = _reader.At;
        PatternNode character = ReadCharacter();
        if (!_reader.TryTake("\\E"))
        {
            return character;
        }

        _isQuoted = false;
        return ReadRepetition(character, start);
    }

    private PatternNode ReadPiece(int groups)
    {
        int start = _reader.At;
        if (TryTakeOperator(out _, out _))
        {
            throw new PatternException(start, "there is nothing before this repetition that could be repeated");
        }

        return ReadAtom(start, groups) is { } atom ? ReadRepetition(atom, start) : PatternNode.Nothing;
    }

    /// <summary>Repeats a piece when an operator follows; a second one is refused, as in RE2.</summary>
    private PatternNode ReadRepetition(PatternNode piece, int start)
    {
        int first = _reader.At;
        if (!TryTakeOperator(out int least, out int most))
        {
            return piece;
        }

        if (int.Max(least, most) > MostRepetitions || (most >= 0 && least > most))
        {
            throw new PatternException(first, $"a repetition {{n,m}} has at most {MostRepetitions} times, and no greater number before the comma than behind it");
        }

        _reader.TryTake('?');
        int second = _reader.At;
        return TryTakeOperator(out _, out _)
            ? throw new PatternException(second, "a repetition of a repetition needs a group: write (?:a*)* for a**")
            : PatternNode.Repeat(piece, least, most).Bounded(start);
    }

    /// <summary>Null when it is no piece, but (?i) or the like.</summary>
    private PatternNode? ReadAtom(int start, int groups)
    {
        switch (_reader.Take())
        {
            case '(':
                return ReadGroup(start, groups);
            case '[':
                return new PatternNode.Byte(Re2Brackets.Read(_reader, _flags.IgnoresCase));
            case '.':
                return new PatternNode.Byte(_flags.DotTakesNewlines ? ByteSet.All : ~ByteSet.Of((byte)'\n'));
            case '^':
                return new PatternNode.Place(Boundary.TextStart);
            case '$':
                return new PatternNode.Place(Boundary.TextEnd);
            case '\\':
                return ReadEscape(start);
            default:
                _reader.At = start;
                return ReadCharacter();
        }
    }

    private PatternNode? ReadGroup(int start, int groups)
    {
        if (groups == PatternLimits.Groups)
        {
            throw new PatternException(start, $"there are more than {PatternLimits.Groups} groups within one another");
        }

        Re2Flags outside = _flags;
        if (_reader.TryTake('?') && !_flags.ReadGroupStart(_reader, start))
        {
            return null;
        }

        PatternNode inside = ReadAlternatives(groups + 1);
        _flags = outside;
        return _reader.TryTake(')') ? inside : throw new PatternException(start, "this group is never closed: a ')' is missing");
    }

    private PatternNode.Byte Literal(byte value)
    {
        ByteSet set = ByteSet.Of(value);
        return new PatternNode.Byte(_flags.IgnoresCase ? set.WithBothCases() : set);
    }

    private PatternNode ReadCharacter()
    {
        List<PatternNode> bytes = [];
        foreach (byte value in _reader.TakeBytes(stackalloc byte[4]))
        {
            bytes.Add(Literal(value));
        }

        return PatternNode.Sequence(bytes);
    }

    private PatternNode ReadEscape(int start)
    {
        if (Re2Escapes.TryTakeClass(_reader, out ByteSet set))
        {
            return new PatternNode.Byte(set);
        }

        if (!_reader.SeesAnyOf("AzbBC"))
        {
            return Literal(Re2Escapes.TakeByte(_reader, start));
        }

        return _reader.Take() switch
        {
            'A' => new PatternNode.Place(Boundary.TextStart),
            'z' => new PatternNode.Place(Boundary.TextEnd),
            'b' => new PatternNode.Place(Boundary.WordEdge),
            'B' => new PatternNode.Place(Boundary.NoWordEdge),
            _ => new PatternNode.Byte(ByteSet.All),
        };
    }

    /// <summary>Takes an operator of repetition. A brace that starts none is a character like others. The most is -1 when there is no end.</summary>
    private bool TryTakeOperator(out int least, out int most)
    {
        (least, most) = (0, -1);
        if (_reader.TryTake('*'))
        {
            return true;
        }

        if (_reader.TryTake('+'))
        {
            least = 1;
            return true;
        }

        if (_reader.TryTake('?'))
        {
            most = 1;
            return true;
        }

        int start = _reader.At;
        bool isInterval = _reader.TryTake('{') && TryTakeNumber(out least);
        most = least;
        if (isInterval && _reader.TryTake(',') && !TryTakeNumber(out most))
        {
            most = -1;
        }

        isInterval = isInterval && _reader.TryTake('}');
        _reader.At = isInterval ? _reader.At : start;
        return isInterval;
    }

    /// <summary>A number, which to RE2 is one only without leading zeros.</summary>
    private bool TryTakeNumber(out int number)
    {
        int start = _reader.At;
        bool startsWithZero = _reader.Sees('0');
        return _reader.TryTakeNumber(out number) && (!startsWithZero || _reader.At == start + 1);
    }
}
