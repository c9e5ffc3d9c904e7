using System;
using System.Linq;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Whatever a client offers as a ticket ends in a handshake, and in something to count.</summary>
public class ForgedTicketTests
{
    private const int NameSize = 16;

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_ticket_with_any_byte_changed_ends_in_a_full_handshake(TlsVersion version)
    {
        using var client = new TicketClient(version);
        using TlsContext server = client.Server(new TicketKeyStore());
        client.Visit(server);
        byte[] session = client.TakeSession();
        byte[] ticket = SessionState.TicketOf(session);
        for (int i = 0; i < ticket.Length; i++)
        {
            byte[] changed = [.. ticket];
            changed[i] ^= (byte)(1 << (i % 8));
            client.OfferNext(SessionState.WithTicket(session, changed));
            Assert.Equal(new Visit(false, i < NameSize ? TicketUse.Unknown : TicketUse.Refused), client.Visit(server));
        }

        client.OfferNext(session);
        Assert.Equal(new Visit(true, TicketUse.Active), client.Visit(server));
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_ticket_cut_anywhere_ends_in_a_full_handshake(TlsVersion version)
    {
        using var client = new TicketClient(version);
        using TlsContext server = client.Server(new TicketKeyStore());
        client.Visit(server);
        byte[] session = client.TakeSession();
        byte[] ticket = SessionState.TicketOf(session);
        for (int length = 1; length < ticket.Length; length++)
        {
            client.OfferNext(SessionState.WithTicket(session, ticket[..length]));
            Assert.Equal(new Visit(false, TicketUse.Refused), client.Visit(server));
        }
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void Random_bytes_under_a_known_name_end_in_a_full_handshake(TlsVersion version)
    {
        using var client = new TicketClient(version);
        using TlsContext server = client.Server(new TicketKeyStore());
        client.Visit(server);
        byte[] session = client.TakeSession();
        byte[] name = SessionState.TicketOf(session)[..NameSize];
        var random = new Random(1);
        foreach (int length in Enumerable.Range(0, 100).Select(i => i * 41))
        {
            byte[] rest = new byte[length];
            random.NextBytes(rest);
            client.OfferNext(SessionState.WithTicket(session, [.. name, .. rest]));
            Assert.Equal(new Visit(false, TicketUse.Refused), client.Visit(server));
        }
    }

    [Fact]
    public void A_TLS_1_3_ticket_does_not_resume_with_TLS_1_2()
    {
        using var client = new TicketClient(TlsVersion.Tls12);
        using TicketClient newer = client.Another();
        using TlsContext server = client.Server(new TicketKeyStore());
        client.Visit(server);
        newer.Visit(server);
        client.OfferNext(SessionState.WithTicket(client.TakeSession(), SessionState.TicketOf(newer.TakeSession())));
        Assert.Equal(new Visit(false, TicketUse.Refused), client.Visit(server));
    }

    [Fact]
    public void A_TLS_1_3_ticket_offered_without_its_secret_fails_the_handshake()
    {
        // RFC 8446 section 4.2.11: a binder that does not verify must abort.
        using var owner = new TicketClient();
        using TicketClient thief = owner.Another();
        using TlsContext server = owner.Server(new TicketKeyStore());
        owner.Visit(server);
        thief.Visit(server);
        thief.OfferNext(SessionState.WithTicket(thief.TakeSession(), SessionState.TicketOf(owner.TakeSession())));
        using Pair pair = thief.Meet(server);
        Assert.False(pair.Handshake());
        Assert.Equal(TlsFailure.BadRecord, pair.Server.Session.Failure);
    }
}
