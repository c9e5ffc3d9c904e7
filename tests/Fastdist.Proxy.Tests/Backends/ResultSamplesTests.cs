using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

public class ResultSamplesTests
{
    [Fact]
    public void The_latest_results_count_and_older_ones_no_longer()
    {
        var samples = new ResultSamples(100);
        for (int i = 0; i < 130; i++)
        {
            samples.Add(isFailure: i is < 40 or >= 125, period: 0);
        }

        // Of the first 40 ten are left.
        Assert.Equal((100, 15), samples.Of(0));
    }

    [Fact]
    public void Of_another_period_there_are_none()
    {
        var samples = new ResultSamples(3);
        samples.Add(isFailure: true, period: 0);
        Assert.Equal((1, 1), samples.Of(0));
        Assert.Equal((0, 0), samples.Of(1));
        samples.Add(isFailure: false, period: 1);
        samples.Add(isFailure: true, period: 1);
        Assert.Equal((2, 1), samples.Of(1));
        samples.Add(isFailure: false, period: 1);
        samples.Add(isFailure: false, period: 1);
        Assert.Equal((3, 1), samples.Of(1));
        samples.Add(isFailure: false, period: 1);
        Assert.Equal((3, 0), samples.Of(1));
    }
}
