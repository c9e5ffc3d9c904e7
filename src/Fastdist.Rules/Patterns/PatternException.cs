using System;

namespace Fastdist.Rules.Patterns;

/// <summary>A pattern that is not taken, and why, in words for who wrote it. It does not leave <see cref="Pattern.TryParse"/>.</summary>
internal sealed class PatternException : Exception
{
    /// <summary>Something at a place is not taken.</summary>
    /// <param name="at">The character it is about, counted from 0; people are told from 1.</param>
    /// <param name="what">What is wrong with it, without a full stop.</param>
    public PatternException(int at, string what)
        : base($"character {at + 1}: {what}")
    {
    }

    /// <summary>The pattern as a whole is not taken.</summary>
    public PatternException(string what)
        : base(what)
    {
    }
}
