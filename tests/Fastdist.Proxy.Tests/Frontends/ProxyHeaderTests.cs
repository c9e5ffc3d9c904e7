using System;
using System.Net;
using Fastdist.Proxy.Frontends;
using Fastdist.Shared;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

public class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";
    private const string IPv4Addresses = "C0000201 CB007109 D431 0355";
    private const string IPv6Addresses =
        "20010DB8000000000000000000000001 20010DB8000000000000000000000053 D431 0355";

    [Theory]
    [InlineData("11")]
    [InlineData("12")]
    public void The_source_is_the_first_address_and_the_first_port(string tcpOrUdp)
    {
        ProxyHeader header = Complete(Signature + "21" + tcpOrUdp + "000C" + IPv4Addresses, 28);
        Assert.True(header.HasSource);
        Assert.Equal(SocketAddress.From(IPEndPoint.Parse("192.0.2.1:54321")), header.Source);
    }

    [Theory]
    [InlineData("21")]
    [InlineData("22")]
    public void IPv6_sources_have_sixteen_bytes(string tcpOrUdp)
    {
        ProxyHeader header = Complete(Signature + "21" + tcpOrUdp + "0024" + IPv6Addresses, 52);
        Assert.True(header.HasSource);
        Assert.Equal(SocketAddress.From(IPEndPoint.Parse("[2001:db8::1]:54321")), header.Source);
    }

    [Fact]
    [Trait("Row", "D1")]
    public void An_IPv4_mapped_source_is_the_IPv4_client()
    {
        const string mapped = "00000000000000000000FFFFC0000201 00000000000000000000FFFFCB007109 D431 0355";
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 54321), Complete(Signature + "21 21 0024" + mapped, 52).Source.ToEndPoint());
    }

    [Theory]
    [InlineData("20 00 0000", 16)]
    [InlineData("20 11 000C" + IPv4Addresses, 28)]
    [InlineData("20 11 0000", 16)]
    [InlineData("20 FF 0003 010203", 19)]
    public void LOCAL_keeps_the_peer_whatever_follows(string rest, int size) => Assert.False(Complete(Signature + rest, size).HasSource);

    [Theory]
    [InlineData("21 00 0000", 16)]
    [InlineData("21 00 0003 010203", 19)]
    [InlineData("21 01 0000", 16)]
    [InlineData("21 02 0000", 16)]
    [InlineData("21 10 0000", 16)]
    [InlineData("21 20 0000", 16)]
    [InlineData("21 30 0000", 16)]
    [InlineData("21 31 0000", 16)]
    [InlineData("21 32 0004 2F746D70", 20)]
    public void An_unspecified_or_a_local_family_keeps_the_peer(string rest, int size) =>
        Assert.False(Complete(Signature + rest, size).HasSource);

    [Fact]
    public void TLVs_after_the_addresses_are_part_of_the_header_and_skipped()
    {
        ProxyHeader header = Complete(Signature + "21 11 0014" + IPv4Addresses + "030004 DEADBEEF FF", 36);
        Assert.Equal(SocketAddress.From(IPEndPoint.Parse("192.0.2.1:54321")), header.Source);
    }

    [Theory]
    [InlineData("1D0A0D0A000D0A515549540A 21 11 000C" + IPv4Addresses)]
    [InlineData("0D0A0D0A000D0A515549540B 21 11 000C" + IPv4Addresses)]
    [InlineData("50524F58592054435034203139322E302E322E3120")]
    [InlineData(Signature + "11 11 000C" + IPv4Addresses)]
    [InlineData(Signature + "22 11 000C" + IPv4Addresses)]
    [InlineData(Signature + "31 11 000C" + IPv4Addresses)]
    [InlineData(Signature + "21 13 000C" + IPv4Addresses)]
    [InlineData(Signature + "21 1F 000C" + IPv4Addresses)]
    [InlineData(Signature + "21 41 000C" + IPv4Addresses)]
    [InlineData(Signature + "21 F0 000C" + IPv4Addresses)]
    [InlineData(Signature + "21 11 000B" + IPv4Addresses)]
    [InlineData(Signature + "21 11 0000")]
    [InlineData(Signature + "21 21 0023" + IPv6Addresses)]
    [InlineData(Signature + "21 21 000C" + IPv4Addresses)]
    public void Anything_else_is_invalid(string hex)
    {
        Assert.Equal(ProxyHeaderResult.Invalid, ProxyHeader.Read(Bytes(hex), ProxyHeader.DefaultMaxSize, out ProxyHeader header));
        Assert.Equal(0, header.Size);
        Assert.False(header.HasSource);
    }

    [Fact]
    public void What_is_no_header_is_known_by_its_first_wrong_byte()
    {
        byte[] signature = Bytes(Signature);
        for (int length = 1; length <= signature.Length; length++)
        {
            byte[] wrong = signature[..length];
            wrong[^1] ^= 1;
            Assert.Equal(ProxyHeaderResult.Invalid, ProxyHeader.Read(wrong, ProxyHeader.DefaultMaxSize, out _));
        }

        Assert.Equal(ProxyHeaderResult.Invalid, ProxyHeader.Read(Bytes(Signature + "22"), ProxyHeader.DefaultMaxSize, out _));
        Assert.Equal(ProxyHeaderResult.Invalid, ProxyHeader.Read(Bytes(Signature + "21 11 FFFF"), ProxyHeader.DefaultMaxSize, out _));
    }

    [Fact]
    public void A_header_cut_anywhere_needs_more()
    {
        byte[] whole = Bytes(Signature + "21 21 0026" + IPv6Addresses + "0400");
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.Equal(ProxyHeaderResult.NeedMore, ProxyHeader.Read(whole.AsSpan(0, length), ProxyHeader.DefaultMaxSize, out _));
        }
    }

    [Theory]
    [InlineData("01F0", 512, true)]
    [InlineData("01F1", 512, false)]
    [InlineData("000C", 28, true)]
    [InlineData("000C", 27, false)]
    [InlineData("FFFF", 65551, true)]
    public void The_largest_size_counts_the_fixed_part(string payload, int maxSize, bool taken)
    {
        ProxyHeaderResult result = ProxyHeader.Read(Bytes(Signature + "21 11" + payload), maxSize, out _);
        Assert.Equal(taken ? ProxyHeaderResult.NeedMore : ProxyHeaderResult.Invalid, result);
    }

    [Fact]
    public void A_header_is_read_without_allocation()
    {
        byte[] header = Bytes(Signature + "21 21 0024" + IPv6Addresses);
        int read = 0;
        Allocations.AssertNone(() => read = ReadMany(header));
        Assert.Equal(10_000 * 54321, read);
    }

    private static int ReadMany(byte[] bytes)
    {
        int sum = 0;
        for (int round = 0; round < 10_000; round++)
        {
            ProxyHeader.Read(bytes, ProxyHeader.DefaultMaxSize, out ProxyHeader header);
            sum += header.Source.Port;
        }

        return sum;
    }

    /// <summary>Reads a header with a client's bytes behind it.</summary>
    private static ProxyHeader Complete(string hex, int size)
    {
        byte[] data = [.. Bytes(hex), 0x00, 0x1D, 0x12];
        Assert.Equal(ProxyHeaderResult.Complete, ProxyHeader.Read(data, ProxyHeader.DefaultMaxSize, out ProxyHeader header));
        Assert.Equal(size, header.Size);
        return header;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
