using System;
using System.Text;

namespace Fastdist.Rules.Patterns;

/// <summary>The text of a pattern, read from its start to its end.</summary>
internal sealed class PatternReader(string text)
{
    private const int LargestNumber = 1_000_000;

    /// <summary>The character that comes next, counted from 0.</summary>
    public int At { get; set; }

    public bool IsAtEnd => At == text.Length;

    public bool IsAtAsciiLetter => !IsAtEnd && char.IsAsciiLetter(text[At]);

    public bool Sees(char next) => !IsAtEnd && text[At] == next;

    public bool Sees(string next) => text.AsSpan(At).StartsWith(next, StringComparison.Ordinal);

    public bool SeesAnyOf(string characters) => !IsAtEnd && characters.Contains(text[At], StringComparison.Ordinal);

    public bool TryTake(char next)
    {
        bool isThere = Sees(next);
        At += isThere ? 1 : 0;
        return isThere;
    }

    public bool TryTake(string next)
    {
        bool isThere = Sees(next);
        At += isThere ? next.Length : 0;
        return isThere;
    }

    /// <summary>Takes the next character; there is one.</summary>
    public char Take() => text[At++];

    /// <summary>Takes what stands before an end, and the end. Takes nothing when the end does not come.</summary>
    public bool TryTakeUpTo(string end, out ReadOnlySpan<char> taken)
    {
        ReadOnlySpan<char> rest = text.AsSpan(At);
        int length = rest.IndexOf(end, StringComparison.Ordinal);
        taken = length < 0 ? [] : rest[..length];
        At += length < 0 ? 0 : length + end.Length;
        return length >= 0;
    }

    /// <summary>Takes a decimal number, and of a greater one than a million only that it is one more. False when no digit comes.</summary>
    public bool TryTakeNumber(out int number)
    {
        int start = At;
        for (number = 0; !IsAtEnd && char.IsAsciiDigit(text[At]); At++)
        {
            number = Math.Min((number * 10) + text[At] - '0', LargestNumber + 1);
        }

        return At > start;
    }

    /// <summary>
    /// Takes a character as the bytes it has in UTF-8, at most four; there is one. What is no character, half of a surrogate pair, is refused.
    /// </summary>
    public ReadOnlySpan<byte> TakeBytes(Span<byte> room)
    {
        if (!Rune.TryGetRuneAt(text, At, out Rune rune))
        {
            throw new PatternException(At, "half of a surrogate pair is no character");
        }

        At += rune.Utf16SequenceLength;
        return room[..rune.EncodeToUtf8(room)];
    }
}
