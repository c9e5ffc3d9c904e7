using System;
using System.Linq;
using CsCheck;
using Fastdist.Rules.Patterns;
using Xunit;

namespace Fastdist.Rules.Tests.Patterns;

/// <summary>What dnsdist's rules do with an expression is what the C library does: ours is held against it.</summary>
public class GlibcComparisonTests
{
    /// <summary>Taken there as the comma of a repetition, by accident.</summary>
    private const string EscapedComma = "\\,";

    /// <summary>With more groups in one another that are repeated, compiling takes glibc minutes.</summary>
    private const int Depth = 1;

    private static readonly Gen<string> s_repetitions =
        Gen.Frequency((6, Gen.Const("")), (4, RandomPatterns.Of("*", "+", "?", "{2}", "{1,3}", "{0}", "{2,}", "{,2}", "{,}", "**", "+?", "{2}{2}")));

    private static readonly Gen<string> s_plainAtoms = RandomPatterns.Of(
        "a", "b", "B", "c", "1", "_", ".", "\\.", "-", "[ab]", "[^a]", "[A-C]", "[a-b1]", "[[:alpha:]]", "[^[:lower:]]", "[[:upper:]_]", "[[:digit:]-]",
        "[]a]", "[^]a]", "[^[:alnum:].]", "\\w", "\\W", "\\s", "\\S", "}", "[A-_]", "[*-1]", "[[:punct:]]", "[[:space:]]", "[\\.]", "\u00E9");

    private static readonly Gen<string> s_boundaries = RandomPatterns.Of("^", "$", "\\b", "\\B", "\\<", "\\>");

    private static readonly Gen<string[]> s_texts = RandomPatterns.TextWithoutLines.Array[20];

    [Fact]
    public void An_expression_matches_what_it_matches_there() => Gen.Select(
        Gen.Select(
            RandomPatterns.Of("", "", "^"),
            RandomPatterns.Expression(s_plainAtoms, s_repetitions, depth: Depth),
            RandomPatterns.Of("", "", "$"),
            static (start, inside, end) => start + inside + end),
        s_texts).Sample(static sample => AssertAlike(sample.Item1, sample.Item2), iter: 3000);

    /// <summary>In what is repeated a number of times, or with a plus, glibc writes boundaries out wrongly: ((^a)){2} matches aa there.</summary>
    [Fact]
    public void An_expression_with_boundaries_within_matches_what_it_matches_there() => Gen.Select(
        RandomPatterns.Expression(Gen.Frequency((3, s_plainAtoms), (2, s_boundaries)), RandomPatterns.Of("", "", "*", "?"), depth: Depth), s_texts)
        .Sample(static sample => AssertAlike(sample.Item1, sample.Item2), iter: 3000);

    [Fact]
    public void What_is_refused_there_is_refused() =>
        Gen.Select(
            RandomPatterns.Soup("a", "b", "1", ",", "(", ")", "[", "]", "^", "$", "*", "+", "?", "{", "}", "|", "-", ":", "\\", "\\w", "[:alpha:]", "[:upper:]",
                "a-c", "{1,2}", "{,", "2}"),
            s_texts).Where(static sample => !sample.Item1.Contains(EscapedComma)).Sample(static sample => AssertAlike(sample.Item1, sample.Item2), iter: 20_000);

    private static void AssertAlike(string expression, string[] texts)
    {
        bool isTaken = Pattern.TryParse(expression, PatternSyntax.PosixExtended, out Pattern? pattern, out string error);
        if (!isTaken && (error.Contains("not supported") || error.Contains("no meaning") || error.Contains("\\d")))
        {
            return;
        }

        byte[][] all = Array.ConvertAll(texts, Texts.Bytes);
        bool[]? expected = Glibc.Match(expression, all);
        Assert.True(isTaken == expected is not null, $"{expression}: {(isTaken ? "taken" : error)}");
        if (isTaken)
        {
            PatternMatcher matcher = pattern!.CreateMatcher();
            string[] unlike = [.. texts.Where((text, i) => matcher.Matches(all[i]) != expected![i])];
            Assert.True(unlike.Length == 0, $"{expression} on {unlike.FirstOrDefault()}");
        }
    }
}
