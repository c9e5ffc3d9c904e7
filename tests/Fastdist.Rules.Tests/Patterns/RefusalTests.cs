using System;
using System.Linq;
using Fastdist.Rules.Patterns;
using Xunit;

namespace Fastdist.Rules.Tests.Patterns;

public class RefusalTests
{
    [Theory]
    [InlineData("(a)\\1", "character 4: back references (here '\\1') are not supported")]
    [InlineData("[[.a.]]", "character 2: collating symbols")]
    [InlineData("[a[=b=]]", "character 3: equivalence classes")]
    [InlineData("[[:letter:]]", "character 2: there is no class [:letter:]")]
    [InlineData("ab[c", "character 3: this bracket is never closed")]
    [InlineData("[[:alpha:", "character 1: this bracket is never closed")]
    [InlineData("[z-a]", "character 2: a range ends before it starts")]
    [InlineData("[Z-a]", "character 2: a range ends before it starts")]
    [InlineData("[[:alpha:]-z]", "character 2: a class cannot be the end of a range")]
    [InlineData("[a-c-e]", "character 5: a '-' stands first, last or in a range")]
    [InlineData("[a\u00E9]", "character 3: '\u00E9' is more than one byte")]
    [InlineData("a(b", "character 2: this group is never closed")]
    [InlineData("*a", "character 1: there is nothing before '*'")]
    [InlineData("a|+", "character 3: there is nothing before '+'")]
    [InlineData("^*", "character 2: there is nothing before '*'")]
    [InlineData("a{", "character 2: this '{' is never closed")]
    [InlineData("a{x}", "character 2: a repetition is written {n}")]
    [InlineData("a{}", "character 2: a repetition needs a number")]
    [InlineData("a{2,1}", "character 2: a repetition has a greater number before the comma")]
    [InlineData("(){32768}", "character 3: nothing is repeated more than 32767 times")]
    [InlineData("a\\", "character 2: a backslash at the end escapes nothing")]
    [InlineData("\\d+", "character 1: '\\d' means no digit")]
    [InlineData("\\n", "character 1: '\\n' has no meaning")]
    public void Posix_refuses_by_name_and_place(string expression, string error) =>
        Assert.StartsWith(error, Texts.Refusal(expression, PatternSyntax.PosixExtended), StringComparison.Ordinal);

    [Theory]
    [InlineData("(a)\\1", "character 4: back references (here '\\1') are not supported")]
    [InlineData("(?P<n>a)(?P=n)", "character 9: back references are not supported")]
    [InlineData("a(?=b)", "character 2: look-ahead and look-behind are not supported")]
    [InlineData("(?<!a)b", "character 1: look-ahead and look-behind are not supported")]
    [InlineData("(?m)a", "character 3: (?m) is not supported")]
    [InlineData("(?>a)", "character 3: '(?' is followed by i, s, U or ':', not by '>'")]
    [InlineData("(?-)", "character 4: '(?' is followed by")]
    [InlineData("(?P<a b>c)", "character 1: a group's name is")]
    [InlineData("(?i", "character 1: this group is never closed")]
    [InlineData("a)", "character 2: this ')' closes no group")]
    [InlineData("\\pN", "character 1: Unicode classes")]
    [InlineData("[\\p{Greek}]", "character 2: Unicode classes")]
    [InlineData("\\x4", "character 1: a byte is written as")]
    [InlineData("\\x{100}", "character 1: this is more than one byte can be")]
    [InlineData("\\777", "character 1: this is more than one byte can be")]
    [InlineData("\\Z", "character 1: '\\Z' has no meaning")]
    [InlineData("\\E", "character 1: '\\E' has no meaning")]
    [InlineData("a**", "character 3: a repetition of a repetition needs a group")]
    [InlineData("a{2}{3}", "character 5: a repetition of a repetition needs a group")]
    [InlineData("a{1001}", "character 2: a repetition {n,m} has at most 1000 times")]
    [InlineData("|*", "character 2: there is nothing before this repetition")]
    [InlineData("[a-\\d]", "character 4: '\\d' has no meaning")]
    [InlineData("[b-a]", "character 2: a range ends before it starts")]
    [InlineData("[[:foo:]]", "character 2: there is no class [:foo:]")]
    [InlineData("[a", "character 1: this bracket is never closed")]
    public void Re2_refuses_by_name_and_place(string expression, string error) =>
        Assert.StartsWith(error, Texts.Refusal(expression, PatternSyntax.Re2), StringComparison.Ordinal);

    [Theory]
    [InlineData(PatternSyntax.PosixExtended)]
    [InlineData(PatternSyntax.Re2)]
    public void Half_of_a_surrogate_pair_is_refused(PatternSyntax syntax) =>
        Assert.StartsWith("character 2: half of a surrogate pair", Texts.Refusal("a\uD83D", syntax), StringComparison.Ordinal);

    [Theory]
    [InlineData("(((a{100}){100}){100}){100}")]
    [InlineData("((((a?){1000}){1000}){1000}){1000}")]
    [InlineData("(a|b){9000}")]
    [InlineData("((^){1000}){1000}")]
    public void What_repetitions_multiply_is_refused_before_it_is_written_out(string expression) =>
        Assert.Contains("16384 parts", Texts.Refusal(expression, PatternSyntax.PosixExtended), StringComparison.Ordinal);

    [Fact]
    public void A_repetition_of_nothing_is_nothing() =>
        Assert.True(Texts.Matches("^(((((){1000}){1000}){1000}){1000}){1000}$", PatternSyntax.PosixExtended, ""));

    [Theory]
    [InlineData(PatternSyntax.PosixExtended)]
    [InlineData(PatternSyntax.Re2)]
    public void Groups_within_groups_are_bounded(PatternSyntax syntax)
    {
        string Nested(int groups) => string.Concat(Enumerable.Repeat("(b|", groups)) + "a" + string.Concat(Enumerable.Repeat("c)+", groups));
        Assert.True(Texts.Matches(Nested(200), syntax, "b"));
        Assert.Equal("character 601: there are more than 200 groups within one another", Texts.Refusal(Nested(201), syntax));
        Texts.Refusal(Nested(15_000), syntax);
    }

    [Fact]
    public void Repetitions_of_repetitions_are_bounded()
    {
        Assert.True(Texts.Matches("^a" + new string('*', 700) + "$", PatternSyntax.PosixExtended, "aaa"));
        string error = Texts.Refusal("a" + new string('*', 60_000), PatternSyntax.PosixExtended);
        Assert.StartsWith("character 1: there are too many groups and repetitions", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_texts_are_refused()
    {
        Assert.True(Pattern.TryParse(new string('a', 16_000), PatternSyntax.Re2, out _, out _));
        Assert.Contains("65536 characters", Texts.Refusal(new string('a', 65_537), PatternSyntax.Re2), StringComparison.Ordinal);
        Assert.Contains("16384 parts", Texts.Refusal(new string('a', 65_536), PatternSyntax.Re2), StringComparison.Ordinal);
    }

    /// <summary>Each of so many may follow each.</summary>
    [Fact]
    public void Too_many_ways_through_a_pattern_are_refused()
    {
        string words = $"({string.Join('|', Enumerable.Range(0, 4000).Select(static i => $"{(char)('a' + (i % 26))}x"))})*";
        Assert.Contains("too many parts", Texts.Refusal(words, PatternSyntax.Re2), StringComparison.Ordinal);
    }
}
