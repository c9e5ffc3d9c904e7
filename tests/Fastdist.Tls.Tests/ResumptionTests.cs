using System;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>A backend's sessions are resumed, each once with TLS 1.3.</summary>
public sealed class ResumptionTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly TlsSessionStore _store = new(() => 1000);
    private readonly X509Certificate2 _certificate;

    public ResumptionTests() => _certificate = _certificates.Issue();

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_second_session_resumes_the_first(TlsVersion version)
    {
        using TlsContext server = TestCertificates.Server(_certificate, version);
        using TlsContext client = Client();
        Assert.False(Connect(client, server));
        Assert.Equal(1, _store.Count);
        Assert.True(Connect(client, server));
        Assert.True(Connect(client, server));
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void A_session_of_one_shard_is_resumed_by_another_through_the_store()
    {
        using TlsContext server = TestCertificates.Server(_certificate);
        using TlsContext one = Client();
        using TlsContext other = Client();
        Assert.False(Connect(one, server));
        Assert.True(Connect(other, server));
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_server_that_declines_gets_a_full_handshake(TlsVersion version)
    {
        using TlsContext client = Client();
        using TlsContext server = TestCertificates.Server(_certificate, version);
        using TlsContext restarted = TestCertificates.Server(_certificates.Issue(), version);
        Assert.False(Connect(client, server));
        Assert.False(Connect(client, restarted));
        Assert.Equal(1, _store.Count);
        Assert.True(Connect(client, restarted));
    }

    [Fact]
    public void A_server_that_declines_is_verified_as_ever()
    {
        using TlsContext client = Client();
        using TlsContext server = TestCertificates.Server(_certificate);
        using TlsContext impostor = TestCertificates.Server(_certificates.Issue("other.example"));
        Assert.False(Connect(client, server));
        using var pair = new Pair(client, impostor);
        Assert.False(pair.Handshake());
        Assert.True(pair.Client.Session.IsCertificateRefused);
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_refused_certificate_leaves_nothing_in_the_store(TlsVersion version)
    {
        using TlsContext client = Client();
        using TlsContext server = TestCertificates.Server(_certificates.Issue("other.example"), version);
        using var pair = new Pair(client, server);
        Assert.False(pair.Handshake());
        Assert.Equal(0, _store.Count);
    }

    [Theory]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void A_key_that_is_not_pinned_leaves_nothing_in_the_store(TlsVersion version)
    {
        using TlsContext client = TlsClientContext.Create(new TlsClientOptions { Pins = [TestCertificates.Pin(_certificates.Authority)], Sessions = _store });
        using TlsContext server = TestCertificates.Server(_certificate, version);
        using var pair = new Pair(client, server);
        Assert.False(pair.Handshake());
        Assert.Equal(0, _store.Count);
    }

    [Fact]
    public void A_ticket_of_TLS_1_3_is_offered_once_even_when_its_connection_comes_to_nothing()
    {
        using TlsContext server = TestCertificates.Server(_certificate);
        using TlsContext client = Client();
        Connect(client, server);
        client.CreateSession().Dispose();
        Assert.Equal(0, _store.Count);
        Assert.False(Connect(client, server));
    }

    [Fact]
    public void Making_a_context_takes_nothing_from_the_store()
    {
        _store.Put([1, 2, 3], new SessionEnd(1000, SessionEnd.NoDate));
        Client().Dispose();
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void Bytes_that_are_no_session_cost_only_the_resumption()
    {
        using TlsContext server = TestCertificates.Server(_certificate);
        using TlsContext client = Client();
        _store.Put([1, 2, 3], new SessionEnd(1000, SessionEnd.NoDate));
        Assert.False(Connect(client, server));
        Assert.Equal(0ul, OpenSsl.ERR_peek_error());
    }

    [Fact]
    public void Without_a_store_every_handshake_is_full()
    {
        using TlsContext server = TestCertificates.Server(_certificate);
        using TlsContext client = TlsClientContext.Create(new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust });
        Assert.False(Connect(client, server));
        Assert.False(Connect(client, server));
    }

    [Theory, Trait("Row", "C1")]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void What_derives_from_a_certificate_is_not_offered_when_that_has_ended(TlsVersion version)
    {
        var clock = new SettableClock();
        var store = new TlsSessionStore(() => 1000, clock: clock);
        using TlsContext server = TestCertificates.Server(_certificates.Issue(validDays: 30), version);
        using TlsContext client = Client(store);
        Assert.False(Connect(client, server));
        clock.Step(TimeSpan.FromDays(29));
        Assert.True(Connect(client, server));

        // The session that was resumed comes of the same certificate.
        clock.Step(TimeSpan.FromDays(2));
        Assert.False(Connect(client, server));
    }

    [Theory, Trait("Row", "C1")]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void The_first_certificate_of_the_chain_to_end_counts(TlsVersion version)
    {
        // An authority that ends before what it has signed.
        using var authority = new TestCertificates(validDays: 2000);
        using var renewed = new TestCertificates(sameKeyAs: authority);
        var clock = new SettableClock();
        var store = new TlsSessionStore(() => 1000, clock: clock);
        using TlsContext server = TestCertificates.Server(authority.Issue(validDays: 1000), version);
        using TlsContext client = Client(store, renewed.Trust);
        Assert.False(Connect(client, server));
        clock.Step(TimeSpan.FromDays(360));
        Assert.True(Connect(client, server));
        clock.Step(TimeSpan.FromDays(8));
        Assert.False(Connect(client, server));
    }

    [Theory, Trait("Row", "C1")]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void Resumptions_do_not_go_on_for_more_than_a_week(TlsVersion version)
    {
        const int Hour = 3600;
        long now = 1000;
        var store = new TlsSessionStore(() => now, validity: 2 * Hour);
        using TlsContext server = TestCertificates.Server(_certificate, version);
        using TlsContext client = Client(store);
        Assert.False(Connect(client, server));
        for (now += Hour; now < 1000 + (7 * 24 * Hour); now += Hour)
        {
            Assert.True(Connect(client, server));
        }

        Assert.False(Connect(client, server));
        now += Hour;
        Assert.True(Connect(client, server));
    }

    [Theory, Trait("Row", "C1")]
    [InlineData(TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13)]
    public void Where_no_date_is_checked_none_ends_a_session(TlsVersion version)
    {
        var clock = new SettableClock();
        var store = new TlsSessionStore(() => 1000, clock: clock);
        using TlsContext server = TestCertificates.Server(_certificate, version);
        using TlsContext client = TlsClientContext.Create(new TlsClientOptions { Pins = [TestCertificates.Pin(_certificate)], Sessions = store });
        Assert.False(Connect(client, server));
        clock.Step(TimeSpan.FromDays(4000));
        Assert.True(Connect(client, server));
    }

    [Fact, Trait("Row", "C1")]
    public void What_derives_from_a_client_certificate_is_not_offered_when_that_has_ended()
    {
        var clock = new SettableClock();
        var store = new TlsSessionStore(() => 1000, clock: clock);
        using X509Certificate2 own = _certificates.Issue("client", validDays: 10);
        using TlsContext server = TestCertificates.Server(_certificate);
        using TlsContext client = TlsClientContext.Create(new TlsClientOptions
        {
            SubjectName = TestCertificates.ServerName,
            Trust = _certificates.Trust,
            Sessions = store,
            ClientCertificate = TlsCertificate.FromDer(own.RawData, own.GetECDsaPrivateKey()!.ExportECPrivateKey()),
        });
        Assert.False(Connect(client, server));
        clock.Step(TimeSpan.FromDays(11));
        Assert.False(Connect(client, server));
    }

    public void Dispose() => _certificates.Dispose();

    private TlsContext Client(TlsSessionStore? store = null, TlsTrust? trust = null) => TlsClientContext.Create(
        new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = trust ?? _certificates.Trust, Sessions = store ?? _store });

    private static bool Connect(TlsContext client, TlsContext server)
    {
        using var pair = new Pair(client, server);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
        pair.Send(pair.Client, "question"u8);
        pair.Receive(pair.Server);
        Assert.Equal("question"u8, pair.Server.Opened.ToArray());
        Assert.Equal(pair.Server.Session.IsResumed, pair.Client.Session.IsResumed);
        return pair.Client.Session.IsResumed;
    }
}
