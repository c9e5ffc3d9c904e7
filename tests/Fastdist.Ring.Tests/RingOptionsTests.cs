using System.Numerics;
using Xunit;

namespace Fastdist.Ring.Tests;

public class RingOptionsTests
{
    [Theory, Trait("Row", "D3")]
    [InlineData(512, 1920, 2048)]
    [InlineData(1232, 1920, 2048)]
    [InlineData(4096, 4096, 2048)]
    [InlineData(65507, 65507, 256)]
    public void What_is_sent_can_be_received_and_large_datagrams_have_fewer_buffers(int largest, int received, int buffers)
    {
        RingOptions options = RingOptions.For(largest);
        Assert.Equal((largest, received, buffers), (options.MaxDatagram, options.MaxReceivedDatagram, options.DatagramBuffers));
        Assert.True(BitOperations.IsPow2(options.DatagramBuffers));
    }
}
