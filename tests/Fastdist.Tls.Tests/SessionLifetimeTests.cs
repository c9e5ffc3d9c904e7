using System;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Tickets;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>How long a server lets what it gave be resumed: no longer than its certificate, nor than a week.</summary>
[Trait("Row", "C1")]
public sealed class SessionLifetimeTests
{
    private readonly TicketKeyStore _ring = new();
    private readonly SettableClock _clock = new();

    public static TheoryData<TlsVersion, bool> WaysToResume => new()
    {
        { TlsVersion.Tls12, true },
        { TlsVersion.Tls13, true },
        { TlsVersion.Tls12, false },
        { TlsVersion.Tls13, false },
    };

    [Theory, MemberData(nameof(WaysToResume))]
    public void A_session_ends_with_the_certificate_that_was_shown(TlsVersion version, bool hasTickets)
    {
        using var client = new TicketClient(version);
        TimeSpan timeout = TimeSpan.FromDays(6);
        using TlsContext server = Server(client, hasTickets, timeout, TimeSpan.FromDays(2), new StoredSessions(10));
        client.Visit(server);
        _clock.Step(TimeSpan.FromDays(1));
        Assert.True(client.Visit(server).IsResumed);
        _clock.Step(TimeSpan.FromDays(1.1));
        Assert.False(client.Visit(server).IsResumed);
    }

    [Theory, MemberData(nameof(WaysToResume))]
    public void A_renewed_certificate_does_not_lengthen_what_came_of_the_one_before(TlsVersion version, bool hasTickets)
    {
        using var client = new TicketClient(version);
        TimeSpan timeout = TimeSpan.FromDays(6);
        var stored = new StoredSessions(10);
        using TlsContext before = Server(client, hasTickets, timeout, TimeSpan.FromDays(1), stored);
        using TlsContext renewed = Server(client, hasTickets, timeout, TimeSpan.FromDays(90), stored);
        client.Visit(before);
        Assert.True(client.Visit(renewed).IsResumed);
        _clock.Step(TimeSpan.FromDays(1.1));
        Assert.False(client.Visit(renewed).IsResumed);
    }

    [Theory, MemberData(nameof(WaysToResume))]
    public void Resumptions_do_not_go_on_for_more_than_a_week(TlsVersion version, bool hasTickets)
    {
        using var client = new TicketClient(version);
        using TlsContext server = Server(client, hasTickets, TimeSpan.FromDays(7), TimeSpan.FromDays(90), new StoredSessions(10));
        client.Visit(server);
        for (int day = 1; day < 7; day++)
        {
            _clock.Step(TimeSpan.FromDays(1));
            Assert.True(client.Visit(server).IsResumed, $"day {day}");
        }

        _clock.Step(TimeSpan.FromDays(1));
        Assert.False(client.Visit(server).IsResumed);
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_client_is_told_no_longer_time_than_is_left(TlsVersion version)
    {
        using var client = new TicketClient(version);
        using TlsContext server = Server(client, hasTickets: true, TimeSpan.FromDays(6), TimeSpan.FromDays(2), null);
        client.Visit(server);
        Assert.InRange(SessionState.LifetimeHintOf(client.TakeSession()), (2 * 86_400) - 120, 2 * 86_400);
    }

    private TlsContext Server(TicketClient client, bool hasTickets, TimeSpan timeout, TimeSpan certificate, StoredSessions? stored) =>
        client.Server(_ring, options => options with
        {
            Certificates = [Certificate(client, certificate)],
            Clock = _clock,
            SessionTickets = hasTickets,
            StoredSessions = hasTickets ? null : stored,
            SessionTimeout = (int)timeout.TotalSeconds,
        });

    private static TlsCertificate Certificate(TicketClient client, TimeSpan life)
    {
        X509Certificate2 certificate = client.Certificates.Issue(validDays: (int)life.TotalDays);
        return TlsCertificate.FromDer(certificate.RawData, certificate.GetECDsaPrivateKey()!.ExportECPrivateKey());
    }
}
