using System;
using Xunit;

namespace Fastdist.Cache.Tests.Policy;

public sealed class DoorTests
{
    [Fact]
    public void What_is_behind_it_is_disposed_of_once_when_nobody_is_inside()
    {
        var guarded = new Guarded();
        using var door = new Door(guarded);
        Assert.True(door.TryEnter());
        Assert.True(door.TryEnter());

        door.Dispose();
        door.Exit();
        Assert.False(door.TryEnter());
        Assert.Equal(0, guarded.Disposals);
        door.Exit();
        Assert.Equal(1, guarded.Disposals);
        door.Dispose();
        Assert.Equal(1, guarded.Disposals);
    }

    [Fact]
    public void It_closes_at_once_when_nobody_is_inside()
    {
        var guarded = new Guarded();
        var door = new Door(guarded);
        door.TryEnter();
        door.Exit();
        Assert.Equal(0, guarded.Disposals);

        door.Dispose();
        Assert.Equal(1, guarded.Disposals);
    }

    private sealed class Guarded : IDisposable
    {
        public int Disposals { get; private set; }

        public void Dispose() => Disposals++;
    }
}
