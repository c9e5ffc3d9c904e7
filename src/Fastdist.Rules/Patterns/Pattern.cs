using System;
using System.Diagnostics.CodeAnalysis;

namespace Fastdist.Rules.Patterns;

/// <summary>
/// A regular expression over the bytes of a name or of an HTTP path. It is compiled when it is configured, as a whole: a match makes no states, takes no lock,
/// allocates nothing, and its time is linear in the length of the text, whatever the text is.
/// </summary>
/// <remarks>
/// A pattern is about bytes. A character of it that is not ASCII stands for its bytes in UTF-8, and case is ignored for ASCII letters only.
/// </remarks>
public sealed class Pattern
{
    private readonly PositionTables? _tables;
    private readonly DeterministicAutomaton? _automaton;

    private Pattern(string text, PatternSyntax syntax)
    {
        Text = text;
        Syntax = syntax;
        PositionTables tables = Compile(text, syntax);
        if (!Determinizer.TryMake(tables, out _automaton))
        {
            _tables = tables;
        }
    }

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>How it is read.</summary>
    public PatternSyntax Syntax { get; }

    /// <summary>Whether a match costs a step in a table for each byte. Otherwise the pattern has too many states, and a byte costs some more.</summary>
    internal bool IsDeterministic => _automaton is not null;

    /// <summary>Reads and compiles an expression; a bad one is no exception. For threads that configure: it may take a good part of a second.</summary>
    /// <param name="text">The expression, at most 65,536 characters, with at most 16,384 parts once repetitions are written out.</param>
    /// <param name="syntax">How to read it.</param>
    /// <param name="pattern">What was read.</param>
    /// <param name="error">For people: at which character what is wrong, or what is too large; empty when nothing is.</param>
    public static bool TryParse(string text, PatternSyntax syntax, [NotNullWhen(true)] out Pattern? pattern, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            pattern = text.Length <= PatternLimits.TextLength
                ? new Pattern(text, syntax)
                : throw new PatternException($"a pattern has at most {PatternLimits.TextLength} characters, this one has {text.Length}");
            error = "";
            return true;
        }
        catch (PatternException refusal)
        {
            pattern = null;
            error = refusal.Message;
            return false;
        }
    }

    /// <summary>A matcher for one thread, with all that it writes while it matches.</summary>
    public PatternMatcher CreateMatcher() => new(_automaton, _tables is null ? null : new Simulation(_tables));

    /// <summary>What both kinds of matching come from.</summary>
    internal static PositionTables Compile(string text, PatternSyntax syntax)
    {
        PatternProgram program = PatternProgram.Search(Parse(text, syntax).Bounded(0));
        return new PositionTables(PositionFinder.Find(program), program.IsAboutWords);
    }

    private static PatternNode Parse(string text, PatternSyntax syntax)
    {
        switch (syntax)
        {
            case PatternSyntax.PosixExtended:
                return PosixParser.Parse(text);
            case PatternSyntax.Re2:
                return PatternNode.Sequence([new PatternNode.Place(Boundary.TextStart), Re2Parser.Parse(text), new PatternNode.Place(Boundary.TextEnd)]);
            default:
                throw new ArgumentOutOfRangeException(nameof(syntax), syntax, "There are two.");
        }
    }
}
