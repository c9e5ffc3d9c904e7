using System.Linq;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Clients without tickets resume by what the server remembers.</summary>
public class StoredSessionsTests
{
    private static readonly Visit s_full = new(false, TicketUse.None), s_resumed = new(true, TicketUse.None);

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_session_of_one_shard_resumes_on_another_without_a_ticket(TlsVersion version)
    {
        using var client = new TicketClient(version);
        var store = new StoredSessions(10);
        using TlsContext one = Server(client, store);
        using TlsContext other = Server(client, store);
        Assert.Equal(s_full, client.Visit(one));
        Assert.InRange(store.Count, 1, 2);
        Assert.Equal(s_resumed, client.Visit(other));
        Assert.Equal(s_resumed, client.Visit(one));
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_client_that_takes_tickets_is_not_remembered(TlsVersion version)
    {
        using var client = new TicketClient(version);
        var store = new StoredSessions(10);
        using TlsContext server = client.Server(new TicketKeyStore(), options => options with { StoredSessions = store });
        client.Visit(server);
        Assert.Equal(0, store.Count);
        Assert.Equal(new Visit(true, TicketUse.Active), client.Visit(server));
    }

    [Fact]
    public void A_session_that_ended_in_an_alert_is_forgotten()
    {
        using var client = new TicketClient(TlsVersion.Tls12);
        var store = new StoredSessions(10);
        using TlsContext server = Server(client, store);
        using (Pair pair = client.Meet(server))
        {
            Assert.True(pair.Handshake());
            Assert.Equal(1, store.Count);
            pair.Send(pair.Client, "question"u8);
            pair.Server.Inbox[^1] ^= 1;
            Assert.Equal(TlsStatus.Failed, pair.Receive(pair.Server));
        }

        Assert.Equal(0, store.Count);
        Assert.Equal(s_full, client.Visit(server));
    }

    [Fact]
    public void The_oldest_goes_when_the_store_is_full()
    {
        var store = new StoredSessions(3);
        for (byte i = 1; i <= 5; i++)
        {
            store.Add([i], [i, i], made: 1000 + i, lifetime: 100);
        }

        Assert.Equal(3, store.Count);
        Assert.Equal([false, false, true, true, true], Enumerable.Range(1, 5).Select(i => Has(store, (byte)i)));
    }

    [Fact]
    public void What_expired_goes_when_another_comes()
    {
        var store = new StoredSessions(10);
        store.Add([1], [1], made: 1000, lifetime: 100);
        store.Add([2], [2], made: 1100, lifetime: 100);
        Assert.Equal(2, store.Count);
        store.Add([3], [3], made: 1101, lifetime: 100);
        Assert.False(Has(store, 1));
        Assert.True(Has(store, 2));
    }

    [Fact]
    public void A_session_stored_again_replaces_itself()
    {
        var store = new StoredSessions(2);
        store.Add([1], [1], made: 1000, lifetime: 100);
        store.Add([1], [9], made: 1001, lifetime: 100);
        Assert.Equal(1, store.Count);
        var buffer = new byte[10];
        Assert.True(store.TryGet([1], buffer, out int length));
        Assert.Equal([9], buffer[..length]);
    }

    [Fact]
    public void What_leaves_the_store_is_wiped()
    {
        var store = new StoredSessions(1);
        byte[] first = [1, 2, 3], second = [4, 5, 6];
        store.Add([1], first, made: 1000, lifetime: 100);
        store.Add([2], second, made: 1000, lifetime: 100);
        store.Remove([2]);
        store.Remove([2]);
        Assert.Equal(new byte[3], first);
        Assert.Equal(new byte[3], second);
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void An_ID_of_any_length_is_looked_up_without_harm()
    {
        var store = new StoredSessions(1);
        for (int length = 0; length < 100; length++)
        {
            Assert.False(store.TryGet(new byte[length], new byte[10], out _));
        }
    }

    private static bool Has(StoredSessions store, byte id) => store.TryGet([id], new byte[10], out _);

    private static TlsContext Server(TicketClient client, StoredSessions store) =>
        client.Server(null, options => options with { SessionTickets = false, StoredSessions = store });
}
