using System;
using System.Linq;
using System.Text;
using CsCheck;
using Xunit;

namespace Fastdist.Dns.Tests;

public class DomainNameTests
{
    /// <summary>Texts as dnsdist 1.7.3 prints them.</summary>
    [Theory]
    [InlineData("Www.Example.com", "Www.Example.com.", 3, 17)]
    [InlineData("www.example.com.", "www.example.com.", 3, 17)]
    [InlineData(".", ".", 0, 1)]
    [InlineData(@"a\.b.c\255d\032e\\f", @"a\.b.c\255d\032e\\f.", 2, 13)]
    [InlineData(@"!#$%&'()*+,-/:;<=>?@[]^_`{|}~", @"!#$%&'()*+,-/:;<=>?@[]^_`{|}~.", 1, 31)]
    [InlineData("\u00C3\u00A4.de", @"\195\164.de.", 2, 7)]
    public void A_name_is_printed_as_it_was_written(string text, string printed, int labels, int length)
    {
        DomainName name = Name(text);
        Assert.Equal(printed, name.ToString());
        Assert.Equal(labels, name.LabelCount);
        Assert.Equal(length, name.Wire.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData(@"a\2.de")]
    [InlineData(@"a\256.de")]
    [InlineData(@"a\")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.de")]
    public void What_is_no_name_is_refused(string text) => Assert.False(DomainName.TryParse(Encoding.Latin1.GetBytes(text), out _));

    [Fact]
    public void A_name_of_255_bytes_is_the_longest()
    {
        string text = string.Concat(Enumerable.Repeat("abcdefg.", 31)) + "abcde";
        Assert.Equal(Names.MaxWireLength, Name(text).Wire.Length);
        Assert.False(DomainName.TryParse(Encoding.Latin1.GetBytes(text + "f"), out _));
        Assert.False(DomainName.TryParse(new byte[5000], out _));
    }

    [Theory]
    [InlineData("016100", 3)]
    [InlineData("0161007A7A", 3)]
    [InlineData("00", 1)]
    public void Wire_form_is_read_up_to_its_end(string bytes, int length)
    {
        Assert.True(DomainName.TryRead(Convert.FromHexString(bytes), out DomainName? name));
        Assert.Equal(length, name.Wire.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("036162")]
    [InlineData("0161C000")]
    [InlineData("0161")]
    public void Broken_wire_form_is_refused(string bytes) => Assert.False(DomainName.TryRead(Convert.FromHexString(bytes), out _));

    [Theory]
    [InlineData("www.example.com", "example.COM", true)]
    [InlineData("www.example.com", ".", true)]
    [InlineData("www.example.com", "Www.Example.com", true)]
    [InlineData("www.example.com", "ple.com", false)]
    [InlineData("example.com", "www.example.com", false)]
    [InlineData(".", ".", true)]
    public void A_name_is_part_of_those_that_its_last_labels_are(string name, string other, bool isPart) => Assert.Equal(isPart, Name(name).IsPartOf(Name(other)));

    [Fact]
    public void The_first_label_is_chopped_off_until_the_root_is_left()
    {
        DomainName name = Name("www.example.com");
        Assert.Equal("example.com.", name.Parent.ToString());
        Assert.Equal(".", name.Parent.Parent.Parent.ToString());
        Assert.Equal(".", DomainName.Root.Parent.ToString());
    }

    [Theory]
    [InlineData("www.example.com", "example.com", "www.")]
    [InlineData("example.com", "Example.com", ".")]
    [InlineData("example.com", "example.org", ".")]
    [InlineData("example.com", ".", "example.com.")]
    public void A_name_is_made_relative_to_one_that_it_is_part_of(string name, string other, string relative) => Assert.Equal(relative, Name(name).RelativeTo(Name(other)).ToString());

    [Fact]
    public void Names_are_joined_as_long_as_the_whole_is_one()
    {
        Assert.True(Name("www").TryAppend(Name("example.com"), out DomainName? joined));
        Assert.Equal("www.example.com.", joined.ToString());
        DomainName half = Name(string.Concat(Enumerable.Repeat("abcdefg.", 16)));
        Assert.False(half.TryAppend(half, out _));
        Assert.True(half.TryAppend(Name(string.Concat(Enumerable.Repeat("abcdefg.", 15)) + "abcde"), out _));
    }

    [Fact]
    public void Names_are_ordered_from_their_last_label_on_as_RFC_4034_says()
    {
        // Its example in section 6.1.
        string[] ordered = ["example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE", "z.example", @"\001.z.example", "*.z.example", @"\200.z.example"];
        Assert.Equal(ordered.Select(text => Name(text).ToString()), ordered.Reverse().Select(Name).Order().Select(name => name.ToString()));
        Assert.True(DomainName.Root.CompareTo(Name("a")) < 0);
        Assert.True(DomainName.Root.CompareTo(null) > 0);
    }

    [Fact]
    public void What_is_printed_is_read_again() => Generators.Name.Sample(wire =>
    {
        Assert.True(DomainName.TryRead(wire, out DomainName? name));
        Assert.Equal(wire, Name(name.ToString()).Wire);
    });

    [Fact]
    public void Equality_order_and_hash_agree() => Gen.Select(Generators.Name, Generators.Name).Sample((first, second) =>
    {
        Assert.True(DomainName.TryRead(first, out DomainName? one) & DomainName.TryRead(second, out DomainName? other));
        DomainName upper = Name(one!.ToString().ToUpperInvariant());
        Assert.Equal(one, upper);
        Assert.Equal(one.GetHashCode(), upper.GetHashCode());
        Assert.Equal(0, one.CompareTo(upper));
        Assert.Equal(one.Equals(other), one.CompareTo(other) == 0);
        Assert.Equal(Math.Sign(one.CompareTo(other)), -Math.Sign(other!.CompareTo(one)));
    });

    [Fact]
    public void A_joined_name_is_part_of_its_end_and_relative_to_it_its_beginning() => Gen.Select(Generators.Name, Generators.Name).Sample((first, second) =>
    {
        Assert.True(DomainName.TryRead(first, out DomainName? one) & DomainName.TryRead(second, out DomainName? other));
        if (one!.TryAppend(other!, out DomainName? joined))
        {
            Assert.True(joined.IsPartOf(other!));
            Assert.Equal(one.LabelCount + other!.LabelCount, joined.LabelCount);
            Assert.Equal(one, joined.RelativeTo(other));
        }
    });

    private static DomainName Name(string text) => DomainName.TryParse(Encoding.Latin1.GetBytes(text), out DomainName? name) ? name : throw new FormatException(text);
}
