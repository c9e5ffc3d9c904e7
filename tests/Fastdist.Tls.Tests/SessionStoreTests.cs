using System.Threading.Tasks;
using Xunit;

namespace Fastdist.Tls.Tests;

public sealed class SessionStoreTests
{
    private long _now = 1_000_000;

    [Fact]
    public void The_newest_session_goes_first_and_each_goes_once()
    {
        var store = new TlsSessionStore(() => _now);
        store.Put([1]);
        store.Put([2]);
        Assert.Equal([2], store.Take()!);
        Assert.Equal([1], store.Take()!);
        Assert.Null(store.Take());
    }

    [Fact]
    public void Beyond_the_capacity_the_oldest_goes_and_is_wiped()
    {
        var store = new TlsSessionStore(() => _now, capacity: 2);
        byte[] oldest = [1];
        store.Put(oldest);
        store.Put([2]);
        store.Put([3]);
        Assert.Equal([0], oldest);
        Assert.Equal(2, store.Count);
        Assert.Equal([3], store.Take()!);
        Assert.Equal([2], store.Take()!);
    }

    [Fact]
    public void A_capacity_of_none_keeps_nothing()
    {
        var store = new TlsSessionStore(() => _now, capacity: 0);
        byte[] session = [1];
        store.Put(session);
        Assert.Equal([0], session);
        Assert.Null(store.Take());
    }

    [Fact]
    public void A_session_is_good_until_its_age_is_the_validity()
    {
        var store = new TlsSessionStore(() => _now, validity: 600);
        store.Put([1]);
        store.Put([2]);
        _now += 599;
        Assert.Equal([2], store.Take()!);
        _now++;
        Assert.Null(store.Take());
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void A_sweep_drops_and_wipes_the_expired_and_no_other()
    {
        var store = new TlsSessionStore(() => _now, validity: 600);
        byte[] old = [1];
        store.Put(old);
        _now += 300;
        store.Put([2]);
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
        store.Put(kept);
        store.Close();
        byte[] late = [2];
        store.Put(late);
        Assert.Equal([0, 0], [.. kept, .. late]);
        Assert.Equal(0, store.Count);
        Assert.Null(store.Take());
    }

    [Fact]
    public async Task Shards_that_share_a_store_never_take_the_same_session()
    {
        const int Sessions = 10_000;
        var store = new TlsSessionStore(() => _now, capacity: Sessions);
        for (int i = 0; i < Sessions; i++)
        {
            store.Put([1]);
        }

        int[] taken = await Task.WhenAll(Task.Run(() => Drain(store)), Task.Run(() => Drain(store)));
        Assert.Equal(Sessions, taken[0] + taken[1]);
    }

    // A session taken is overwritten, so that one given out twice shows.
    private static int Drain(TlsSessionStore store)
    {
        int count = 0;
        while (store.Take() is { } session)
        {
            count += session[0];
            session[0] = 0;
        }

        return count;
    }
}
