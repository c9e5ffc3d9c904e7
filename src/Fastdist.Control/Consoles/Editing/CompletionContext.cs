using System;
using System.Collections.Generic;

namespace Fastdist.Control.Consoles.Editing;

/// <summary>What kind of name may stand at the cursor.</summary>
internal enum Expected
{
    /// <summary>A function.</summary>
    Function,

    /// <summary>A method of whatever stands before the colon.</summary>
    Method,

    /// <summary>No name that we know: within a string or comment, or behind a dot.</summary>
    Nothing,
}

/// <summary>Where in a command, in Lua's syntax, the cursor stands.</summary>
/// <param name="Expected">What kind of name may stand there.</param>
/// <param name="Call">Of a method: the function whose result it is called on; empty for something else.</param>
internal readonly record struct CompletionContext(Expected Expected, string Call)
{
    /// <summary>Reads a command up to the name that is being typed.</summary>
    public static CompletionContext Of(ReadOnlySpan<char> before)
    {
        var open = new Stack<string>();
        string name = "", call = "";
        char last = '\0';
        for (int at = 0; at < before.Length; at++)
        {
            char current = before[at];
            if (current is '"' or '\'')
            {
                at = EndOfString(before, at);
                if (at == before.Length)
                {
                    return new(Expected.Nothing, "");
                }
            }
            else if (current == '-' && at + 1 < before.Length && before[at + 1] == '-')
            {
                return new(Expected.Nothing, "");
            }
            else if (IsName(current))
            {
                name = at > 0 && IsName(before[at - 1]) ? name + current : $"{current}";
            }
            else if (current is '(' or '{')
            {
                // newServer{...} is a call as well.
                open.Push(name);
                name = "";
            }
            else if (current is ')' or '}')
            {
                call = open.TryPop(out string? called) && called.Length > 0 ? called : call;
            }
            else if (current != ' ' && current != ':')
            {
                name = "";
            }

            last = current == ' ' ? last : current;
        }

        return last switch
        {
            ':' => new(Expected.Method, EndsWithCall(before) ? call : ""),
            '.' => new(Expected.Nothing, ""),
            _ => new(Expected.Function, ""),
        };
    }

    private static bool EndsWithCall(ReadOnlySpan<char> before) => before.TrimEnd(' ')[..^1].TrimEnd(' ') is [.., ')' or '}'];

    private static bool IsName(char value) => char.IsAsciiLetterOrDigit(value) || value == '_';

    /// <summary>The place of a string's closing quote; the text's length when there is none.</summary>
    private static int EndOfString(ReadOnlySpan<char> text, int start)
    {
        int at = start + 1;
        while (at < text.Length && text[at] != text[start])
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at, text.Length);
    }
}
