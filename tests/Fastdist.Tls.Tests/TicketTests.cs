using System;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Fastdist.Shared;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>A session made on one context resumes on every other that has the key.</summary>
public class TicketTests
{
    private const TlsVersion Tls12 = TlsVersion.Tls12, Tls13 = TlsVersion.Tls13;

    private static readonly Visit s_full = new(false, TicketUse.None), s_resumed = new(true, TicketUse.Active);

    /// <summary>The SSL_CTX that the callback below switches to; the tests of one class run one after the other.</summary>
    private static nint s_switchTo;

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public void A_ticket_resumes_on_another_context_with_the_same_ring(TlsVersion version)
    {
        using var client = new TicketClient(version);
        var ring = new TicketKeyStore();
        using TlsContext one = client.Server(ring);
        using TlsContext other = client.Server(ring);
        Assert.Equal(s_full, client.Visit(one));
        Assert.Equal(s_resumed, client.Visit(other));
        Assert.Equal(s_resumed, client.Visit(one));
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public void Processes_with_the_same_key_file_resume_each_others_sessions(TlsVersion version)
    {
        using var client = new TicketClient(version);
        byte[] key = new byte[TicketKey.Size];
        new Random(1).NextBytes(key);
        using TlsContext one = client.Server(new TicketKeyStore(5, [new TicketKey(key)]));
        using TlsContext other = client.Server(new TicketKeyStore(5, [TicketKey.CreateRandom(), new TicketKey(key)]));
        client.Visit(one);
        Assert.Equal(s_resumed, client.Visit(other));
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public void A_handshake_brings_one_ticket(TlsVersion version)
    {
        using var client = new TicketClient(version);
        using TlsContext server = client.Server(new TicketKeyStore());
        client.Visit(server);
        Assert.Equal(1, client.Sessions.Count);
        client.Visit(server);
        Assert.Equal(1, client.Sessions.Count);
    }

    [Fact]
    public void A_TLS_1_3_client_gets_a_fresh_ticket_with_every_resumption()
    {
        using var client = new TicketClient();
        using TlsContext server = client.Server(new TicketKeyStore());
        client.Visit(server);
        byte[] first = client.TakeSession();
        client.OfferNext(first);
        Assert.Equal(s_resumed, client.Visit(server));
        Assert.NotEqual(SessionState.TicketOf(first), SessionState.TicketOf(client.TakeSession()));
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public void A_ticket_of_a_key_that_is_no_longer_active_resumes_and_is_replaced(TlsVersion version)
    {
        using var client = new TicketClient(version);
        var ring = new TicketKeyStore();
        using TlsContext server = client.Server(ring);
        client.Visit(server);
        ring.Rotate();
        Assert.Equal(new Visit(true, TicketUse.Inactive), client.Visit(server));
        Assert.Equal(s_resumed, client.Visit(server));
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public void A_ticket_resumes_until_its_key_is_pushed_out(TlsVersion version)
    {
        using var client = new TicketClient(version);
        var ring = new TicketKeyStore(capacity: 3);
        using TlsContext server = client.Server(ring);
        client.Visit(server);
        byte[] session = client.TakeSession();
        for (int rotations = 1; rotations <= 2; rotations++)
        {
            ring.Rotate();
            client.OfferNext(session);
            Assert.Equal(new Visit(true, TicketUse.Inactive), client.Visit(server));
        }

        ring.Rotate();
        client.OfferNext(session);
        Assert.Equal(new Visit(false, TicketUse.Unknown), client.Visit(server));
        Assert.Equal(s_resumed, client.Visit(server));
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public void No_client_gets_a_ticket_when_tickets_are_off(TlsVersion version)
    {
        using var client = new TicketClient(version);
        using TlsContext off = client.Server(new TicketKeyStore(), options => options with { SessionTickets = false });
        using TlsContext withoutKeys = client.Server(new TicketKeyStore(capacity: 0));
        foreach (TlsContext server in new[] { off, withoutKeys })
        {
            Assert.Equal(s_full, client.Visit(server));
            Assert.Equal(s_full, client.Visit(server));
        }
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public void A_session_lives_no_longer_than_the_timeout(TlsVersion version)
    {
        using var client = new TicketClient(version);
        var key = TicketKey.CreateRandom();
        var ring = new TicketKeyStore(1, [key]);
        using TlsContext server = client.Server(ring, options => options with { SessionTimeout = 1000 });
        client.Visit(server);
        byte[] session = client.TakeSession();
        byte[] ticket = SessionState.TicketOf(session);

        client.OfferNext(SessionState.WithTicket(session, SessionState.Older(ticket, key, 900)));
        Assert.Equal(s_resumed, client.Visit(server));
        client.OfferNext(SessionState.WithTicket(session, SessionState.Older(ticket, key, 1100)));
        Assert.Equal(new Visit(false, TicketUse.Refused), client.Visit(server));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(604_801)]
    public void A_timeout_beyond_a_week_is_an_error(int seconds)
    {
        using var client = new TicketClient();
        Assert.Contains("sessionTimeout", Assert.Throws<TlsConfigurationException>(() => client.Server(null, options => options with { SessionTimeout = seconds })).Message);
    }

    [Theory]
    [InlineData(Tls12)]
    [InlineData(Tls13)]
    public unsafe void A_session_resumes_on_the_context_that_the_servers_name_switched_to(TlsVersion version)
    {
        using var client = new TicketClient(version);
        var ring = new TicketKeyStore();
        using TlsContext first = client.Server(ring);
        using TlsContext switched = client.Server(ring);
        using TlsSession held = switched.CreateSession();
        s_switchTo = OpenSsl.SSL_get_SSL_CTX(((OpenSslSession)held).Pointer);
        using (TlsSession any = first.CreateSession())
        {
            LibSsl.SSL_CTX_callback_ctrl(OpenSsl.SSL_get_SSL_CTX(((OpenSslSession)any).Pointer), LibSsl.CtrlSetServerNameCallback, &OnServerName);
        }

        Assert.Equal(s_full, client.Visit(first));
        Assert.Equal(s_resumed, client.Visit(first));
        Assert.Equal(s_resumed, client.Visit(switched));
        Assert.Equal(s_resumed, client.Visit(first));
    }

    [Fact]
    public unsafe void A_resumption_exchanges_fresh_keys_even_with_a_client_that_would_do_without()
    {
        using var client = new TicketClient();
        using TlsContext server = client.Server(new TicketKeyStore());
        client.Visit(server);
        using Pair pair = client.Meet(server);
        nint session = ((OpenSslSession)pair.Client.Session).Pointer;
        LibSsl.SSL_set_options(session, LibSsl.OptionAllowNoDheKeyExchange);
        Assert.True(pair.Handshake());
        Assert.True(pair.Client.Session.IsResumed);
        nint keyShare = 0;
        Assert.Equal(1, OpenSsl.SSL_ctrl(session, LibSsl.CtrlGetPeerKeyShare, 0, &keyShare));
        LibSsl.EVP_PKEY_free(keyShare);
    }

    [Fact]
    public void Sealing_and_opening_a_ticket_allocates_no_managed_memory()
    {
        using var client = new TicketClient();
        using TlsContext server = client.Server(new TicketKeyStore());
        Allocations.AssertNoneMeasured(() =>
        {
            // Brings the session that is resumed then.
            client.Visit(server);
            return Allocated(client, server);
        });
    }

    [Fact]
    public async Task Shards_resume_at_once_while_the_keys_rotate()
    {
        var ring = new TicketKeyStore(capacity: 64);
        Task[] shards = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => VisitOften(ring), TestContext.Current.CancellationToken))];
        for (int i = 0; i < 50; i++)
        {
            ring.Rotate();
            GC.Collect();
        }

        await Task.WhenAll(shards);

        static void VisitOften(TicketKeyStore ring)
        {
            using var client = new TicketClient();
            using TlsContext server = client.Server(ring);
            client.Visit(server);
            for (int i = 0; i < 50; i++)
            {
                Assert.True(client.Visit(server).IsResumed);
            }
        }
    }

    // What the server's side of a resumed handshake allocates.
    private static long Allocated(TicketClient client, TlsContext server)
    {
        using Pair pair = client.Meet(server);
        byte[] hello = new byte[4096], flight = new byte[4096], finished = new byte[4096];
        pair.Client.Session.Handshake([], out _, hello, out int helloLength);
        long before = GC.GetAllocatedBytesForCurrentThread();
        pair.Server.Session.Handshake(hello.AsSpan(0, helloLength), out _, flight, out int flightLength);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        pair.Client.Session.Handshake(flight.AsSpan(0, flightLength), out _, finished, out int finishedLength);
        before = GC.GetAllocatedBytesForCurrentThread();
        TlsStatus status = pair.Server.Session.Handshake(finished.AsSpan(0, finishedLength), out _, flight, out _);
        allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(TlsStatus.Ok, status);
        Assert.True(pair.Server.Session.IsResumed);
        return allocated;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static unsafe int OnServerName(nint session, int* alert, void* argument)
    {
        LibSsl.SSL_set_SSL_CTX(session, s_switchTo);
        return LibSsl.ServerNameOk;
    }
}
