using Fastdist.Rules.Patterns;
using Xunit;

namespace Fastdist.Rules.Tests.Patterns;

public class Re2Tests
{
    [Theory]
    [InlineData("b", "abc", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("abc", "ABC", false)]
    [InlineData("a|abc", "abc", true)]
    [InlineData(".*b.*", "abc", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    public void The_whole_text_must_match_and_case_matters(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("(?:ab)+", "abab", true)]
    [InlineData("(?P<host>[a-z]+)\\.(?<zone>example)", "www.example", true)]
    [InlineData("(?i)ABC", "abC", true)]
    [InlineData("(?i:a)b", "Ab", true)]
    [InlineData("(?i:a)b", "AB", false)]
    [InlineData("a(?i)b|c", "C", true)]
    [InlineData("(a(?i)b)c", "aBC", false)]
    [InlineData("(?i)[^a]", "A", false)]
    [InlineData("(?i)[[:^upper:]]", "a", false)]
    [InlineData("(?i)\\x41", "a", true)]
    [InlineData("(?i)a(?-i)b", "AB", false)]
    [InlineData(".", "\n", false)]
    [InlineData("(?s).", "\n", true)]
    [InlineData("(?s-i:.)", "\n", true)]
    [InlineData("(?U)a*", "aaa", true)]
    public void Groups_and_flags(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("a*?b+?c??", "aab", true)]
    [InlineData("a{2,3}?", "aaa", true)]
    [InlineData("a{2,3}", "aaaa", false)]
    [InlineData("a{2,}", "aaaa", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("a{", "a{", true)]
    [InlineData("{1", "{1", true)]
    [InlineData("a{01}", "a{01}", true)]
    [InlineData("^*a$+", "a", true)]
    public void Repetitions(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("\\d\\D", "1a", true)]
    [InlineData("\\w\\W", "_-", true)]
    [InlineData("\\s\\S", "\ta", true)]
    [InlineData("\\s", "\v", false)]
    [InlineData("\\x41\\x{42}\\103", "ABC", true)]
    [InlineData("\\xe9", "\u00E9", true)]
    [InlineData("\\a\\f\\n\\r\\t\\v\\0", "\a\f\n\r\t\v\0", true)]
    [InlineData("\\Qa.b|*\\E+", "a.b|***", true)]
    [InlineData("\\Qa.b", "a.b", true)]
    [InlineData("\\Qa.b", "axb", false)]
    [InlineData("\\C", "\n", true)]
    [InlineData("\\.\\-\\_", ".-_", true)]
    public void Escapes(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("\\Aa\\z", "a", true)]
    [InlineData("a\\b.b", "a-b", true)]
    [InlineData("a\\Bb", "ab", true)]
    [InlineData("a\\bb", "ab", false)]
    [InlineData("a$", "a\n", false)]
    public void Places(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("[[:alpha:]]", "x", true)]
    [InlineData("[[:^alpha:]]", "x", false)]
    [InlineData("[[:^alpha:]]", "1", true)]
    [InlineData("[[:word:]]", "_", true)]
    [InlineData("[[:ascii:]]", "\u00E9", false)]
    [InlineData("[\\d.]", ".", true)]
    [InlineData("[^\\d.]", ".", false)]
    [InlineData("[a-c-e]", "-", true)]
    [InlineData("[a-c-e]", "d", false)]
    [InlineData("[]]", "]", true)]
    [InlineData("[^]]", "\n", true)]
    [InlineData("[\\x61-\\x63]", "b", true)]
    [InlineData("[[:a]", ":", true)]
    public void Brackets(string expression, string text, bool expected) => Check(expression, text, expected);

    private static void Check(string expression, string text, bool expected) => Assert.Equal(expected, Texts.Matches(expression, PatternSyntax.Re2, text));
}
