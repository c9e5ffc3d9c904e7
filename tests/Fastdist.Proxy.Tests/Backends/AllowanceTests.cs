using Fastdist.Proxy.Backends;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>How many queries a connection gets at once after one that ended with an answer.</summary>
[Trait("Row", "F1")]
public class AllowanceTests
{
    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(1, 0, 0, 1)]
    [InlineData(0, 3, 0, 4)]
    [InlineData(5, 0, 0, 5)]
    [InlineData(5, 4, 0, 1)]
    [InlineData(5, 6, 0, 2)]
    [InlineData(5, 20, 0, 16)]
    [InlineData(5, 5, 99_999, 1)]
    [InlineData(5, 5, 100_000, 2)]
    [InlineData(5, 5, 400_000, 16)]
    public void It_is_what_is_left_until_the_expected_end_and_then_one_and_more_by_answers_and_age(long expected, long answers, long age, long most) =>
        Assert.Equal(most, new Allowance(expected).Most(answers, age, quiet: 50_000));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1_999, 0)]
    [InlineData(2_000, 1)]
    public void At_the_expected_end_none_is_given_until_an_end_would_have_been_seen(long quiet, long most) =>
        Assert.Equal(most, new Allowance(5).Most(answers: 5, age: 50_000, quiet));

    [Fact]
    public void Nothing_known_is_no_limit() => Assert.Equal((false, long.MaxValue), (Allowance.Unlimited.IsLimited, Allowance.Unlimited.Most(0, 500_000, 0)));

    [Fact]
    public void A_connection_is_given_what_the_one_before_it_answered()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        for (ushort id = 1; id <= 20; id++)
        {
            Assert.True(bench.Ask(id));
        }

        for (ushort id = 1; id <= 3; id++)
        {
            bench.Answer(bench.Connections[0], id);
        }

        bench.ReceiveEnded(bench.Connections[0], 0);
        bench.Connected(bench.Connections[1], 0);

        Assert.Equal([4, 5, 6], bench.On(bench.Connections[1]));
        bench.Answer(bench.Connections[1], 4);
        Assert.Equal([5, 6], bench.On(bench.Connections[1]));
    }

    [Fact]
    public void A_health_check_does_not_find_it_full_but_waits_and_goes_first()
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        Assert.True(bench.Ask(1) && bench.Ask(2) && bench.Ask(3));
        bench.Answer(bench.Connections[0], 1);
        bench.ReceiveEnded(bench.Connections[0], 0);
        bench.Connected(bench.Connections[1], 0);
        Assert.Equal([2], bench.On(bench.Connections[1]));

        bench.Health.Add(bench.Backends[0]);
        bench.SendChecks();
        bench.Answer(bench.Connections[1], 2);
        bench.Pass(20);

        Assert.Equal(1, bench.Connections[1].Ids.CheckCount);
        bench.AnswerCheck(bench.Connections[1]);
        Assert.Equal([true], bench.Verdicts);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(60_000)]
    public void One_that_was_closed_for_being_idle_says_nothing_about_the_next(int seconds)
    {
        using var bench = new BackendBench(share: 1, [BackendBench.Options(1)]);
        bench.Connect(0);
        bench.Prove(bench.Connections[0]);
        bench.Pass(seconds * 10);
        bench.ReceiveEnded(bench.Connections[0], 0);

        Assert.False(bench.Backends[0].NextAllowance.IsLimited);
    }
}
