using Fastdist.Control.Commands.Syntax;
using Xunit;

namespace Fastdist.Control.Tests.Commands;

[Trait("Stage", "5")]
public class ParserTests
{
    [Theory]
    [InlineData("showServers()", "showServers()")]
    [InlineData("  showServers ( ) ; ", "showServers()")]
    [InlineData("f(1, \"two\", true, false, nil)", "f(1, \"two\", true, false, nil)")]
    [InlineData("f'text'", "f(\"text\")")]
    [InlineData("f\"text\"", "f(\"text\")")]
    [InlineData("f[[text]]", "f(\"text\")")]
    [InlineData("f{a=1}", "f({[\"a\"]=1})")]
    [InlineData("getTLSFrontend(0):rotateTicketsKey()", "getTLSFrontend(0):rotateTicketsKey()")]
    [InlineData("getTLSFrontend(0):loadTicketsKeys'/k'", "getTLSFrontend(0):loadTicketsKeys(\"/k\")")]
    [InlineData("newServer{address='a'}:setUp()", "newServer({[\"address\"]=\"a\"}):setUp()")]
    [InlineData("getServer(0).name", "getServer(0).name")]
    [InlineData("f(g(h()))", "f(g(h()))")]
    [InlineData("f()()", "f()()")]
    [InlineData("-- nothing\nf() -- the rest", "f()")]
    [InlineData("--[[ a\nlong one ]] f(--[==[ ]] ]==] 1)", "f(1)")]
    public void Calls_are_read_as_Lua_reads_them(string line, string meaning) => Assert.Equal(meaning, Printed(line));

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("{1, 2,}", "{1, 2}")]
    [InlineData("{1; 'two'; {3}}", "{1, \"two\", {3}}")]
    [InlineData("{address=\"192.0.2.1\", weight=3, [\"key\"]=v, 5}", "{[\"address\"]=\"192.0.2.1\", [\"weight\"]=3, [\"key\"]=v, 5}")]
    [InlineData("{ [ [[key]] ] = 1 }", "{[\"key\"]=1}")]
    public void Tables_are_read_as_Lua_reads_them(string line, string meaning) => Assert.Equal(meaning, Printed(line));

    [Theory]
    [InlineData("\"a\\\"b\\\\c\\n\"", "a\"b\\c\n")]
    [InlineData("'it''s'", null)]
    [InlineData("'it\\'s'", "it's")]
    [InlineData("'\\65\\066\\x43'", "ABC")]
    [InlineData("'\\0651'", "A1")]
    [InlineData("'a\\z   b'", "ab")]
    [InlineData("'a\\\nb'", "a\nb")]
    [InlineData("[[\nline ]] \"]", null)]
    [InlineData("[[\nline ]", null)]
    [InlineData("[[\nline]]", "line")]
    [InlineData("[==[a]]b]=]]==]", "a]]b]=]")]
    [InlineData("'Grüße'", "Grüße")]
    public void Strings_are_read_with_their_escapes(string line, string? value)
    {
        if (value is null)
        {
            Assert.Throws<CommandException>(() => Parser.Parse(line));
        }
        else
        {
            Assert.Equal(new StringValue(value), Assert.IsType<Constant>(Parser.Parse(line)).Value);
        }
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("-5", -5)]
    [InlineData("- 5", -5)]
    [InlineData("0x1F", 31)]
    [InlineData("-0XFF", -255)]
    [InlineData("0xFFFFFFFFFFFFFFFF", -1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Integers_are_read(string line, long value) => Assert.Equal(new IntegerValue(value), Assert.IsType<Constant>(Parser.Parse(line)).Value);

    [Theory]
    [InlineData("1.5", 1.5)]
    [InlineData("-.5", -0.5)]
    [InlineData("3.", 3.0)]
    [InlineData("1e3", 1000.0)]
    [InlineData("25E-1", 2.5)]
    [InlineData("9223372036854775808", 9223372036854775808.0)]
    public void Floats_are_read(string line, double value) => Assert.Equal(new FloatValue(value), Assert.IsType<Constant>(Parser.Parse(line)).Value);

    [Theory]
    [InlineData("")]
    [InlineData("  \t\n")]
    [InlineData("-- only a comment")]
    [InlineData("--[[ and\nanother ]]")]
    public void Nothing_is_no_command(string line) => Assert.Null(Parser.Parse(line));

    [Theory]
    [InlineData("f(1 2)", "column 5: expected ',' or ')' after an argument, found '2'")]
    [InlineData("showServers(}", "column 13: expected a value: a name, string, number, true, false, nil or {, found '}'")]
    [InlineData("showServers(", "column 13: expected a value: a name, string, number, true, false, nil or {, found the end")]
    [InlineData("f(1", "column 4: expected ',' or ')' after an argument, found the end")]
    [InlineData("f(1,)", "column 5: expected an argument after ',', found ')'")]
    [InlineData("f() g()", "column 5: expected the end of the command, found 'g'")]
    [InlineData("f();;", "column 5: expected the end of the command, found ';'")]
    [InlineData("1 + 1", "column 3: expected the end of the command, found '+'")]
    [InlineData("x = 1", "column 3: expected the end of the command, found '='")]
    [InlineData("-x", "column 2: expected a number after '-', found 'x'")]
    [InlineData("{1 2}", "column 4: expected ',' or '}' after an entry of the table, found '2'")]
    [InlineData("{'a'=1}", "column 5: expected ',' or '}' after an entry of the table: only a name or [key] can stand before '=', found '='")]
    [InlineData("{['a'=1}", "column 6: expected ']' after the key, found '='")]
    [InlineData("{['a'] 1}", "column 8: expected '=' after the key, found '1'")]
    [InlineData("f():", "column 5: expected the name of a method after ':', found the end")]
    [InlineData("f():g", "column 6: expected '(' to call the method 'g', found the end")]
    [InlineData("f().'x'", "column 5: expected the name of a field after '.', found a string")]
    [InlineData("f('abc)", "column 3: the string that begins here has no end: close it with '")]
    [InlineData("f('abc\n')", "column 3: the string that begins here has no end: close it with '")]
    [InlineData("f([=[abc]])", "column 3: the string that begins here has no end: close it with ]=]")]
    [InlineData("--[[ f()", "column 1: the comment that begins here has no end: close it with ]]")]
    [InlineData("'\\q'", "column 2: there is no escape '\\q': write \\\\ for a backslash")]
    [InlineData("'\\256'", "column 2: expected \\ddd with a decimal number up to 255, or \\xXX with two hexadecimal digits")]
    [InlineData("'\\x4'", "column 2: expected \\ddd with a decimal number up to 255, or \\xXX with two hexadecimal digits")]
    [InlineData("1x", "column 1: '1x' is not a number, or one too large")]
    [InlineData("f(1e999)", "column 3: '1e999' is not a number, or one too large")]
    [InlineData("0x", "column 1: '0x' is not a number: expected 1 to 16 hexadecimal digits behind 0x")]
    [InlineData("f(€)", "column 3: expected a value: a name, string, number, true, false, nil or {, found '€'")]
    public void An_error_names_the_place_and_what_was_expected(string line, string message) =>
        Assert.Equal(message, Assert.Throws<CommandException>(() => Parser.Parse(line)).Message);

    [Theory]
    [InlineData("{", "}")]
    [InlineData("f(", ")")]
    [InlineData("{[", "]=1}")]
    [InlineData("f{", "}")]
    public void Nesting_has_a_bound(string open, string close)
    {
        Assert.NotNull(Parser.Parse(Nested(open, "1", close, 20)));
        string message = Assert.Throws<CommandException>(() => Parser.Parse(Nested(open, "1", close, 100_000))).Message;
        Assert.EndsWith("more than 50 levels of tables, calls and fields", message);
    }

    [Theory]
    [InlineData(".x")]
    [InlineData("()")]
    [InlineData(":m()")]
    [InlineData("{}")]
    public void Chains_have_a_bound(string link)
    {
        Assert.NotNull(Parser.Parse(Nested("", "f", link, 40)));
        Assert.EndsWith("more than 50 levels of tables, calls and fields", Assert.Throws<CommandException>(() => Parser.Parse(Nested("", "f", link, 100_000))).Message);
    }

    [Fact]
    public void Entries_side_by_side_are_not_nested()
    {
        string many = Nested("", "{f().a, {1}, g().b.c.d,", "f().a, {1}, g().b.c.d,", 1000) + "}";
        Assert.Equal(3003, Assert.IsType<TableConstructor>(Parser.Parse(many)).Entries.Count);
    }

    [Fact]
    public void Length_has_a_bound()
    {
        Assert.NotNull(Parser.Parse($"'{new string('x', (1 << 20) - 2)}'"));
        Assert.Equal(
            "the command is 1048577 characters long, the most is 1048576",
            Assert.Throws<CommandException>(() => Parser.Parse($"'{new string('x', (1 << 20) - 1)}'")).Message);
    }

    private static string Nested(string open, string inner, string close, int levels) =>
        string.Concat(System.Linq.Enumerable.Repeat(open, levels)) + inner + string.Concat(System.Linq.Enumerable.Repeat(close, levels));

    private static string Printed(string line) => Printer.Print(Parser.Parse(line)!);
}
