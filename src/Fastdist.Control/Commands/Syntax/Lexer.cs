using System;

namespace Fastdist.Control.Commands.Syntax;

/// <summary>Cuts a command into words as Lua does (reference manual 5.4, section 3.1).</summary>
internal sealed class Lexer(string text)
{
    private int _at;

    /// <summary>Takes the next word.</summary>
    /// <exception cref="CommandException">It is not complete.</exception>
    public Token Next()
    {
        SkipBlanks();
        int begin = _at;
        if (begin == text.Length)
        {
            return new Token(TokenKind.End, "", begin + 1);
        }

        char first = text[begin];
        if (first is '"' or '\'')
        {
            return new Token(TokenKind.String, QuotedString.Read(text, ref _at), begin + 1);
        }

        if (first == '[' && LongBracketLevel(begin) is { } level)
        {
            return new Token(TokenKind.String, ReadLongBracket(level, "string", begin + 1), begin + 1);
        }

        if (IsNameStart(first))
        {
            return Take(TokenKind.Name, static c => IsNameStart(c) || char.IsAsciiDigit(c));
        }

        if (char.IsAsciiDigit(first) || (first == '.' && begin + 1 < text.Length && char.IsAsciiDigit(text[begin + 1])))
        {
            return TakeNumber();
        }

        _at++;
        return new Token(TokenKind.Symbol, text[begin.._at], begin + 1);
    }

    /// <summary>An error at a place in the command.</summary>
    public static CommandException Error(int column, string message) => new($"column {column}: {message}");

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private Token Take(TokenKind kind, Func<char, bool> belongs)
    {
        int begin = _at;
        while (_at < text.Length && belongs(text[_at]))
        {
            _at++;
        }

        return new Token(kind, text[begin.._at], begin + 1);
    }

    /// <summary>Takes everything that could be of a number, so that <c>1x</c> is one bad number and not two words.</summary>
    private Token TakeNumber()
    {
        int begin = _at;
        bool isHexadecimal = text.AsSpan(begin).StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        while (_at < text.Length)
        {
            bool isExponentSign = text[_at] is '+' or '-' && !isHexadecimal && _at > begin && text[_at - 1] is 'e' or 'E';
            if (!isExponentSign && !char.IsAsciiLetterOrDigit(text[_at]) && text[_at] is not ('.' or '_'))
            {
                break;
            }

            _at++;
        }

        return new Token(TokenKind.Number, text[begin.._at], begin + 1);
    }

    private void SkipBlanks()
    {
        while (_at < text.Length)
        {
            if (text.AsSpan(_at).StartsWith("--", StringComparison.Ordinal))
            {
                SkipComment();
            }
            else if (char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
            else
            {
                return;
            }
        }
    }

    private void SkipComment()
    {
        int begin = _at;
        _at += 2;
        if (LongBracketLevel(_at) is { } level)
        {
            ReadLongBracket(level, "comment", begin + 1);
            return;
        }

        int end = text.IndexOf('\n', _at);
        _at = end < 0 ? text.Length : end + 1;
    }

    /// <summary>The number of equals signs in a long bracket that opens here; null when none does.</summary>
    private int? LongBracketLevel(int begin)
    {
        if (begin >= text.Length || text[begin] != '[')
        {
            return null;
        }

        int end = begin + 1;
        while (end < text.Length && text[end] == '=')
        {
            end++;
        }

        return end < text.Length && text[end] == '[' ? end - begin - 1 : null;
    }

    private string ReadLongBracket(int level, string what, int column)
    {
        string closing = $"]{new string('=', level)}]";
        int begin = _at + closing.Length;
        int end = text.IndexOf(closing, begin, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error(column, $"the {what} that begins here has no end: close it with {closing}");
        }

        _at = end + closing.Length;
        return text[(begin + LengthOfNewline(begin))..end];
    }

    // The first line's end belongs to the bracket, not to the string.
    private int LengthOfNewline(int begin) =>
        text.AsSpan(begin).StartsWith("\r\n", StringComparison.Ordinal) ? 2 : text[begin] == '\n' ? 1 : 0;
}
