using System;
using System.Linq;
using System.Text.RegularExpressions;
using CsCheck;
using Fastdist.Rules.Patterns;
using Xunit;

namespace Fastdist.Rules.Tests.Patterns;

/// <summary>A second opinion on RE2's syntax, in so far as .NET has the same. A byte is the character of that number there.</summary>
public class DotNetComparisonTests
{
    private static readonly Gen<string> s_repetitions = Gen.Frequency(
        (5, Gen.Const("")), (4, RandomPatterns.Of("*", "+", "?", "{2}", "{1,3}", "{0}", "{2,}", "*?", "+?", "??", "{1,2}?")));

    private static readonly Gen<string> s_plainAtoms = RandomPatterns.Of(
        "a", "b", "B", "c", "1", "_", ".", "\\.", "-", "[ab]", "[^a]", "[A-C]", "[a-b1]", "\\d", "\\D", "[\\w-]", "[^\\d]", "\\x41", "\\x61",
        "[\\x61-c]", "}", "\\n", "[^\\n]", "[.-1]", "[\\.]");

    private static readonly Gen<string> s_wordAtoms = RandomPatterns.Of("\\w", "\\W", "\\s", "\\S", "[\\W_]", "[^\\s]");

    private static readonly Gen<string> s_bytes = RandomPatterns.Of("\\xE9", "[^\\xe9]", "\\A", "\\z");

    private static readonly Gen<string> s_boundaries = RandomPatterns.Of("^", "\\b", "\\B", "\\A", "\\z");

    private static readonly Gen<string> s_flags = RandomPatterns.Of("", "", "(?i)", "(?s)", "(?is)", "(?i-s)");

    [Fact]
    public void An_expression_matches_what_it_matches_there() => Compare(
        RandomPatterns.Expression(Gen.Frequency((5, s_plainAtoms), (1, s_boundaries), (1, s_wordAtoms)), s_repetitions, "(?:"), RandomPatterns.AsciiText);

    /// <summary>There words and spaces are Unicode's, so these have none.</summary>
    [Fact]
    public void An_expression_matches_the_same_bytes_beyond_ASCII() => Compare(
        RandomPatterns.Expression(Gen.Frequency((8, s_plainAtoms.Where(static atom => !atom.Contains('w'))), (1, s_bytes)), s_repetitions, "("),
        RandomPatterns.Text);

    private static void Compare(Gen<string> expressions, Gen<string> texts) =>
        Gen.Select(Gen.Select(s_flags, expressions.Where(IsReadThere), static (flags, expression) => flags + expression), texts.Array[20]).Sample(static sample =>
        {
            (string expression, string[] texts) = sample;
            PatternMatcher matcher = Texts.Parse(expression, PatternSyntax.Re2).CreateMatcher();

            // Backtracking is exact, too, but takes its time.
            var other = new Regex($"\\A(?:{expression})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            string[] unlike = [.. texts.Where(text => matcher.Matches(Texts.Bytes(text)) != other.IsMatch(text))];
            Assert.True(unlike.Length == 0, $"{expression} on {unlike.FirstOrDefault()}");
        }, iter: 1000);

    /// <summary>Whether .NET reads an expression rightly: to both of its engines <c>(?:(?:b)+|){2,}-</c> does not match a hyphen, which it does by two empty repetitions.</summary>
    private static bool IsReadThere(string expression) => !expression.Contains("|){2", StringComparison.Ordinal);
}
