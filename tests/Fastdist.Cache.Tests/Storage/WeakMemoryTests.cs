using System.Linq;
using Xunit;

namespace Fastdist.Cache.Tests.Storage;

/// <summary>That the memory of the proof is as weak as it says, and not weaker: small programs whose outcomes are known from the literature on memory models.</summary>
public class WeakMemoryTests
{
    private const nuint Data = 0x100;
    private const nuint Flag = 0x200;

    /// <summary>Message passing: who sees the flag sees the data, if the writer keeps the order of its stores and the reader that of its loads.</summary>
    [Theory]
    [InlineData(Omission.None, false)]
    [InlineData(Omission.Release, true)]
    [InlineData(Omission.Acquire, true)]
    public void A_flag_shows_the_data_only_with_release_and_acquire(Omission omission, bool isStaleDataSeen)
    {
        var memory = new WeakMemory(omission);
        memory.Store(Data, 1, false);
        memory.Store(Flag, 1, true);

        var seen = memory.Explore(() => (memory.Load(Flag, true), memory.Load(Data, false))).ToHashSet();

        Assert.Equal(isStaleDataSeen, seen.Contains((1u, 0u)));
        Assert.Contains((0u, 0u), seen);
        Assert.Contains((0u, 1u), seen);
        Assert.Contains((1u, 1u), seen);
    }

    [Theory]
    [InlineData(Omission.None, false)]
    [InlineData(Omission.WriteBarrier, true)]
    [InlineData(Omission.ReadBarrier, true)]
    public void A_flag_shows_the_data_only_with_both_barriers(Omission omission, bool isStaleDataSeen)
    {
        var memory = new WeakMemory(omission);
        memory.Store(Data, 1, false);
        memory.WriteBarrier();
        memory.Store(Flag, 1, false);

        var seen = memory.Explore(() =>
        {
            uint flag = memory.Load(Flag, false);
            memory.ReadBarrier();
            return (flag, memory.Load(Data, false));
        }).ToHashSet();

        Assert.Equal(isStaleDataSeen, seen.Contains((1u, 0u)));
        Assert.Equal(isStaleDataSeen ? 4 : 3, seen.Count);
    }

    [Fact]
    public void A_release_does_not_keep_later_stores_behind_it()
    {
        var memory = new WeakMemory(Omission.None);
        memory.Store(Flag, 1, true);
        memory.Store(Data, 1, false);

        Assert.Contains((1u, 0u), memory.Explore(() => (memory.Load(Data, true), memory.Load(Flag, false))));
    }

    [Fact]
    public void An_acquire_does_not_keep_earlier_loads_before_it()
    {
        var memory = new WeakMemory(Omission.None);
        memory.Store(Data, 1, false);
        memory.WriteBarrier();
        memory.Store(Flag, 1, false);

        Assert.Contains((1u, 0u), memory.Explore(() => (memory.Load(Flag, false), memory.Load(Data, true))));
    }

    [Fact]
    public void Stores_to_one_word_are_seen_in_their_order_behind_a_barrier()
    {
        var memory = new WeakMemory(Omission.None);
        memory.Store(Data, 1, false);
        memory.Store(Data, 2, false);

        var seen = memory.Explore(() =>
        {
            uint former = memory.Load(Data, false);
            memory.ReadBarrier();
            return (former, memory.Load(Data, false));
        }).ToHashSet();

        Assert.Equal([(0u, 0u), (0u, 1u), (0u, 2u), (1u, 1u), (1u, 2u), (2u, 2u)], seen.Order());
    }

    [Fact]
    public void What_was_there_before_the_race_is_seen_by_all()
    {
        var memory = new WeakMemory(Omission.None);
        memory.Store(Data, 1, false);
        memory.BeginRace();
        memory.Store(Flag, 1, false);

        Assert.All(memory.Explore(() => memory.Load(Data, false)), seen => Assert.Equal(1u, seen));
    }
}
