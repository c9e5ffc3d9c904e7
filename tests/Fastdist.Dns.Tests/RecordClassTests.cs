using Xunit;

namespace Fastdist.Dns.Tests;

public class RecordClassTests
{
    [Theory]
    [InlineData("IN", 1, "IN")]
    [InlineData("in", 1, "IN")]
    [InlineData("CHAOS", 3, "CH")]
    [InlineData("ch", 3, "CH")]
    [InlineData("3", 3, "CH")]
    [InlineData("NONE", 254, "NONE")]
    [InlineData("ANY", 255, "ANY")]
    [InlineData("CLASS32", 32, "CLASS32")]
    [InlineData("65535", 65535, "CLASS65535")]
    public void A_class_has_a_name_or_a_number(string text, int value, string name)
    {
        Assert.True(RecordClasses.TryParse(text, out ushort recordClass));
        Assert.Equal((value, name), (recordClass, RecordClasses.ToText(recordClass)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CLASS")]
    [InlineData("INN")]
    [InlineData("-1")]
    [InlineData("65536")]
    public void Anything_else_is_none(string text) => Assert.False(RecordClasses.TryParse(text, out _));
}
