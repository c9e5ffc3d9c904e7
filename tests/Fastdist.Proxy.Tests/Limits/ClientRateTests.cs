using System.Linq;
using Fastdist.Proxy.Counters;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Limits;

/// <summary>How fast a client may come, and what happens to one that is faster.</summary>
public class ClientRateTests
{
    private const string One = "192.0.2.1";
    private const string Other = "192.0.2.2";

    [Fact]
    public void A_client_may_use_a_bursts_worth_of_connections_at_once_and_is_then_too_fast()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxConnectionRatePerClient = 2, RateBurstSeconds = 3 });
        Assert.Equal(6, bench.PassThrough(One, 6));
        Assert.Equal(Admission.TooFast, bench.Enter(One));
        Assert.Equal(Admission.Admitted, bench.Enter(Other));
    }

    [Fact]
    public void One_that_keeps_to_its_rate_is_never_refused()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxConnectionRatePerClient = 2, RateBurstSeconds = 1 });
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(1, bench.PassThrough(One, 1));
            bench.Now += LimitsBench.Second / 2;
        }
    }

    [Fact]
    public void One_that_is_too_fast_is_banned_for_as_long_as_said()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxConnectionRatePerClient = 1, RateBurstSeconds = 1, BanSecondsForRate = 10 });
        bench.PassThrough(One, 1);
        Assert.Equal(Admission.TooFast, bench.Enter(One));
        bench.Now += (10 * LimitsBench.Second) - 1;
        Assert.Equal(Admission.Banned, bench.Enter(One));
        Assert.Equal(Admission.Admitted, bench.Enter(Other));
        bench.Now++;
        Assert.Equal(Admission.Admitted, bench.Enter(One));
    }

    [Fact]
    public void Knocking_while_banned_does_not_prolong_the_ban()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxConnectionRatePerClient = 1, RateBurstSeconds = 1, BanSecondsForRate = 10 });
        bench.PassThrough(One, 1);
        bench.Enter(One);
        for (int second = 0; second < 10; second++)
        {
            Assert.Equal(Admission.Banned, bench.Enter(One));
            bench.Now += LimitsBench.Second;
        }

        Assert.Equal(Admission.Admitted, bench.Enter(One));
    }

    [Fact]
    public void Without_a_ban_only_what_is_over_the_rate_is_refused()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxConnectionRatePerClient = 1, RateBurstSeconds = 1, BanSecondsForRate = 0 });
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(1, bench.PassThrough(One, 3));
            Assert.Equal(Admission.TooFast, bench.Enter(One));
            bench.Now += LimitsBench.Second;
        }
    }

    [Fact]
    public void A_connection_that_a_full_process_refused_does_not_count_as_opened()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxConnections = 1, MaxConnectionRatePerClient = 3, RateBurstSeconds = 1 });
        bench.Enter(One);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(Admission.TooMany, bench.Enter(One)));
        bench.Leave(One);
        Assert.Equal(2, bench.PassThrough(One, 10));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_makes_tls_sessions_too_fast_is_told_to_go_and_refused_at_the_door(bool resumed)
    {
        var bench = new LimitsBench(resumed
            ? new ClientLimitOptions { MaxTlsResumedSessionRatePerClient = 1, RateBurstSeconds = 2 }
            : new ClientLimitOptions { MaxTlsNewSessionRatePerClient = 1, RateBurstSeconds = 2 });
        bench.EnterMany(One, 3);
        bench.Enter(Other);
        Assert.True(Establish());
        Assert.True(Establish());
        Assert.Equal(Admission.Admitted, bench.Enter(One));
        Assert.False(Establish());
        Assert.Equal(Admission.Banned, bench.Enter(One));
        Assert.Equal(Admission.Admitted, bench.Enter(Other));
        bench.Now += 10 * LimitsBench.Second;
        Assert.Equal(Admission.Admitted, bench.Enter(One));
        Assert.True(Establish());

        bool Establish() => resumed ? bench.ResumeSession(One) : bench.BeginSession(One);
    }

    [Fact]
    public void New_sessions_resumed_ones_and_connections_are_three_rates()
    {
        var bench = new LimitsBench(new ClientLimitOptions
        {
            MaxConnectionRatePerClient = 3,
            MaxTlsNewSessionRatePerClient = 1,
            MaxTlsResumedSessionRatePerClient = 2,
            RateBurstSeconds = 1,
            BanSecondsForRate = 0,
        });
        Assert.Equal(3, bench.EnterMany(One, 10));
        Assert.Equal(1, Enumerable.Range(0, 10).Count(_ => bench.BeginSession(One)));
        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => bench.ResumeSession(One)));
    }

    [Fact]
    public void Going_and_coming_back_does_not_give_a_client_its_rates_anew()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxTlsNewSessionRatePerClient = 1, RateBurstSeconds = 2 });
        int begun = 0;
        while (bench.Enter(One) == Admission.Admitted)
        {
            begun += bench.BeginSession(One) ? 1 : 0;
            bench.Leave(One);
        }

        Assert.Equal(2, begun);
    }

    [Fact]
    public void A_ban_needs_no_limit_and_no_connection()
    {
        var bench = new LimitsBench(new ClientLimitOptions());
        bench.Ban(One, seconds: 60);
        Assert.Equal(Admission.Banned, bench.Enter(One));
        Assert.Equal(Admission.Admitted, bench.Enter(Other));
        bench.Now += 60 * LimitsBench.Second;
        Assert.Equal(Admission.Admitted, bench.Enter(One));
        bench.Leave(One);
        bench.Leave(Other);
        Assert.Equal(0, bench.Limits.Connections);
    }

    [Fact]
    public void A_ban_leaves_open_connections_alone()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxConnectionsPerClient = 2 });
        bench.Enter(One);
        bench.Ban(One, seconds: 60);
        Assert.Equal(1, bench.Limits.Connections);
        bench.Leave(One);
        Assert.Equal(Admission.Banned, bench.Enter(One));
    }

    [Fact]
    public void Of_two_bans_the_longer_one_holds()
    {
        var bench = new LimitsBench(new ClientLimitOptions());
        bench.Ban(One, seconds: 60);
        bench.Ban(One, seconds: 10);
        bench.Now += (60 * LimitsBench.Second) - 1;
        Assert.Equal(Admission.Banned, bench.Enter(One));
        bench.Ban(One, seconds: 10);
        bench.Now += LimitsBench.Second;
        Assert.Equal(Admission.Banned, bench.Enter(One));
    }

    [Fact]
    public void A_ban_of_no_time_is_none()
    {
        var bench = new LimitsBench(new ClientLimitOptions());
        bench.Ban(One, seconds: 0);
        Assert.Equal(Admission.Admitted, bench.Enter(One));
        Assert.Equal(0, bench.Limits.Clients);
    }

    [Fact]
    public void A_shard_whose_clock_is_behind_gives_nothing_back()
    {
        var bench = new LimitsBench(new ClientLimitOptions { MaxConnectionRatePerClient = 2, RateBurstSeconds = 1, BanSecondsForRate = 1 });
        bench.PassThrough(One, 2);
        bench.Now -= LimitsBench.Second;
        Assert.Equal(Admission.TooFast, bench.Enter(One));

        // The ban began at the latest time that was told, so that it lasts for no less.
        bench.Now += (2 * LimitsBench.Second) - 1;
        Assert.Equal(Admission.Banned, bench.Enter(One));
        bench.Now++;
        Assert.Equal(Admission.Admitted, bench.Enter(One));
    }
}
