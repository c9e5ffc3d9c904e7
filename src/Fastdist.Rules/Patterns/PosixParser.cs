using System.Collections.Generic;

namespace Fastdist.Rules.Patterns;

/// <summary>
/// Reads POSIX extended expressions as glibc's regcomp does with REG_EXTENDED and REG_ICASE: what it refuses is refused. Besides, back references are, and
/// escaped letters without a meaning, which never match there when they are small (it compares them with text put into upper case). What glibc matches by mistake
/// is not matched: two starts of a text in ((^a)){2}, the end of one before a line's end.
/// </summary>
internal sealed class PosixParser
{
    /// <summary>RE_DUP_MAX of glibc.</summary>
    private const int MostRepetitions = 32_767;

    private const string Operators = "*+?{";

    /// <summary>glibc's RE_DOT_NOT_NULL: a dot is any byte but NUL.</summary>
    private static readonly ByteSet s_dot = ~ByteSet.Of(0);

    private readonly PatternReader _reader;

    private PosixParser(PatternReader reader) => _reader = reader;

    public static PatternNode Parse(string text) => new PosixParser(new PatternReader(text)).ReadAlternatives(groups: 0);

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

        // Where no group is open, a closing parenthesis is a character like others (RE_UNMATCHED_RIGHT_PAREN_ORD).
        while (!_reader.IsAtEnd && !_reader.Sees('|') && !(groups > 0 && _reader.Sees(')')))
        {
            pieces.Add(ReadPiece(groups));
        }

        return PatternNode.Sequence(pieces);
    }

    private PatternNode ReadPiece(int groups)
    {
        int start = _reader.At;
        if (_reader.SeesAnyOf(Operators))
        {
            throw new PatternException(start, $"there is nothing before '{_reader.Take()}' that could be repeated");
        }

        PatternNode piece = ReadAtom(groups);

        // An operator behind a boundary finds nothing to repeat, as in glibc; behind a group of a boundary it does.
        while (piece is not PatternNode.Place && _reader.SeesAnyOf(Operators))
        {
            (int least, int most) = ReadRepetition();
            piece = PatternNode.Repeat(piece, least, most).Bounded(start);
        }

        return piece;
    }

    private PatternNode ReadAtom(int groups)
    {
        int start = _reader.At;
        switch (_reader.Take())
        {
            case '(':
                return ReadGroup(start, groups);
            case '[':
                return new PatternNode.Byte(PosixBrackets.Read(_reader));
            case '\\':
                return ReadEscape(start);
            case '.':
                return new PatternNode.Byte(s_dot);
            case '^':
                return new PatternNode.Place(Boundary.TextStart);
            case '$':
                return new PatternNode.Place(Boundary.TextEnd);
            default:
                _reader.At = start;
                return ReadCharacter();
        }
    }

    private PatternNode ReadGroup(int start, int groups)
    {
        if (groups == PatternLimits.Groups)
        {
            throw new PatternException(start, $"there are more than {PatternLimits.Groups} groups within one another");
        }

        PatternNode inside = ReadAlternatives(groups + 1);
        return _reader.TryTake(')') ? PatternNode.Group(inside) : throw new PatternException(start, "this group is never closed: a ')' is missing");
    }

    private PatternNode ReadEscape(int start)
    {
        if (_reader.IsAtEnd)
        {
            throw new PatternException(start, "a backslash at the end escapes nothing");
        }

        bool isLetter = _reader.IsAtAsciiLetter;
        switch (_reader.Take())
        {
            case 'w':
                return new PatternNode.Byte(NamedSets.Words);
            case 'W':
                return new PatternNode.Byte(~NamedSets.Words);
            case 's':
                return new PatternNode.Byte(NamedSets.Spaces);
            case 'S':
                return new PatternNode.Byte(~NamedSets.Spaces);
            case 'b':
                return new PatternNode.Place(Boundary.WordEdge);
            case 'B':
                return new PatternNode.Place(Boundary.NoWordEdge);
            case '<':
                return new PatternNode.Place(Boundary.WordStart);
            case '>':
                return new PatternNode.Place(Boundary.WordEnd);
            case '`':
                return new PatternNode.Place(Boundary.TextStart);
            case '\'':
                return new PatternNode.Place(Boundary.TextEnd);
            case >= '1' and <= '9' and var digit:
                throw new PatternException(start, $"back references (here '\\{digit}') are not supported: they cannot be matched without backtracking");
            case 'd' or 'D':
                throw new PatternException(start, "'\\d' means no digit in POSIX expressions, and never matches in dnsdist: write [[:digit:]] or [^[:digit:]]");
            case var letter when isLetter:
                throw new PatternException(start, $"'\\{letter}' has no meaning in POSIX expressions: write the letter, or the character it should stand for");
            default:
                _reader.At--;
                return ReadCharacter();
        }
    }

    private PatternNode ReadCharacter()
    {
        List<PatternNode> bytes = [];
        foreach (byte value in _reader.TakeBytes(stackalloc byte[4]))
        {
            bytes.Add(new PatternNode.Byte(ByteSet.Of(value).WithBothCases()));
        }

        return PatternNode.Sequence(bytes);
    }

    /// <summary>An operator; the most is -1 when there is no end.</summary>
    private (int Least, int Most) ReadRepetition()
    {
        int start = _reader.At;
        return _reader.Take() switch
        {
            '*' => (0, -1),
            '+' => (1, -1),
            '?' => (0, 1),
            _ => ReadInterval(start),
        };
    }

    /// <summary>What stands behind an opening brace: {n}, {n,}, {n,m}, and in glibc {,m} and {,}.</summary>
    private (int Least, int Most) ReadInterval(int start)
    {
        bool hasLeast = _reader.TryTakeNumber(out int least);
        int most = least;
        bool hasComma = _reader.TryTake(',');
        if (hasComma && !_reader.TryTakeNumber(out most))
        {
            most = -1;
        }

        if (!_reader.TryTake('}'))
        {
            string what = _reader.IsAtEnd ? "this '{' is never closed: a '}' is missing" : "a repetition is written {n}, {n,} or {n,m}; for the character itself write \\{";
            throw new PatternException(start, what);
        }

        if (!hasLeast && !hasComma)
        {
            throw new PatternException(start, "a repetition needs a number: {n}, {n,} or {n,m}");
        }

        if (most >= 0 && least > most)
        {
            throw new PatternException(start, "a repetition has a greater number before the comma than behind it");
        }

        return int.Max(least, most) > MostRepetitions
            ? throw new PatternException(start, $"nothing is repeated more than {MostRepetitions} times")
            : (least, most);
    }
}
