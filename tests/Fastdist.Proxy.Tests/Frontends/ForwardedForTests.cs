using System.Net;
using System.Text;
using Fastdist.Proxy.Frontends;
using Xunit;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Tests.Frontends;

public class ForwardedForTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("198.51.100.9, 192.0.2.1", "192.0.2.1")]
    [InlineData("unknown,192.0.2.1 ", "192.0.2.1")]
    [InlineData("192.0.2.1:4711", "192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("192.0.2.1, [2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("[2001:db8::1]", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.9", "192.0.2.9")]
    [InlineData("[::ffff:192.0.2.9]:4711", "192.0.2.9")]
    public void The_last_address_is_the_client(string header, string client)
    {
        Assert.True(ForwardedFor.TryRead(Encoding.ASCII.GetBytes(header), out SocketAddress address));
        Assert.Equal(SocketAddress.From(new IPEndPoint(IPAddress.Parse(client), 0)), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1,")]
    [InlineData("192.0.2.1, unknown")]
    [InlineData("[2001:db8::1")]
    [InlineData("_hidden:1")]
    public void What_is_no_address_is_not_read(string header) =>
        Assert.False(ForwardedFor.TryRead(Encoding.ASCII.GetBytes(header), out _));
}
