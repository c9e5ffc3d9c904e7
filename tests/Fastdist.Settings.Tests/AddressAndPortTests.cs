using System;
using System.Net;
using CsCheck;
using Fastdist.Settings.Tables;
using Xunit;

namespace Fastdist.Settings.Tests;

public class AddressAndPortTests
{
    private static readonly byte[] s_key = [.. "some 16-byte key"u8];

    /// <summary>Texts as dnsdist 1.7.3 prints them.</summary>
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", "192.0.2.1:0")]
    [InlineData("192.0.2.1:53", "192.0.2.1", "192.0.2.1:53")]
    [InlineData("[2001:db8::1]:853", "2001:db8::1", "[2001:db8::1]:853")]
    [InlineData("2001:DB8::1", "2001:db8::1", "[2001:db8::1]:0")]
    [InlineData("[::1]", "::1", "[::1]:0")]
    [InlineData("::ffff:1.2.3.4", "::ffff:1.2.3.4", "[::ffff:1.2.3.4]:0")]
    [InlineData("fe80::1%lo", "fe80::1%lo", "[fe80::1%lo]:0")]
    [InlineData("::", "::", "[::]:0")]
    public void An_address_is_printed_with_and_without_its_port(string written, string text, string withPort)
    {
        AddressAndPort address = Values.AsWritten(written);
        Assert.Equal(text, $"{address}");
        Assert.Equal(withPort, address.WithPort);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("1.2.3")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3.4:99999")]
    [InlineData("1.2.3.4:x")]
    [InlineData("::1:53")]
    public void What_is_no_address_or_may_be_two_is_refused(string text) => Assert.Throws<FormatException>(() => Values.AsWritten(text));

    [Fact]
    public void An_interface_can_be_left_out() => Assert.Equal("fe80::1", Values.AsWritten("fe80::1%lo").WithoutInterface);

    [Theory]
    [InlineData("192.0.2.1", "1.2.0.192")]
    [InlineData("2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2")]
    public void An_address_is_reversed_as_names_of_addresses_are(string address, string reversed) => Assert.Equal(reversed, Values.AsWritten(address).Reversed);

    [Theory]
    [InlineData("192.0.2.177:53", 24, "192.0.2.0:53")]
    [InlineData("192.0.2.177:53", 0, "0.0.0.0:53")]
    [InlineData("192.0.2.177:53", 32, "192.0.2.177:53")]
    [InlineData("192.0.2.177:53", 99, "192.0.2.177:53")]
    [InlineData("2001:db8:ffff::1", 33, "[2001:db8:8000::]:0")]
    [InlineData("2001:db8:ffff::1", 129, "[2001:db8:ffff::1]:0")]
    public void Truncation_keeps_the_first_bits_and_the_port(string address, int bits, string withPort) => Assert.Equal(withPort, Values.AsWritten(address).Truncate(bits).WithPort);

    [Fact]
    public void Bytes_make_an_address_when_there_are_as_many_as_one_has()
    {
        Assert.Equal("1.2.3.4:53", AddressAndPort.OfBytes([1, 2, 3, 4], 53).WithPort);
        Assert.Equal("[3031:3233:3435:3637:3839:6162:6364:6566]:5", AddressAndPort.OfBytes("0123456789abcdef"u8, 5).WithPort);
        Assert.Equal("0.0.0.0:0", AddressAndPort.OfBytes("abc"u8, 53).WithPort);
    }

    /// <summary>The vectors of powerdns.org/ipcipher.</summary>
    [Theory]
    [InlineData("127.0.0.1", "114.62.227.59")]
    [InlineData("8.8.8.8", "46.48.51.50")]
    [InlineData("1.2.3.4", "171.238.15.199")]
    [InlineData("::1", "3718:8853:1723:6c88:7e5f:2e60:c79a:2bf")]
    [InlineData("2001:503:ba3e::2:30", "64d2:883d:ffb5:dd79:24b:943c:22aa:4ae7")]
    [InlineData("2a02:898:0:20::57:1", "16a5:5509:fd86:f521:426e:61fd:1ef5:4dbf")]
    public void An_address_is_hidden_as_by_dnsdist(string address, string hidden)
    {
        Assert.Equal(IPAddress.Parse(hidden), IpCipher.Encrypt(IPAddress.Parse(address), s_key));
        Assert.Equal(IPAddress.Parse(address), IpCipher.Decrypt(IPAddress.Parse(hidden), s_key));
    }

    [Fact]
    public void A_password_makes_the_key_that_it_makes_there() => Assert.Equal("66EFB8A29D61A2E3788EE0D30B278D89", Convert.ToHexString(IpCipher.MakeKey("hunter2"u8)));

    [Fact]
    public void Whatever_is_hidden_is_shown_again() => Gen.Select(Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.Byte.Array[16]).Sample((bytes, key) =>
    {
        var address = new IPAddress(bytes);
        Assert.Equal(address, IpCipher.Decrypt(IpCipher.Encrypt(address, key), key));
    });
}
