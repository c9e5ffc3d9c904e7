using System;
using System.Net;
using System.Text;
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
    public void Reading_allocates_nothing()
    {
        ReadOnlySpan<byte> text = "2001:db8::1"u8;
        SocketAddress.TryParse(text, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            SocketAddress.TryParse(text, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
