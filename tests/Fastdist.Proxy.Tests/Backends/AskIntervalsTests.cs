using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>When a datagram that is not answered is sent again.</summary>
public class AskIntervalsTests
{
    [Fact]
    public void What_was_lost_and_waited_for_another_ask_makes_nobody_wait_for_longer()
    {
        var intervals = new AskIntervals();
        for (int i = 0; i < 400; i++)
        {
            intervals.Answered(i % 5 == 0 ? 200_000 : 20_000);
        }

        Assert.Equal(AskIntervals.Least, intervals.After(0));
    }

    [Fact]
    public void They_follow_what_most_answers_take_within_bounds()
    {
        var intervals = new AskIntervals();
        Answer(intervals, 60_000);
        Assert.InRange(intervals.After(0), 3u * 60 * 7 / 8, 3u * 60 * 9 / 8);
        Answer(intervals, 900_000);
        Assert.Equal((AskIntervals.MostAtFirst, 2 * AskIntervals.MostAtFirst, AskIntervals.Most), (intervals.After(0), intervals.After(1), intervals.After(4)));
        Answer(intervals, 1_000);
        Assert.Equal(AskIntervals.Least, intervals.After(0));
    }

    private static void Answer(AskIntervals intervals, long microseconds)
    {
        for (int i = 0; i < 100; i++)
        {
            intervals.Answered(microseconds);
        }
    }
}
