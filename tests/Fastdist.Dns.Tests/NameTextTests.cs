using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class NameTextTests
{
    [Theory]
    [InlineData(".", "00")]
    [InlineData("a", "0161 00")]
    [InlineData("example.com", Corpus.ExampleCom)]
    [InlineData("example.com.", Corpus.ExampleCom)]
    [InlineData(@"a\.b.c", "03612E62 0163 00")]
    [InlineData(@"a\046b", "03612E62 00")]
    [InlineData(@"\000\255", "0200FF 00")]
    [InlineData(@"a\\b", "03615C62 00")]
    [InlineData(@"\x", "0178 00")]
    [InlineData("_dns.resolver.arpa", "045F646E73 087265736F6C766572 0461727061 00")]
    public void A_name_is_read_as_RFC_1035_writes_it(string text, string wire) =>
        Assert.Equal(Hex.Of(Hex.Bytes(wire)), Hex.Of(Hex.Name(text)));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a..")]
    [InlineData(@"a\")]
    [InlineData(@"a\1")]
    [InlineData(@"a\12")]
    [InlineData(@"a\12x")]
    [InlineData(@"a\256")]
    [InlineData(@"a\999")]
    [InlineData("ä")]
    [InlineData(@"\ä")]
    [InlineData("a\u0100")]
    public void What_is_no_name_is_refused(string text)
    {
        Assert.False(Names.TryParse(text, new byte[300], out int length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void A_label_may_have_63_bytes_and_no_more()
    {
        Assert.True(Names.TryParse(new string('a', 63), new byte[300], out int length));
        Assert.Equal(65, length);
        Assert.False(Names.TryParse(new string('a', 64), new byte[300], out _));
    }

    [Fact]
    public void A_name_may_have_255_bytes_and_no_more()
    {
        string label = new string('a', 63) + ".";
        string three = label + label + label;
        Assert.True(Names.TryParse(three + new string('b', 61), new byte[300], out int length));
        Assert.Equal(255, length);
        Assert.False(Names.TryParse(three + new string('b', 62), new byte[300], out _));
        Assert.False(Names.TryParse(three + new string('b', 60) + ".c", new byte[300], out _));
    }

    [Fact]
    public void A_buffer_that_is_too_small_is_refused()
    {
        for (int size = 0; size < 13; size++)
        {
            Assert.False(Names.TryParse("example.com", new byte[size], out _));
        }

        Assert.True(Names.TryParse("example.com", new byte[13], out _));
        Assert.False(Names.TryParse(".", [], out _));
    }

    [Theory]
    [InlineData("00", ".")]
    [InlineData(Corpus.ExampleCom, "example.com.")]
    [InlineData("03612E62 00", @"a\.b.")]
    [InlineData("0620225C0A7FFF 00", @"\032\""\\\010\127\255.")]
    [InlineData("06 28293B402A24 00", @"\(\)\;\@*\$.")]
    public void A_name_is_written_as_one_harmless_word(string wire, string text) =>
        Assert.Equal(text, Names.ToText(Hex.Bytes(wire)));

    [Theory]
    [InlineData("")]
    [InlineData("0161")]
    [InlineData("0261 00")]
    [InlineData("C00C")]
    [InlineData("0000")]
    [InlineData("40")]
    public void A_broken_name_is_said_to_be_so(string wire) =>
        Assert.Equal("(malformed)", Names.ToText(Hex.Bytes(wire)));
}
