using Fastdist.Proxy.Frontends;
using Xunit;

namespace Fastdist.Proxy.Tests.Frontends;

public class HandshakeQueueTests
{
    private const int Budget = 1000;

    private readonly HandshakeQueue _queue = new(Budget);
    private long _now = 1_000_000;

    [Fact]
    public void Those_that_wait_longest_go_first()
    {
        _queue.Wait(client: 7, generation: 1);
        _queue.Wait(client: 8, generation: 2);
        Assert.True(_queue.TryTake(out int client, out uint generation));
        Assert.Equal((7, 1u), (client, generation));
        Assert.True(_queue.TryTake(out client, out generation));
        Assert.Equal((8, 2u), (client, generation));
        Assert.False(_queue.TryTake(out _, out _));
    }

    [Fact]
    public void A_turn_lets_in_as_many_as_usually_fit_and_at_least_one()
    {
        Assert.Equal(0, _queue.LetIn());
        for (int i = 0; i < 100; i++)
        {
            _queue.Wait(i, 1);
        }

        // Long RSA keys: each step takes several turns' worth.
        for (int i = 0; i < 100; i++)
        {
            Take(5 * Budget);
        }

        Assert.Equal(1, _queue.LetIn());

        for (int i = 0; i < 200; i++)
        {
            Take(Budget / 10);
        }

        Assert.InRange(_queue.LetIn(), 5, 10);
    }

    [Fact]
    public void It_is_busy_when_a_turns_worth_waits_already()
    {
        for (int i = 0; i < _queue.MostInTurn; i++)
        {
            Assert.False(_queue.IsBusy);
            _queue.Wait(i, 1);
        }

        Assert.True(_queue.IsBusy);
    }

    [Fact]
    public void While_queries_are_in_flight_handshakes_rest_for_as_long_as_they_took()
    {
        _queue.Wait(client: 1, generation: 1);
        _queue.LetIn();
        Take(400);
        Take(300);
        Assert.Equal(700, _queue.Rest(_now, areQueriesInFlight: true));
        Assert.Equal(200, _queue.Rest(_now + 500, areQueriesInFlight: true));
        Assert.Equal(0, _queue.Rest(_now + 700, areQueriesInFlight: true));
    }

    [Fact]
    public void Who_comes_when_nobody_waited_any_more_rests_for_those_before_too()
    {
        _queue.LetIn();
        Take(400);
        Assert.Equal(0, _queue.LetIn());
        _queue.Wait(client: 1, generation: 1);
        Assert.Equal(400, _queue.Rest(_now, areQueriesInFlight: true));
    }

    [Fact]
    public void Nobody_rests_for_nobody()
    {
        _queue.LetIn();
        Take(400);
        Assert.Equal(0, _queue.Rest(_now, areQueriesInFlight: true));
        _queue.Wait(client: 1, generation: 1);
        Assert.Equal(0, _queue.Rest(_now, areQueriesInFlight: false));
    }

    [Fact]
    public void Those_let_in_for_being_short_as_a_rule_use_up_one_budget_and_not_more()
    {
        for (int i = 0; i < 200; i++)
        {
            _queue.Wait(i, 1);
            Take(5);
        }

        Assert.InRange(_queue.LetIn(), 100, 200);
        Assert.False(_queue.IsSpent);
        Take(Budget - 100);
        Assert.False(_queue.IsSpent);
        Take(100);
        Assert.True(_queue.IsSpent);
        _queue.LetIn();
        Assert.False(_queue.IsSpent);
    }

    private void Take(int microseconds)
    {
        long begun = _now;
        _now += microseconds;
        _queue.Took(begun, _now);
    }
}
