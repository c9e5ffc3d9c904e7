using System;
using Xunit;

namespace Fastdist.Dns.Tests;

public class RecordTypesTests
{
    [Theory]
    [InlineData("A", RecordType.A)]
    [InlineData("aaaa", RecordType.AAAA)]
    [InlineData("Https", RecordType.HTTPS)]
    [InlineData("TYPE1", RecordType.A)]
    [InlineData("type65280", (RecordType)65280)]
    [InlineData("TYPE0", (RecordType)0)]
    public void A_type_is_read_by_name_or_number_in_any_case(string text, RecordType expected)
    {
        Assert.True(RecordTypes.TryParse(text, out RecordType type));
        Assert.Equal(expected, type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("B")]
    [InlineData("TYPE")]
    [InlineData("TYPE65536")]
    [InlineData("TYPE-1")]
    [InlineData("TYPE+1")]
    [InlineData("TYPE 1")]
    [InlineData("1")]
    [InlineData("A ")]
    public void What_is_no_type_is_refused(string text) => Assert.False(RecordTypes.TryParse(text, out _));

    [Fact]
    public void Every_type_that_has_a_name_is_written_by_it()
    {
        foreach (RecordType type in Enum.GetValues<RecordType>())
        {
            Assert.Equal(type.ToString(), RecordTypes.ToText(type));
        }
    }

    [Fact]
    public void Every_value_survives_its_text()
    {
        for (int value = 0; value <= ushort.MaxValue; value++)
        {
            Assert.True(RecordTypes.TryParse(RecordTypes.ToText((RecordType)value), out RecordType type));
            Assert.Equal(value, (int)type);
        }
    }

    [Fact]
    public void A_type_without_a_name_is_written_as_RFC_3597_says() =>
        Assert.Equal("TYPE65280", RecordTypes.ToText((RecordType)65280));
}
