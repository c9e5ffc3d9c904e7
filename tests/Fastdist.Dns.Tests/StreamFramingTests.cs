using System;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Dns.Tests;

public class StreamFramingTests
{
    [Fact]
    public void A_frame_is_two_bytes_of_length_and_the_message()
    {
        Assert.True(StreamFraming.TryRead(Hex.Bytes("0003 616263 0001 64"), out ReadOnlySpan<byte> message));
        Assert.Equal("616263", Hex.Of(message));
    }

    [Fact]
    public void A_frame_is_not_read_before_its_last_byte_has_come()
    {
        byte[] frame = Hex.Bytes("0003 616263");
        for (int length = 0; length < frame.Length; length++)
        {
            Assert.False(StreamFraming.TryRead(frame.AsSpan(0, length), out ReadOnlySpan<byte> message));
            Assert.True(message.IsEmpty);
        }
    }

    [Fact]
    public void An_empty_frame_is_a_frame()
    {
        Assert.True(StreamFraming.TryRead(Hex.Bytes("0000"), out ReadOnlySpan<byte> message));
        Assert.True(message.IsEmpty);
    }

    [Theory]
    [InlineData(0, "0000")]
    [InlineData(258, "0102")]
    [InlineData(65535, "FFFF")]
    public void A_prefix_is_the_length_in_network_order(int length, string expected)
    {
        var frame = new byte[2];
        StreamFraming.WritePrefix(frame, length);
        Assert.Equal(expected, Hex.Of(frame));
    }

    [Fact]
    public void The_largest_frame_holds_65535_bytes_and_its_prefix()
    {
        var frame = new byte[StreamFraming.MaxFrame];
        StreamFraming.WritePrefix(frame, 65535);
        Assert.True(StreamFraming.TryRead(frame, out ReadOnlySpan<byte> message));
        Assert.Equal(65535, message.Length);
        Assert.False(StreamFraming.TryRead(frame.AsSpan(0, frame.Length - 1), out _));
    }
}
