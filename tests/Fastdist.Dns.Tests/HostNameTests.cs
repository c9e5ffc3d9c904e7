using System;
using System.Linq;
using Xunit;

namespace Fastdist.Dns.Tests;

[Trait("Row", "C3")]
public class HostNameTests
{
    [Theory]
    [InlineData("dot.example.net", "dot.example.net")]
    [InlineData("dot.example.net.", "dot.example.net")]
    [InlineData("DOT.Example.NET", "dot.example.net")]
    [InlineData("localhost", "localhost")]
    [InlineData("a1-b.x_y.test", "a1-b.x_y.test")]
    [InlineData("r3---sn.test", "r3---sn.test")]
    [InlineData("XN--BCHER-KVA.example", "xn--bcher-kva.example")]
    public void A_name_is_lower_case_without_the_roots_dot(string text, string name) => Assert.Equal(name, Canonical(text));

    [Theory]
    [InlineData("dot.bücher.example", "dot.xn--bcher-kva.example")]
    [InlineData("BÜCHER.example", "xn--bcher-kva.example")]
    [InlineData("straße.example", "xn--strae-oqa.example")]
    [InlineData("παράδειγμα.test", "xn--hxajbheg2az3al.test")]
    [InlineData("пример.test", "xn--e1afmkfd.test")]
    [InlineData("例え.テスト", "xn--r8jz45g.xn--zckzah")]
    [InlineData("실례.테스트", "xn--9n2bp8q.xn--9t4b11yi5a")]
    [InlineData("דוגמה.test", "xn--6dbbec0c.test")]
    public void A_U_label_becomes_its_A_label(string text, string name) => Assert.Equal(name, Canonical(text));

    [Theory]
    [InlineData("u\u0308ber.test")]
    [InlineData("ﬁx.test")]
    [InlineData("ｘ.test")]
    [InlineData("İ.test")]
    [InlineData("उदाहरण.test")]
    [InlineData("a\u200db.test")]
    [InlineData("☃.test")]
    [InlineData("a。b")]
    public void Letters_that_would_need_tables_of_Unicode_are_refused_with_the_remedy(string text) =>
        Assert.Contains("A-labels (xn--", Problem(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "a label of it is empty")]
    [InlineData(".", "a label of it is empty")]
    [InlineData("..", "a label of it is empty")]
    [InlineData(".example.net", "a label of it is empty")]
    [InlineData("dot..example.net", "a label of it is empty")]
    [InlineData("dot.example.net..", "a label of it is empty")]
    [InlineData("*.example.net", "'*'")]
    [InlineData("*", "'*'")]
    [InlineData("dot.example.net:853", "':' cannot be")]
    [InlineData("dot example", "' ' cannot be")]
    [InlineData("a\0.test", "'\\000' cannot be")]
    [InlineData("-a.test", "'-a' begins or ends with a hyphen")]
    [InlineData("a-.test", "'a-' begins or ends with a hyphen")]
    [InlineData("1.2.3", "ends in a number")]
    [InlineData("127.1", "ends in a number")]
    [InlineData("0x7f000001", "ends in a number")]
    public void What_is_no_hosts_name_is_refused_in_words(string text, string problem) => Assert.Contains(problem, Problem(text), StringComparison.Ordinal);

    [Fact]
    public void Labels_have_63_characters_at_most_and_names_253()
    {
        string label = new('a', 63);
        string longest = string.Join('.', Enumerable.Repeat(label, 3)) + "." + new string('b', 61);
        Assert.Equal(longest, Canonical(longest + "."));
        Assert.Contains("253 characters", Problem(longest + "b"), StringComparison.Ordinal);
        Assert.Contains("63 characters", Problem($"{label}a.test"), StringComparison.Ordinal);
    }

    private static string Canonical(string text)
    {
        Assert.Null(HostName.Canonicalise(text, out string name));
        return name;
    }

    private static string Problem(string text)
    {
        string? problem = HostName.Canonicalise(text, out string name);
        Assert.Empty(name);
        return Assert.IsType<string>(problem);
    }
}
