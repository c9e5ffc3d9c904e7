using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using CsCheck;
using Fastdist.Shared;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Settings.Tests;

public class NetmaskGroupTests
{
    // Networks close together, so that they lie within one another, end where others begin and come again.
    private static readonly Gen<IPNetwork> s_network = Gen.OneOf(
        Gen.Select(Gen.Byte, Gen.Int[22, 32]).Select((last, length) => Netmask.Of(new IPAddress([10, 0, 0, last]), length)),
        Gen.Select(Gen.Byte, Gen.Int[0, 8]).Select((first, length) => Netmask.Of(new IPAddress([first, 0, 0, 0]), length)),
        Gen.Select(Gen.Byte, Gen.Int[118, 128]).Select((last, length) => Netmask.Of(new IPAddress([0x20, 1, .. new byte[13], last]), length)),
        Gen.Select(Gen.Byte, Gen.Int[0, 9]).Select((first, length) => Netmask.Of(new IPAddress([first, 0xFF, .. new byte[14]]), length)));

    private static readonly Gen<(IPNetwork Network, bool IsIn)[]> s_entries = Gen.Select(s_network, Gen.Bool).Array[0, 40];

    [Theory]
    [InlineData("10.2.0.1", true)]
    [InlineData("10.1.0.1", false)]
    [InlineData("10.1.2.3", true)]
    [InlineData("192.0.2.9", true)]
    [InlineData("192.0.3.9", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db9::1", false)]
    [InlineData("::ffff:10.2.0.1", true)]
    public void The_longest_network_decides(string address, bool isIn)
    {
        NetmaskGroup group = Group("10.0.0.0/8", "!10.1.0.0/16", "10.1.2.0/24", "2001:db8::/32", "192.0.2.77/24");
        Assert.Equal(isIn, group.Contains(Address(address)));
        Assert.Equal(isIn, group.ToRanges().Contains(Address(address)));
    }

    /// <summary>Texts as dnsdist 1.7.3 prints them.</summary>
    [Theory]
    [InlineData("", "")]
    [InlineData("10.0.0.0/8 !10.1.0.0/16 2001:db8::/32 192.0.2.1 192.0.2.77/24", "!10.1.0.0/16, 10.0.0.0/8, 192.0.2.1/32, 192.0.2.0/24, 2001:db8::/32")]
    [InlineData(
        "10.0.0.0/8 10.128.0.0/16 10.64.0.0/16 9.0.0.0/8 11.0.0.0/8 0.0.0.0/0 2001:db8::/32 ::/0 1.0.0.0/8 2001:db8:8000::/33 2001:db8::/33",
        "1.0.0.0/8, 9.0.0.0/8, 10.64.0.0/16, 10.0.0.0/8, 10.128.0.0/16, 11.0.0.0/8, 0.0.0.0/0, 2001:db8::/33, 2001:db8::/32, 2001:db8:8000::/33, ::/0")]
    [InlineData("10.0.0.0/8 !10.0.0.0/8", "!10.0.0.0/8")]
    [InlineData("!10.0.0.0/8 10.0.0.0/8", "10.0.0.0/8")]
    public void A_group_is_printed_in_dnsdists_order(string networks, string text) =>
        Assert.Equal(text, Group(networks.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("! 1.2.3.4")]
    [InlineData("!!1.2.3.4")]
    [InlineData("10.1")]
    [InlineData("010.0.0.1")]
    [InlineData("1.2.3.4/33")]
    [InlineData("1.2.3.4/")]
    [InlineData("1.2.3.4/-1")]
    [InlineData("::1/129")]
    [InlineData("example.com")]
    public void What_is_no_network_is_refused(string text) => Assert.False(new NetmaskGroup().TryAdd(text));

    [Fact]
    public void An_empty_group_lets_nobody_in_and_one_that_was_cleared_is_empty()
    {
        NetmaskGroup group = Group("0.0.0.0/0", "::/0");
        Assert.Equal(2, group.Count);
        Assert.True(group.ToRanges().Contains(Address("255.255.255.255")));
        Assert.True(group.ToRanges().Contains(Address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
        group.Clear();
        Assert.Equal(0, group.Count);
        Assert.False(group.Contains(Address("192.0.2.1")));
        Assert.False(group.ToRanges().Contains(Address("::1")));
    }

    [Fact]
    public void A_group_and_its_ranges_say_what_a_list_would() => s_entries.Sample(entries =>
    {
        var group = new NetmaskGroup();
        var model = new Dictionary<IPNetwork, bool>();
        foreach ((IPNetwork network, bool isIn) in entries)
        {
            group.Add(network, isIn);
            model[network] = isIn;
        }

        Assert.Equal(model.Count, group.Count);
        Assert.Equal(model.OrderBy(entry => $"{entry.Key}"), group.Networks.Select(entry => KeyValuePair.Create(entry.Network, entry.IsIn)).OrderBy(entry => $"{entry.Key}"));
        NetmaskRanges ranges = group.ToRanges();
        foreach (IPAddress address in model.Keys.SelectMany(Edges))
        {
            bool expected = model.Where(entry => entry.Key.Contains(address)).OrderBy(entry => entry.Key.PrefixLength).LastOrDefault().Value;
            Assert.Equal(expected, group.Contains(Address($"{address}")));
            Assert.Equal(expected, ranges.Contains(Address($"{address}")));
        }
    });

    [Fact]
    public void A_set_of_networks_holds_what_any_of_them_does() => s_network.Array[0, 30].Sample(networks =>
    {
        Assert.True(NetmaskSet.TryParse(networks.Select(network => $"{network}"), out NetmaskSet set, out _));
        foreach (IPAddress address in networks.SelectMany(Edges))
        {
            Assert.Equal(networks.Any(network => network.Contains(address)), set.Contains(Address($"{address}")));
        }
    });

    [Fact]
    public void A_hundred_thousand_networks_are_looked_up_without_allocating()
    {
        var group = new NetmaskGroup();
        for (int i = 0; i < 100_000; i++)
        {
            group.Add(Netmask.Of(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 32), isIn: i % 3 != 0);
        }

        NetmaskRanges ranges = group.ToRanges();
        SocketAddress known = Address("10.0.0.1"), excluded = Address("10.0.0.3");
        Allocations.AssertNone(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Assert.True(ranges.Contains(known) && group.Contains(known));
                Assert.False(ranges.Contains(excluded) || group.Contains(excluded));
            }
        });
    }

    private static NetmaskGroup Group(params string[] networks)
    {
        var group = new NetmaskGroup();
        Assert.All(networks, text => Assert.True(group.TryAdd(text)));
        return group;
    }

    /// <summary>A network's first and last address, and those beside them.</summary>
    private static IEnumerable<IPAddress> Edges(IPNetwork network)
    {
        byte[] first = network.BaseAddress.GetAddressBytes();
        byte[] last = [.. first.Select((value, i) => (byte)(value | (0xFF >> Math.Clamp(network.PrefixLength - (8 * i), 0, 8))))];
        return [new IPAddress(first), new IPAddress(last), Beside(first, 0xFF), Beside(last, 1)];
    }

    private static IPAddress Beside(byte[] address, byte step)
    {
        byte[] bytes = [.. address];
        for (int i = bytes.Length - 1; i >= 0; i--)
        {
            bytes[i] += step;
            if (bytes[i] != (step == 1 ? 0 : 0xFF))
            {
                break;
            }
        }

        return new IPAddress(bytes);
    }

    private static SocketAddress Address(string text) => SocketAddress.From(new IPEndPoint(IPAddress.Parse(text), 53));
}
