using System.Net;
using System.Net.Sockets;
using System.Text;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Ring.Tests;

public class SocketAddressTests
{
    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("0.0.0.0")]
    [InlineData("2001:db8::1")]
    [InlineData("::")]
    [InlineData("::ffff:192.0.2.1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")]
    public void An_address_is_read_as_NET_reads_it(string text)
    {
        Assert.True(SocketAddress.TryParse(Encoding.ASCII.GetBytes(text), out SocketAddress address));
        Assert.Equal(SocketAddress.From(new IPEndPoint(IPAddress.Parse(text), 0)), address);
    }

    [Theory]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:c000:201", "192.0.2.1")]
    [InlineData("::FFFF:0.0.0.0", "0.0.0.0")]
    [InlineData("::fffe:192.0.2.1", "::fffe:192.0.2.1")]
    [InlineData("::192.0.2.1", "::192.0.2.1")]
    [InlineData("1::ffff:192.0.2.1", "1::ffff:192.0.2.1")]
    [InlineData("64:ff9b::192.0.2.1", "64:ff9b::192.0.2.1")]
    [Trait("Row", "D1")]
    public void An_IPv4_mapped_address_is_the_IPv4_address_in_it_and_no_other_is(string text, string meant)
    {
        var expected = IPAddress.Parse(meant);
        var endPoint = new IPEndPoint(IPAddress.Parse(text), 53);
        Assert.True(SocketAddress.TryParse(Encoding.ASCII.GetBytes(text), out SocketAddress parsed));
        Assert.Equal(new IPEndPoint(expected, 0), parsed.ToEndPoint());
        Assert.Equal(new IPEndPoint(expected, 53), SocketAddress.From(endPoint).ToEndPoint());
        Assert.Equal(new IPEndPoint(expected, 53), SocketAddress.From(endPoint.Address.GetAddressBytes(), 53).ToEndPoint());
        Assert.Equal(expected, SocketAddress.Unmapped(endPoint.Address));
    }

    [Fact]
    [Trait("Row", "D1")]
    public void The_peer_of_a_socket_for_both_families_has_its_IPv4_address()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen();
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndPoint!).Port);
        using Socket accepted = listener.Accept();

        Assert.True(Sockets.TryGetPeer((int)accepted.Handle, out SocketAddress peer));

        Assert.Equal(client.LocalEndPoint, peer.ToEndPoint());
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.1:53")]
    [InlineData("[2001:db8::1]")]
    [InlineData("2001:db8::1::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("localhost")]
    [InlineData("192.0.2.1\0")]
    [InlineData(" 192.0.2.1")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555")]
    public void What_is_no_address_is_refused(string text) =>
        Assert.False(SocketAddress.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Reading_allocates_nothing() => Allocations.AssertNone(static () =>
    {
        for (int i = 0; i < 1000; i++)
        {
            SocketAddress.TryParse("2001:db8::1"u8, out _);
        }
    });
}
