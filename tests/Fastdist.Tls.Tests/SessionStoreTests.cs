using System;
using System.Threading.Tasks;
using Fastdist.Tls.OpenSslSessions;
using Xunit;

namespace Fastdist.Tls.Tests;

public sealed class SessionStoreTests
{
    private static readonly SessionEnd s_endless = new(1_000_000, SessionEnd.NoDate);

    private long _now = 1_000_000;

    [Fact]
    public void The_newest_session_goes_first_and_each_goes_once()
    {
        var store = new TlsSessionStore(() => _now);
        store.Put([1], s_endless);
        store.Put([2], s_endless);
        Assert.Equal([2], store.Take(out _)!);
        Assert.Equal([1], store.Take(out _)!);
        Assert.Null(store.Take(out _));
    }

    [Fact]
    public void Beyond_the_capacity_the_oldest_goes_and_is_wiped()
    {
        var store = new TlsSessionStore(() => _now, capacity: 2);
        byte[] oldest = [1];
        store.Put(oldest, s_endless);
        store.Put([2], s_endless);
        store.Put([3], s_endless);
        Assert.Equal([0], oldest);
        Assert.Equal(2, store.Count);
        Assert.Equal([3], store.Take(out _)!);
        Assert.Equal([2], store.Take(out _)!);
    }

    [Fact]
    public void Other_limits_hold_at_once_also_for_what_is_kept()
    {
        var store = new TlsSessionStore(() => _now, capacity: 3, validity: 600);
        byte[] oldest = [1];
        store.Put(oldest, s_endless);
        store.Put([2], s_endless);
        store.Limit(1, 60);
        Assert.Equal([0], oldest);
        Assert.Equal(1, store.Count);
        _now += 60;
        Assert.Null(store.Take(out _));
    }

    [Fact]
    public void A_capacity_of_none_keeps_nothing()
    {
        var store = new TlsSessionStore(() => _now, capacity: 0);
        byte[] session = [1];
        store.Put(session, s_endless);
        Assert.Equal([0], session);
        Assert.Null(store.Take(out _));
    }

    [Fact]
    public void A_session_is_good_until_its_age_is_the_validity()
    {
        var store = new TlsSessionStore(() => _now, validity: 600);
        store.Put([1], s_endless);
        store.Put([2], s_endless);
        _now += 599;
        Assert.Equal([2], store.Take(out _)!);
        _now++;
        Assert.Null(store.Take(out _));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void A_sweep_drops_and_wipes_the_expired_and_no_other()
    {
        var store = new TlsSessionStore(() => _now, validity: 600);
        byte[] old = [1];
        store.Put(old, s_endless);
        _now += 300;
        store.Put([2], s_endless);
        _now += 300;
        Assert.Equal(2, store.Count);
        store.Sweep();
        Assert.Equal(1, store.Count);
        Assert.Equal([0], old);
    }

    [Fact]
    public void A_store_that_is_closed_wipes_what_it_has_and_what_still_comes()
    {
        var store = new TlsSessionStore(() => _now);
        byte[] kept = [1];
        store.Put(kept, s_endless);
        store.Close();
        byte[] late = [2];
        store.Put(late, s_endless);
        Assert.Equal([0, 0], [.. kept, .. late]);
        Assert.Equal(0, store.Count);
        Assert.Null(store.Take(out _));
    }

    [Fact, Trait("Row", "C1")]
    public void A_session_goes_with_the_first_certificate_that_it_derives_from()
    {
        var clock = new SettableClock();
        var store = new TlsSessionStore(() => _now, clock: clock);
        long end = clock.GetUtcNow().ToUnixTimeSeconds() + 60;
        byte[] first = [1];
        store.Put(first, new SessionEnd(_now, end));
        store.Put([2], new SessionEnd(_now, end + 1));
        clock.Step(TimeSpan.FromSeconds(60));
        Assert.Equal([2], store.Take(out SessionEnd taken)!);
        Assert.Equal(end + 1, taken.NotAfter);
        Assert.Equal([0], first);
        Assert.Null(store.Take(out _));
    }

    [Fact, Trait("Row", "C1")]
    public void A_session_goes_a_week_after_the_full_handshake_whenever_it_was_kept()
    {
        var store = new TlsSessionStore(() => _now, validity: int.MaxValue);
        var end = new SessionEnd(_now, SessionEnd.NoDate);
        _now += 604_799;
        store.Put([1], end);
        Assert.Equal([1], store.Take(out SessionEnd taken)!);
        Assert.Equal(end, taken);
        store.Put([1], taken);
        _now++;
        Assert.Null(store.Take(out _));
    }

    [Fact, Trait("Row", "C1")]
    public void A_session_that_has_ended_is_not_kept()
    {
        var store = new TlsSessionStore(() => _now);
        byte[] late = [1];
        store.Put(late, new SessionEnd(_now, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1));
        Assert.Equal((0, 0), (late[0], store.Count));
    }

    [Fact]
    public async Task Shards_that_share_a_store_never_take_the_same_session()
    {
        const int Sessions = 10_000;
        var store = new TlsSessionStore(() => _now, capacity: Sessions);
        for (int i = 0; i < Sessions; i++)
        {
            store.Put([1], s_endless);
        }

        int[] taken = await Task.WhenAll(Task.Run(() => Drain(store)), Task.Run(() => Drain(store)));
        Assert.Equal(Sessions, taken[0] + taken[1]);
    }

    // A session taken is overwritten, so that one given out twice shows.
    private static int Drain(TlsSessionStore store)
    {
        int count = 0;
        while (store.Take(out _) is { } session)
        {
            count += session[0];
            session[0] = 0;
        }

        return count;
    }
}
