using Fastdist.Rules.Patterns;
using Xunit;

namespace Fastdist.Rules.Tests.Patterns;

public class PosixExtendedTests
{
    [Theory]
    [InlineData("b", "abc", true)]
    [InlineData("", "abc", true)]
    [InlineData("", "", true)]
    [InlineData("abc", "ab", false)]
    [InlineData("example", "www.EXAMPLE.com", true)]
    [InlineData("EXAMPLE", "www.example.com", true)]
    public void It_is_searched_for_anywhere_without_regard_to_case(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("(ads?|track(er|ing)?)\\.", "my.tracking.example", true)]
    [InlineData("(ads?|track(er|ing)?)\\.", "ad.example", true)]
    [InlineData("(ads?|track(er|ing)?)\\.", "tracked.example", false)]
    [InlineData("^(a|)$", "", true)]
    [InlineData("^(a|)$", "b", false)]
    [InlineData("^()b$", "b", true)]
    [InlineData("a)b", "xa)b", true)]
    public void Alternatives_and_groups(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("^[a-z]{10,}\\.example\\.com$", "abcdefghijkl.example.com", true)]
    [InlineData("^[a-z]{10,}\\.example\\.com$", "abcdefghi.example.com", false)]
    [InlineData("^a{2}$", "aa", true)]
    [InlineData("^a{2}$", "aaa", false)]
    [InlineData("^a{1,3}$", "aaa", true)]
    [InlineData("^a{1,3}$", "aaaa", false)]
    [InlineData("^a{,2}$", "", true)]
    [InlineData("^a{,2}$", "aaa", false)]
    [InlineData("^a{,}$", "aaaaa", true)]
    [InlineData("^a{0}$", "", true)]
    [InlineData("^(ab)+c?d*$", "ababddd", true)]
    [InlineData("^(ab)+c?d*$", "abccd", false)]
    [InlineData("^a**$", "aaa", true)]
    [InlineData("^a{2}{3}$", "aaaaaa", true)]
    [InlineData("^a{2}{3}$", "aaaaa", false)]
    [InlineData("^a}$", "a}", true)]
    public void Repetitions(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("^[abc]$", "B", true)]
    [InlineData("^[a-c]$", "d", false)]
    [InlineData("^[^a-c]$", "B", false)]
    [InlineData("^[^a-c]$", "d", true)]
    [InlineData("^[]x]$", "]", true)]
    [InlineData("^[^]x]$", "]", false)]
    [InlineData("^[a-]$", "-", true)]
    [InlineData("^[-a]$", "-", true)]
    [InlineData("^[\\.]$", "\\", true)]
    [InlineData("^[[:alpha:]_-]+$", "aB_-", true)]
    [InlineData("^[a[]$", "[", true)]
    [InlineData("^[+--]$", ",", true)]
    [InlineData("^[A-_]$", "q", true)]
    [InlineData("^[A-z]$", "_", false)]
    public void Brackets(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("digit", "0123456789", "a/:")]
    [InlineData("alpha", "azAZ", "0@[`{")]
    [InlineData("alnum", "azAZ09", "_-.")]
    [InlineData("upper", "azAZ", "0")]
    [InlineData("lower", "azAZ", "0")]
    [InlineData("space", " \t\n\v\f\r", "a\b")]
    [InlineData("xdigit", "09afAF", "gG:")]
    [InlineData("punct", "!/:@[`{~", "aZ0 ")]
    [InlineData("blank", " \t", "\n\v")]
    [InlineData("cntrl", "\u0001\u001F\u007F", " ~")]
    [InlineData("print", " a~", "\t\u007F\u00E9")]
    [InlineData("graph", "!a~", " \u007F\u00E9")]
    public void Classes(string name, string members, string others)
    {
        foreach (char member in members)
        {
            Check($"^[[:{name}:]]$", member.ToString(), true);
            Check($"^[^[:{name}:]]$", member.ToString(), false);
        }

        foreach (char other in others)
        {
            Check($"^[[:{name}:]]$", other.ToString(), false);
        }
    }

    [Theory]
    [InlineData("^a", "ba", false)]
    [InlineData("a$", "ab", false)]
    [InlineData("^$", "", true)]
    [InlineData("a^b", "ab", false)]
    [InlineData("a$b", "ab", false)]
    [InlineData("(^|\\.)ads\\.", "ads.example", true)]
    [InlineData("(^|\\.)ads\\.", "heads.example", false)]
    [InlineData("com(\\.|$)", "example.com", true)]
    [InlineData("com(\\.|$)", "example.company", false)]
    [InlineData("(^)*a", "ba", true)]
    [InlineData("\\`a\\'", "a", true)]
    [InlineData("\\`a\\'", "aa", false)]
    public void Ends_of_the_text(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("\\bads\\b", "x-ads.example", true)]
    [InlineData("\\bads\\b", "x_ads.example", false)]
    [InlineData("\\Bds\\b", "ads", true)]
    [InlineData("\\Bads", "ads", false)]
    [InlineData("\\<ads\\>", "my.ads", true)]
    [InlineData("\\<ads\\>", "myads", false)]
    [InlineData("a\\>.", "a.", true)]
    [InlineData("a\\>.", "ab", false)]
    [InlineData(".\\b.", "..", false)]
    [InlineData("\\B", "", true)]
    [InlineData("\\b", "", false)]
    public void Ends_of_words(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("^\\w+$", "aZ_9", true)]
    [InlineData("^\\w$", "-", false)]
    [InlineData("^\\W$", "-", true)]
    [InlineData("^\\s\\S$", "\va", true)]
    [InlineData("^\\.\\*\\\\\\{$", ".*\\{", true)]
    [InlineData("^a\\.b$", "axb", false)]
    public void Escapes(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("^.$", "\n", true)]
    [InlineData("^.$", "\u00FF", true)]
    [InlineData("^.$", "\0", false)]
    [InlineData("^[^a]$", "\0", true)]
    public void A_dot_is_any_byte_but_NUL(string expression, string text, bool expected) => Check(expression, text, expected);

    [Theory]
    [InlineData("^\u00E9$", "\u00C3\u00A9", true)]
    [InlineData("^\u00E9$", "\u00E9", false)]
    [InlineData("^(\u00E9){2}$", "\u00C3\u00A9\u00C3\u00A9", true)]
    [InlineData("^\u00E9{2}$", "\u00C3\u00A9\u00C3\u00A9", true)]
    [InlineData("^..$", "\u00C3\u00A9", true)]
    [InlineData("^\U0001F600$", "\u00F0\u009F\u0098\u0080", true)]
    public void What_is_not_ASCII_is_its_bytes_in_UTF_8(string expression, string text, bool expected) => Check(expression, text, expected);

    private static void Check(string expression, string text, bool expected) =>
        Assert.Equal(expected, Texts.Matches(expression, PatternSyntax.PosixExtended, text));
}
