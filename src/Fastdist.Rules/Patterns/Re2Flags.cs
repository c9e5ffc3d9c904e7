using System;

namespace Fastdist.Rules.Patterns;

/// <summary>What the flags of an RE2 expression have set. (?U) makes no difference here, as it is about which match is found.</summary>
internal record struct Re2Flags(bool IgnoresCase, bool DotTakesNewlines)
{
    /// <summary>Reads what stands behind "(?".</summary>
    /// <param name="reader">Stands behind the question mark, and then where the group's content starts.</param>
    /// <param name="start">Where the parenthesis is.</param>
    /// <returns>False when there is no group, but flags for what follows.</returns>
    public bool ReadGroupStart(PatternReader reader, int start)
    {
        if (reader.Sees("=") || reader.Sees("!") || reader.Sees("<=") || reader.Sees("<!"))
        {
            throw new PatternException(start, "look-ahead and look-behind are not supported: they cannot be matched without backtracking");
        }

        if (reader.TryTake("P<") || reader.TryTake('<'))
        {
            return reader.TryTakeUpTo(">", out ReadOnlySpan<char> name) && IsName(name)
                ? true
                : throw new PatternException(start, "a group's name is letters, digits and underscores, up to a '>'");
        }

        return reader.Sees("P=")
            ? throw new PatternException(start, "back references are not supported: they cannot be matched without backtracking")
            : ReadFlags(reader, start);
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }

    /// <summary>Reads letters, after a minus those that are unset, up to a colon (which starts a group) or a parenthesis.</summary>
    private bool ReadFlags(PatternReader reader, int start)
    {
        bool isSet = true;
        bool isUnsetMissing = false;
        while (!reader.IsAtEnd)
        {
            int at = reader.At;
            switch (reader.Take())
            {
                case ':' when !isUnsetMissing:
                    return true;
                case ')' when !isUnsetMissing:
                    return false;
                case '-' when isSet:
                    isSet = false;
                    isUnsetMissing = true;
                    continue;
                case 'i':
                    IgnoresCase = isSet;
                    break;
                case 's':
                    DotTakesNewlines = isSet;
                    break;
                case 'U':
                case 'm' when !isSet:
                    break;
                case 'm':
                    throw new PatternException(at, "(?m) is not supported: names and paths have no lines");
                case var other:
                    throw new PatternException(at, $"'(?' is followed by i, s, U or ':', not by '{other}'");
            }

            isUnsetMissing = false;
        }

        throw new PatternException(start, "this group is never closed: a ')' is missing");
    }
}
