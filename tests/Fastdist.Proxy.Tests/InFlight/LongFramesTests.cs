using System;
using System.Collections.Generic;
using Fastdist.Proxy.InFlight;
using Xunit;

namespace Fastdist.Proxy.Tests.InFlight;

public class LongFramesTests
{
    private const int Largest = 65537;

    [Theory]
    [InlineData(121, 512)]
    [InlineData(512, 512)]
    [InlineData(513, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 65600)]
    [InlineData(Largest, 65600)]
    public void A_frame_gets_the_smallest_of_three_sizes_that_holds_it(int length, int size)
    {
        using var frames = new LongFrames(1 << 20);
        Assert.True(frames.TryTake(length, out int slot));
        Assert.Equal(size, frames[slot].Length);
    }

    [Theory]
    [InlineData(512, 512)]
    [InlineData(4096, 4096)]
    [InlineData(Largest, 65600)]
    public void A_budget_of_one_buffer_admits_one_and_a_byte_less_none(int length, int size)
    {
        using var enough = new LongFrames(size);
        Assert.True(enough.TryTake(length, out _));
        Assert.False(enough.TryTake(length, out int refused));
        Assert.Equal(-1, refused);

        using var less = new LongFrames(size - 1);
        Assert.False(less.TryTake(length, out _));
    }

    [Fact]
    public void A_buffer_returned_is_used_again_without_new_budget()
    {
        using var frames = new LongFrames(512);
        Assert.True(frames.TryTake(300, out int slot));
        frames.Return(slot);
        Assert.True(frames.TryTake(500, out int again));
        Assert.Equal(slot, again);
    }

    [Fact]
    public void Buffers_in_use_at_once_are_apart()
    {
        using var frames = new LongFrames(1 << 20);
        var slots = new List<int>();
        foreach (int length in new[] { 200, 200, 2000, 2000, Largest, Largest })
        {
            Assert.True(frames.TryTake(length, out int slot));
            frames[slot].Fill((byte)slots.Count);
            slots.Add(slot);
        }

        for (int i = 0; i < slots.Count; i++)
        {
            Assert.False(frames[slots[i]].ContainsAnyExcept((byte)i));
        }
    }

    [Theory]
    [InlineData(Largest, 300)]
    [InlineData(Largest, 3000)]
    [InlineData(300, Largest)]
    public void Idle_buffers_of_one_size_do_not_keep_another_size_out(int first, int second)
    {
        using var frames = new LongFrames(65600);
        Assert.True(frames.TryTake(first, out int slot));
        frames.Return(slot);
        Assert.True(frames.TryTake(second, out int other));
        Assert.False(frames.TryTake(Largest, out _));
        frames.Return(other);
        Assert.True(frames.TryTake(first, out _));
    }
}
