using Xunit;

namespace Fastdist.Proxy.Tests;

public class TurnWatchTests
{
    private readonly long[] _turns = [0, 0];

    [Fact]
    public void All_have_turned_when_each_has()
    {
        var watch = new TurnWatch(2, shard => _turns[shard]);
        Assert.False(watch.HaveAllTurned());
        _turns[0]++;
        Assert.False(watch.HaveAllTurned());
        _turns[1]++;
        Assert.True(watch.HaveAllTurned());
    }

    [Fact]
    public void One_that_stands_still_is_noticed_however_busy_the_other_is()
    {
        var watch = new TurnWatch(2, shard => _turns[shard]);
        _turns[0] = _turns[1] = 5;
        Assert.True(watch.HaveAllTurned());
        for (int i = 0; i < 3; i++)
        {
            _turns[0]++;
            Assert.False(watch.HaveAllTurned());
        }

        _turns[1]++;
        Assert.True(watch.HaveAllTurned());
    }
}
