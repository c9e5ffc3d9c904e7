using System;
using System.Net;
using Fastdist.Ring.Interop;
using Xunit;

namespace Fastdist.Ring.Tests;

public class FastOpenKeyTests
{
    [Fact]
    public void A_key_is_four_numbers_each_with_its_lowest_byte_first() =>
        Assert.Equal("04030201" + "FF000000" + "00000000" + "EFBEADDE", Convert.ToHexString(FastOpenKey.Parse("01020304-ff-0-deadbeef").Bytes));

    [Theory]
    [InlineData("")]
    [InlineData("1-2-3")]
    [InlineData("1-2-3-4-5")]
    [InlineData("1-2-3-g")]
    [InlineData("1-2-3-123456789")]
    [InlineData("1-2--4")]
    public void What_is_no_key_is_refused_and_not_repeated(string text)
    {
        string message = Assert.Throws<FormatException>(() => FastOpenKey.Parse(text)).Message;
        Assert.StartsWith("expected four hexadecimal numbers", message, StringComparison.Ordinal);
    }

    [Fact]
    public unsafe void A_listener_gives_cookies_of_the_key_that_it_is_told()
    {
        FastOpenKey key = FastOpenKey.Parse("01020304-05060708-090a0b0c-0d0e0f10");
        int descriptor = Sockets.Listen(new(new IPEndPoint(IPAddress.Loopback, 0)), 16, 16, key);
        byte[] held = new byte[key.Bytes.Length];
        int length = held.Length;
        fixed (byte* bytes = held)
        {
            Assert.Equal(0, Libc.GetSocketOption(descriptor, Libc.IPPROTO_TCP, Libc.TCP_FASTOPEN_KEY, bytes, &length));
        }

        Assert.Equal(Convert.ToHexString(key.Bytes), Convert.ToHexString(held));
        Sockets.Close(descriptor);
    }
}
