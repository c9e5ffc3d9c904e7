using System;
using System.Linq;
using Fastdist.Control.Secrets;
using Xunit;

namespace Fastdist.Control.Tests.Secrets;

public class SharedKeyTests
{
    [Fact]
    public void A_key_is_the_base64_of_32_bytes()
    {
        byte[] bytes = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        var key = SharedKey.Parse(Convert.ToBase64String(bytes));
        Assert.Equal(bytes, key.Bytes.ToArray());
        Assert.Equal(Convert.ToBase64String(bytes), key.ToBase64());
    }

    [Theory]
    [InlineData("secret!")]
    [InlineData("AAAA*AAA")]
    [InlineData("setKey(\")")]
    [InlineData("setKey(\"AA==")]
    public void What_is_not_base64_is_refused_without_being_repeated(string text)
    {
        var exception = Assert.Throws<FormatException>(() => SharedKey.Parse(text));
        Assert.Equal("not base64; make a key with: fastdist -e 'makeKey()'", exception.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_of_another_length_is_refused_with_its_length(int length)
    {
        var exception = Assert.Throws<FormatException>(() => SharedKey.Parse(Convert.ToBase64String(new byte[length])));
        Assert.StartsWith($"{length} bytes long, not 32; make a key", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MakeKey_prints_a_new_key_in_the_line_that_sets_it()
    {
        string[] keys = [SharedKey.MakeKey(), SharedKey.MakeKey()];
        Assert.NotEqual(keys[0], keys[1]);
        Assert.All(keys, line =>
        {
            Assert.StartsWith("setKey(\"", line, StringComparison.Ordinal);
            Assert.EndsWith("\")\n", line, StringComparison.Ordinal);
            Assert.Equal(SharedKey.Parse(line[8..^3]).ToBase64(), SharedKey.Parse(line).ToBase64());
        });
    }
}
