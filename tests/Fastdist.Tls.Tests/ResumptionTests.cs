using System;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Interop;
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
        _store.Put([1, 2, 3]);
        Client().Dispose();
        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void Bytes_that_are_no_session_cost_only_the_resumption()
    {
        using TlsContext server = TestCertificates.Server(_certificate);
        using TlsContext client = Client();
        _store.Put([1, 2, 3]);
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

    public void Dispose() => _certificates.Dispose();

    private TlsContext Client() =>
        TlsClientContext.Create(new TlsClientOptions { SubjectName = TestCertificates.ServerName, Trust = _certificates.Trust, Sessions = _store });

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
