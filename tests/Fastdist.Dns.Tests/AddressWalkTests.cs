using System.Collections.Generic;
using System.Net;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class AddressWalkTests
{
    private const string IPv4 = "C00C 0001 0001 00000001 0004 C0000201 ";
    private const string IPv6 = "C00C 001C 0001 00000001 0010 20010DB8000000000000000000000001 ";
    private const string Text = "C00C 0010 0001 00000001 0004 03616161 ";

    [Theory]
    [InlineData("0003 0000 0000", IPv4 + Text + IPv6, "192.0.2.1 2001:db8::1")]
    [InlineData("0001 0001 0001", IPv4 + IPv4 + IPv6, "192.0.2.1")]
    [InlineData("0000 0001 0000", IPv4, "")]
    [InlineData("0002 0000 0000", "C00C 0001 0001 00000001 0003 C00002" + IPv4, "192.0.2.1")]
    [InlineData("0002 0000 0000", IPv4 + "C00C 0001", "192.0.2.1")]
    [InlineData("0000 0000 0000", "", "")]
    public void It_finds_the_addresses_of_the_answer_section(string counts, string records, string expected)
    {
        var found = new List<string>();
        var walk = new AddressWalk(Hex.Bytes("1234 8180 0001", counts, "0161 00 0001 0001", records));
        while (walk.Next())
        {
            found.Add(new IPAddress(walk.Address).ToString());
        }

        Assert.Equal(expected, string.Join(' ', found));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1234 8180 0001 0001 0000 0000 0161")]
    public void What_is_no_message_has_none(string message) => Assert.False(new AddressWalk(Hex.Bytes(message)).Next());
}
