using System.Linq;
using System.Net;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings.Tests;

public class NetmaskSetTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.255")]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.0")]
    [InlineData("100.127.255.255")]
    [InlineData("169.254.1.1")]
    [InlineData("192.168.255.255")]
    [InlineData("172.16.0.0")]
    [InlineData("172.31.255.255")]
    [InlineData("::1")]
    [InlineData("fc00::")]
    [InlineData("fdff:ffff::1")]
    [InlineData("fe80::1")]
    [InlineData("febf:ffff::1")]
    public void The_default_list_serves_loopback_private_shared_and_link_local(string address) =>
        Assert.True(Contains(NetmaskSet.Default, address));

    [Theory]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::2")]
    [InlineData("fbff:ffff::1")]
    [InlineData("fe00::1")]
    [InlineData("fe7f:ffff::1")]
    [InlineData("fec0::1")]
    [InlineData("2001:db8::1")]
    public void The_default_list_serves_nobody_else(string address) =>
        Assert.False(Contains(NetmaskSet.Default, address));

    [Theory]
    [InlineData("192.0.2.77/24", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0")]
    [InlineData("192.0.2.77/25", "192.0.2.0", "192.0.2.127", "192.0.1.255", "192.0.2.128")]
    [InlineData("192.0.2.77/31", "192.0.2.76", "192.0.2.77", "192.0.2.75", "192.0.2.78")]
    [InlineData("192.0.2.77/1", "128.0.0.0", "255.255.255.255", "127.255.255.255", "0.0.0.0")]
    [InlineData("2001:db8::77/32", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff::", "2001:db9::")]
    [InlineData("2001:db8::77/65", "2001:db8::", "2001:db8::7fff:ffff:ffff:ffff", "2001:db7:ffff::", "2001:db8::8000:0:0:0")]
    [InlineData("2001:db8::77/127", "2001:db8::76", "2001:db8::77", "2001:db8::75", "2001:db8::78")]
    public void Host_bits_are_cleared_and_the_network_ends_at_its_edges(string text, string first, string last, string before, string after)
    {
        NetmaskSet set = Parse(text);
        Assert.True(Contains(set, first));
        Assert.True(Contains(set, last));
        Assert.False(Contains(set, before));
        Assert.False(Contains(set, after));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.0", "192.0.2.2")]
    [InlineData("192.0.2.1/32", "192.0.2.0", "192.0.2.2")]
    [InlineData("2001:db8::1", "2001:db8::", "2001:db8::2")]
    [InlineData("2001:db8::1/128", "2001:db8::", "2001:db8::2")]
    public void An_address_alone_is_a_network_of_one(string text, string before, string after)
    {
        NetmaskSet set = Parse(text);
        Assert.True(Contains(set, text.Split('/')[0]));
        Assert.False(Contains(set, before));
        Assert.False(Contains(set, after));
    }

    [Fact]
    public void A_length_of_zero_is_everybody_of_that_family_only()
    {
        NetmaskSet v4 = Parse("192.0.2.1/0");
        Assert.True(Contains(v4, "0.0.0.0"));
        Assert.True(Contains(v4, "255.255.255.255"));
        Assert.False(Contains(v4, "::"));

        NetmaskSet v6 = Parse("::/0");
        Assert.True(Contains(v6, "::"));
        Assert.True(Contains(v6, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        Assert.False(Contains(v6, "0.0.0.0"));
    }

    [Theory]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.7", true)]
    [InlineData("192.0.2.0/24", "::ffff:198.51.100.7", false)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.0/120", "::ffff:192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.0/120", "192.0.3.0", false)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", "192.0.2.8", false)]
    [InlineData("::ffff:0:0/96", "198.51.100.7", true)]
    [InlineData("::/0", "::ffff:192.0.2.7", false)]
    [InlineData("::ffff:192.0.2.7/95", "::fffe:0:1", true)]
    [Trait("Row", "D1")]
    public void IPv4_mapped_clients_and_networks_are_those_of_IPv4(string network, string client, bool isIn) =>
        Assert.Equal(isIn, Contains(Parse(network), client));

    [Fact]
    [Trait("Row", "D1")]
    public void A_mapped_network_is_listed_as_the_one_it_is() =>
        Assert.Equal(["0.0.0.0/0", "192.0.2.0/24"], Parse("::ffff:192.0.2.9/120", "::ffff:0:0/96").Networks.Select(network => $"{network}"));

    [Fact]
    public void An_address_in_any_of_the_networks_is_in_the_set()
    {
        NetmaskSet set = Parse("192.0.2.0/24", "198.51.100.7", "2001:db8::/48");
        Assert.True(Contains(set, "192.0.2.200"));
        Assert.True(Contains(set, "198.51.100.7"));
        Assert.True(Contains(set, "2001:db8:0:ffff::1"));
        Assert.False(Contains(set, "203.0.113.1"));
        Assert.False(Contains(set, "127.0.0.1"));
    }

    [Fact]
    public void A_set_of_nothing_holds_nobody()
    {
        NetmaskSet set = Parse();
        Assert.False(Contains(set, "127.0.0.1"));
        Assert.False(Contains(set, "::1"));
    }

    [Fact]
    public void The_port_does_not_matter() =>
        Assert.True(Parse("192.0.2.1").Contains(SocketAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 65535))));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/24")]
    [InlineData("192.0.2.0/")]
    [InlineData("192.0.2.0/33")]
    [InlineData("192.0.2.0/-1")]
    [InlineData("192.0.2.0/+8")]
    [InlineData("192.0.2.0/ 8")]
    [InlineData("192.0.2.0/8/8")]
    [InlineData("192.0.2.0/255.255.255.0")]
    [InlineData("192.0.2.0/99999999999")]
    [InlineData("192.0.2.256/24")]
    [InlineData("10/8")]
    [InlineData("192.168/16")]
    [InlineData("010.0.0.0/8")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("2001:db8::/129")]
    [InlineData("2001:db8:::/32")]
    [InlineData("localhost")]
    [InlineData("example.net/24")]
    public void What_is_no_network_is_refused_by_name(string text)
    {
        Assert.False(NetmaskSet.TryParse(["192.0.2.0/24", text, "198.51.100.0/24"], out _, out string offending));
        Assert.Equal(text, offending);
    }

    [Fact]
    public void Networks_are_listed_once_in_ascending_order_IPv4_first() => Assert.Equal(
        ["0.0.0.0/0", "9.0.0.0/8", "9.0.0.0/9", "127.0.0.0/8", "192.0.2.1/32", "::/0", "::1/128", "2001:db8::/32"],
        Parse("::1", "192.0.2.1", "2001:db8::1/32", "9.0.0.0/9", "127.1.2.3/8", "9.0.0.0/8", "0.0.0.0/0", "::/0").Union(Parse("127.0.0.0/8", "::1/128"))
            .Networks.Select(network => network.ToString()));

    private static NetmaskSet Parse(params string[] texts)
    {
        Assert.True(NetmaskSet.TryParse(texts, out NetmaskSet set, out string offending), offending);
        Assert.Empty(offending);
        return set;
    }

    private static bool Contains(NetmaskSet set, string address) =>
        set.Contains(SocketAddress.From(new IPEndPoint(IPAddress.Parse(address), 53)));

    [Fact]
    public void Sets_of_the_same_networks_are_equal()
    {
        Assert.True(NetmaskSet.TryParse(["192.0.2.0/24", "2001:db8::/32", "192.0.2.1/24"], out NetmaskSet one, out _));
        Assert.True(NetmaskSet.TryParse(["2001:db8::/32", "192.0.2.0/24"], out NetmaskSet same, out _));
        Assert.True(NetmaskSet.TryParse(["2001:db8::/33", "192.0.2.0/24"], out NetmaskSet other, out _));
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
    }
}
