using System;
using Fastdist.Fuzz.Http;
using Xunit;

namespace Fastdist.Http.Tests;

/// <summary>What requests of all connections together may hold.</summary>
public sealed class RequestBudgetTests : IDisposable
{
    private const int Budget = 10_000;

    private readonly Http2Pool _pool = new() { RequestBudget = Budget };

    public void Dispose() => _pool.Dispose();

    [Fact]
    public void A_body_beyond_the_budget_is_not_kept_and_its_request_is_answered_at_once()
    {
        using Connection holder = Holding(9_000);
        using var connection = Connection.Open(pool: _pool);

        connection.Give([.. Frames.PostHeaders(1, "/dns-query"), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, new byte[1_500])]);

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.True(request.IsOverBudget);
        Assert.True(request.Body.IsEmpty);
        Assert.Equal(HttpStatus.ServiceUnavailable, new DohPaths(["/dns-query"], exact: true).Read(in request, new byte[65535], out _));
        Assert.InRange(_pool.RequestBytes, 9_000, Budget);
    }

    [Fact]
    public void A_small_request_is_taken_in_whatever_the_others_hold()
    {
        using Connection holder = Holding(9_900);
        using var connection = Connection.Open(pool: _pool);

        connection.Give(Frames.Post(1, "/dns-query", new byte[500]));

        Assert.False(connection.Take()?.IsBodyTooLarge);
        Assert.True(connection.Answer(1, 1));
    }

    [Fact]
    public void A_target_beyond_the_budget_is_not_kept()
    {
        using Connection holder = Holding(9_900);
        using var connection = Connection.Open(pool: _pool);

        connection.Give(Frames.Get(1, "/" + new string('a', 3_000)));

        Assert.True(connection.Session.TryTake(out HttpRequest request));
        Assert.True(request.IsOverBudget);
        Assert.True(request.Target.IsEmpty);
    }

    [Fact]
    public void What_requests_held_is_free_once_they_are_answered_reset_or_their_connection_ends()
    {
        using (Connection holder = Holding(5_000))
        {
            Assert.InRange(_pool.RequestBytes, 5_000, 5_100);
            holder.Give(Frames.Frame(Frames.Data, Frames.EndStream, 1));
            Assert.NotNull(holder.Take());
            Assert.InRange(_pool.RequestBytes, 5_000, 5_100);
            Assert.True(holder.Answer(1, 1));
            Assert.Equal(0, _pool.RequestBytes);

            holder.Give([.. Frames.PostHeaders(3, "/"), .. Frames.Frame(Frames.Data, Frames.NoFlags, 3, new byte[2_000])]);
            Assert.InRange(_pool.RequestBytes, 2_000, 2_100);
            holder.Give(Frames.ResetOf(3));
            Assert.Equal(0, _pool.RequestBytes);
            holder.Give(Frames.PostHeaders(5, "/dns-query"));
            Assert.NotEqual(0, _pool.RequestBytes);
        }

        Assert.Equal(0, _pool.RequestBytes);
    }

    /// <summary>A connection with a request that has sent so much of its body.</summary>
    private Connection Holding(int bytes)
    {
        var connection = Connection.Open(pool: _pool);
        connection.Give([.. Frames.PostHeaders(1, "/dns-query"), .. Frames.Frame(Frames.Data, Frames.NoFlags, 1, new byte[bytes])]);
        return connection;
    }
}
