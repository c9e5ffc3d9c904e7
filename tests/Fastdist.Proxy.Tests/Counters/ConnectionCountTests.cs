using System.Threading.Tasks;
using Fastdist.Proxy.Counters;
using Xunit;

namespace Fastdist.Proxy.Tests.Counters;

public class ConnectionCountTests
{
    [Fact]
    public void A_connection_over_the_limit_is_refused_and_not_counted()
    {
        var connections = new ConnectionCount(most: 2);
        Assert.True(connections.TryEnter());
        Assert.True(connections.TryEnter());
        Assert.False(connections.TryEnter());
        Assert.Equal(2, connections.Greatest);
        connections.Leave();
        Assert.True(connections.TryEnter());
    }

    [Fact]
    public void The_greatest_number_stays_when_connections_leave()
    {
        var connections = new ConnectionCount(most: 0);
        for (int i = 0; i < 5; i++)
        {
            Assert.True(connections.TryEnter());
        }

        connections.Leave();
        connections.Leave();
        connections.TryEnter();
        Assert.Equal(5, connections.Greatest);
    }

    [Fact]
    public void Spares_leave_the_places_of_others_free_until_they_are_taken_into_use()
    {
        var connections = new ConnectionCount(most: 3, kept: 2);
        Assert.True(connections.TryEnterSpare());
        Assert.False(connections.TryEnterSpare());
        connections.UseSpare();
        Assert.True(connections.TryEnterSpare());
        Assert.True(connections.TryEnter());
        Assert.False(connections.TryEnter());
        connections.LeaveSpare();
        Assert.True(connections.TryEnter());
        Assert.Equal(3, connections.Current);
    }

    [Fact]
    public void Without_a_limit_there_may_be_any_number_of_spares()
    {
        var connections = new ConnectionCount(most: 0, kept: 2);
        Assert.True(connections.TryEnterSpare());
        Assert.True(connections.TryEnterSpare());
    }

    [Fact]
    public void Several_shards_never_let_in_more_than_the_limit()
    {
        var connections = new ConnectionCount(most: 3);
        Parallel.For(0, 10_000, _ =>
        {
            if (connections.TryEnter())
            {
                connections.Leave();
            }
        });
        Assert.InRange(connections.Greatest, 1, 3);
    }

    [Fact]
    public void Another_limit_counts_for_those_that_come()
    {
        var connections = new ConnectionCount(most: 0);
        Assert.True(connections.TryEnter() && connections.TryEnter());
        connections.Most = 2;
        Assert.True(connections.IsFull);
        Assert.False(connections.TryEnter());
        connections.Most = 3;
        Assert.True(connections.TryEnter());
    }
}
