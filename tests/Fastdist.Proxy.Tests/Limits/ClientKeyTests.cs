using System;
using System.Linq;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Limits;

/// <summary>Which connections are one client's.</summary>
public class ClientKeyTests
{
    [Fact]
    public void A_client_is_its_address_whatever_the_port()
    {
        var mask = new ClientMask(new ClientLimitOptions());
        Assert.Equal(Key(mask, "192.0.2.1", 1000), Key(mask, "192.0.2.1", 1001));
        Assert.Equal(Key(mask, "2001:db8::1", 1000), Key(mask, "2001:db8::1", 1001));
    }

    [Fact]
    [Trait("Row", "D1")]
    public void An_ipv4_client_is_the_mapped_one_and_not_the_ipv6_one_with_the_same_bits()
    {
        var mask = new ClientMask(new ClientLimitOptions());
        Assert.Equal(Key(mask, "192.0.2.1"), Key(mask, "::ffff:192.0.2.1"));
        Assert.NotEqual(Key(mask, "192.0.2.1"), Key(mask, "::192.0.2.1"));
    }

    [Fact]
    public void Without_a_mask_clients_differ_in_every_bit_of_the_address()
    {
        var mask = new ClientMask(new ClientLimitOptions());
        foreach (string address in (string[])["192.0.2.1", "2001:db8::1"])
        {
            byte[] bytes = System.Net.IPAddress.Parse(address).GetAddressBytes();
            for (int bit = 0; bit < bytes.Length * 8; bit++)
            {
                Assert.NotEqual(Key(mask, address), Key(mask, Flip(bytes, bit)));
            }
        }
    }

    [Theory]
    [InlineData("192.0.2.1", 0)]
    [InlineData("192.0.2.1", 1)]
    [InlineData("192.0.2.1", 24)]
    [InlineData("192.0.2.1", 32)]
    [InlineData("2001:db8::1", 0)]
    [InlineData("2001:db8::1", 48)]
    [InlineData("2001:db8::1", 64)]
    [InlineData("2001:db8::1", 65)]
    [InlineData("2001:db8::1", 128)]
    public void With_a_mask_they_differ_in_its_bits_and_in_no_others(string address, int length)
    {
        bool isIPv6 = address.Contains(':', StringComparison.Ordinal);
        var mask = new ClientMask(isIPv6 ? new ClientLimitOptions { MaskV6 = length } : new ClientLimitOptions { MaskV4 = length });
        byte[] bytes = System.Net.IPAddress.Parse(address).GetAddressBytes();
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            Assert.Equal(bit >= length, Key(mask, address) == Key(mask, Flip(bytes, bit)));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(16)]
    public void Leading_bits_of_the_port_tell_ipv4_clients_apart_when_asked_to(int length)
    {
        var mask = new ClientMask(new ClientLimitOptions { MaskV4Port = length });
        for (int bit = 0; bit < 16; bit++)
        {
            int port = 4000 ^ (0x8000 >> bit);
            Assert.Equal(bit >= length, Key(mask, "192.0.2.1", 4000) == Key(mask, "192.0.2.1", port));
            Assert.Equal(Key(mask, "2001:db8::1", 4000), Key(mask, "2001:db8::1", port));
        }
    }

    [Fact]
    public void Addresses_whose_words_cancel_out_do_not_share_a_hash()
    {
        // For each of these .NET's own hash of the address's lower half is the same.
        var mask = new ClientMask(new ClientLimitOptions());
        int hashes = Enumerable.Range(0, 1000).Select(i => Key(mask, $"2001:db8::{i:x}:0:{i:x}").GetHashCode()).Distinct().Count();
        Assert.True(hashes > 990, $"{hashes} hashes of 1000 addresses");
    }

    private static ClientKey Key(ClientMask mask, string address, int port = 4000) => mask.Of(LimitsBench.Peer(address, port));

    private static string Flip(byte[] address, int bit)
    {
        byte[] flipped = [.. address];
        flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        return new System.Net.IPAddress(flipped).ToString();
    }
}
