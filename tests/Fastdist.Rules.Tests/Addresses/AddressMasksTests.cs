using System;
using System.Linq;
using System.Net;
using CsCheck;
using Fastdist.Rules.Addresses;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Tests.Addresses;

public class AddressMasksTests
{
    private static readonly Gen<byte[]> s_unicast =
        from v6 in Gen.Bool
        from bytes in Gen.Byte.Array[v6 ? 16 : 4]
        where bytes.Length == 4 || bytes[0] != 0xFF
        select bytes;

    [Fact]
    public void Two_clients_are_one_exactly_when_the_bits_that_count_are_the_same() =>
        Gen.Select(s_unicast, s_unicast, Gen.Int[0, 128], Gen.Int[0, 32], Gen.Int[0, 128]).Sample((first, second, same, v4, v6) =>
        {
            // Random ones would hardly ever share a prefix.
            byte[] other = first.Length == second.Length ? [.. first.Select((value, i) => Mix(value, second[i], same - (8 * i)))] : second;
            var masks = new AddressMasks(v4, v6);
            bool isOne = first.Length == other.Length && Masked(first, v4, v6).SequenceEqual(Masked(other, v4, v6));
            Assert.Equal(isOne, masks.KeyOf(SocketAddress.From(first, 1)) == masks.KeyOf(SocketAddress.From(other, 2)));
            Assert.Equal(new IPAddress(Masked(first, v4, v6)).MapToIPv6(), masks.KeyOf(SocketAddress.From(first, 1)).ToIPAddress().MapToIPv6());
        });

    [Fact]
    public void Leading_bits_of_the_port_count_behind_a_whole_IPv4_address()
    {
        var masks = new AddressMasks(32, 128, 4);
        Assert.Equal(masks.KeyOf(Clients.Of("192.0.2.1", 0x1000)), masks.KeyOf(Clients.Of("192.0.2.1", 0x1FFF)));
        Assert.NotEqual(masks.KeyOf(Clients.Of("192.0.2.1", 0x1000)), masks.KeyOf(Clients.Of("192.0.2.1", 0x2000)));
        Assert.Equal(masks.KeyOf(Clients.Of("2001:db8::1", 0x1000)), masks.KeyOf(Clients.Of("2001:db8::1", 0x2000)));
        Assert.Equal(0x1000, masks.KeyOf(Clients.Of("192.0.2.1", 0x1FFF)).ToAddress().Port);
    }

    [Fact]
    public void Ports_do_not_count_behind_a_part_of_an_address() =>
        Assert.Equal(new AddressMasks(24, 128, 16).KeyOf(Clients.Of("192.0.2.1", 1)), new AddressMasks(24, 128, 16).KeyOf(Clients.Of("192.0.2.9", 2)));

    [Fact]
    public void Multicast_addresses_are_one_client_however_short_the_mask()
    {
        AddressKey one = new AddressMasks(32, 0).KeyOf(Clients.Of("ff02::1"));
        Assert.Equal(one, new AddressMasks(32, 128).KeyOf(Clients.Of("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
        Assert.NotEqual(one, new AddressMasks(32, 0).KeyOf(Clients.Of("::1")));
    }

    [Theory]
    [InlineData(33, 128, 0)]
    [InlineData(-1, 128, 0)]
    [InlineData(32, 129, 0)]
    [InlineData(32, 128, 17)]
    public void No_mask_is_longer_than_what_it_is_for(int v4, int v6, int port) => Assert.Throws<ArgumentOutOfRangeException>(() => new AddressMasks(v4, v6, port));

    private static byte Mix(byte first, byte second, int bits)
    {
        byte mask = (byte)(0xFF00 >> Math.Clamp(bits, 0, 8));
        return (byte)((first & mask) | (second & ~mask));
    }

    private static byte[] Masked(byte[] address, int v4, int v6) => [.. address.Select((value, i) => Mix(value, 0, (address.Length == 4 ? v4 : v6) - (8 * i)))];
}
