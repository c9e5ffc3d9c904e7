using System;
using System.Net;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class ClientSubnetTests
{
    [Fact]
    public void The_example_of_RFC_7871_section_12_is_written_byte_for_byte() =>
        Assert.Equal("00023800" + "20010DB8FD1342", Written("2001:0db8:fd13:4231:2112:8a2e:c37b:7334", 56));

    [Theory]
    [InlineData("192.0.2.129", 24, "00011800C00002")]
    [InlineData("192.0.2.129", 32, "00012000C0000281")]
    [InlineData("192.0.2.129", 25, "00011900C0000280")]
    [InlineData("192.0.2.127", 25, "00011900C0000200")]
    [InlineData("255.255.255.255", 1, "0001010080")]
    [InlineData("255.255.255.255", 7, "00010700FE")]
    [InlineData("255.255.255.255", 8, "00010800FF")]
    [InlineData("255.255.255.255", 9, "00010900FF80")]
    [InlineData("192.0.2.129", 0, "00010000")]
    [InlineData("ffff:ffff:ffff:ffff::", 61, "00023D00FFFFFFFFFFFFFFF8")]
    [InlineData("2001:db8::1", 128, "0002800020010DB8000000000000000000000001")]
    [InlineData("::", 0, "00020000")]
    public void An_address_is_cut_to_its_prefix_and_bits_beyond_it_are_zero(string address, int prefix, string expected) =>
        Assert.Equal(expected, Written(address, prefix));

    [Fact]
    public void A_network_that_is_set_takes_the_place_of_what_the_client_told_even_when_it_tells_more()
    {
        byte[] buffer = [.. Corpus.Messages["query with client subnet, keepalive and padding"], .. new byte[13]];
        int length = buffer.Length - 13;
        Assert.True(ClientSubnet.TrySet(buffer, ref length, [.. Hex.Bytes("20010DB8FD13"), .. new byte[10]], 48));
        byte[] others = Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 1000 00000000 001A", Corpus.EmptyKeepalive, Corpus.Padding);
        byte[] expected = [.. others, .. Hex.Bytes("0008 000A 0002 30 00 20010DB8FD13")];
        Assert.Equal(Hex.Of(expected), Hex.Of(buffer.AsSpan(0, length)));
        byte[] bare = [.. Corpus.Messages["query"], .. new byte[50]];
        length = bare.Length - 50;
        Assert.False(ClientSubnet.TrySet(bare, ref length, [192, 0, 2, 1], 24));
    }

    [Fact]
    public void The_option_goes_into_the_querys_OPT()
    {
        byte[] message = Corpus.Messages["query with EDNS"];
        byte[] buffer = [.. message, .. new byte[11]];
        int length = message.Length;
        Assert.True(ClientSubnet.TryAdd(buffer, ref length, [192, 0, 2, 129], 24));
        Assert.Equal(
            Hex.Of(Corpus.Query(Corpus.ExampleCom, "0001", "00 0029 04D0 00000000 000B", Corpus.Subnet)), Hex.Of(buffer));
        Assert.True(EdnsEdit.TryRemoveOption(buffer, ref length, EdnsOption.ClientSubnet));
        Assert.Equal(Hex.Of(message), Hex.Of(buffer.AsSpan(0, length)));
    }

    [Fact]
    public void Nothing_is_written_where_the_data_does_not_fit()
    {
        var destination = new byte[6];
        Assert.Equal(0, ClientSubnet.Write(destination, [192, 0, 2, 129], 24));
        Assert.Equal(new byte[6], destination);
    }

    private static string Written(string address, int prefix)
    {
        Span<byte> data = stackalloc byte[ClientSubnet.MaxSize];
        data.Fill(0xFF);
        return Hex.Of(data[..ClientSubnet.Write(data, IPAddress.Parse(address).GetAddressBytes(), prefix)]);
    }
}
