using System;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>Settings of outgoing sessions that every provider honours.</summary>
public abstract class ClientOptionTests(TlsProvider provider)
{
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_demands_a_certificate_gets_the_clients(bool tls12)
    {
        X509Certificate2 certificate = _certificates.Issue("client.example");
        var identity = TlsCertificate.FromDer(certificate.RawData, certificate.GetECDsaPrivateKey()!.ExportECPrivateKey());
        using var pair = new Pair(new TlsClientOptions { ClientCertificate = identity }, tls12: tls12, provider: provider);
        ServerSide.DemandCertificate(pair.Server.Session);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
        Assert.Equal(certificate.RawData, ServerSide.PeerCertificate(pair.Server.Session));
    }

    [Fact]
    public void A_server_that_demands_a_certificate_refuses_a_client_without()
    {
        using var pair = new Pair(provider: provider);
        ServerSide.DemandCertificate(pair.Server.Session);
        pair.Handshake();
        pair.Receive(pair.Client);
        Assert.Equal(TlsStatus.Failed, pair.Client.Status);
        Assert.Contains("certificate required", pair.Client.Session.Error);
    }

    [Theory]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305", "", true, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)]
    [InlineData("", "TLS_CHACHA20_POLY1305_SHA256", false, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256)]
    public void The_cipher_suites_named_are_the_ones_spoken(string ciphers, string ciphersTls13, bool tls12, TlsCipherSuite suite)
    {
        using var pair = new Pair(new TlsClientOptions { Ciphers = ciphers, CiphersTls13 = ciphersTls13 }, tls12: tls12, provider: provider);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
        Assert.Equal((ushort)suite, ServerSide.CipherSuite(pair.Server.Session));
    }

    [Theory, Trait("Row", "C9")]
    [InlineData(TlsVersion.Unknown)]
    [InlineData(TlsVersion.Tls12)]
    public void Without_other_wishes_a_client_offers_ECDHE_with_AEAD_only(TlsVersion most)
    {
        using TlsContext context = TlsClientContext.Create(new TlsClientOptions { Provider = provider, MaxVersion = most });
        using TlsSession session = context.CreateSession();
        var hello = new byte[4096];
        session.Handshake(default, out _, hello, out int length);
        TlsCipherSuite[] offered = ServerSide.OfferedSuites(hello.AsSpan(0, length));
        Assert.Equal(
            [
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            ],
            offered.Where(suite => !suite.ToString().StartsWith("TLS_AES", StringComparison.Ordinal) && suite != TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256));
        Assert.Equal(most == TlsVersion.Tls12 ? 6 : 9, offered.Length);
    }

    [Theory, Trait("Row", "C9")]
    [InlineData("ECDHE-ECDSA-AES128-SHA", false)]
    [InlineData("ECDHE-ECDSA-AES256-GCM-SHA384", true)]
    public void A_server_without_ECDHE_and_AEAD_is_met_by_the_ciphers_that_are_named(string spoken, bool byDefault)
    {
        Assert.Equal(byDefault, Shakes(""));
        Assert.True(Shakes(spoken));

        bool Shakes(string ciphers)
        {
            using TlsContext server = new TlsServerContext(new TlsServerOptions
            {
                Certificates = [TlsCertificate.FromDer(_certificates.Issue() is var certificate ? certificate.RawData : [], certificate.GetECDsaPrivateKey()!.ExportECPrivateKey())],
                MaxVersion = TlsVersion.Tls12,
                Ciphers = spoken,
            });
            using TlsContext client = TlsClientContext.Create(new TlsClientOptions { Provider = provider, Ciphers = ciphers });
            using var pair = new Pair(client, server);
            return pair.Handshake();
        }
    }

    [Theory, Trait("Row", "C5")]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_refuses_the_protocols_name_says_so_and_takes_a_session_without(bool tls12)
    {
        using TlsContext server = TestCertificates.Server(_certificates.Issue(), tls12 ? TlsVersion.Tls12 : TlsVersion.Unknown);
        using TlsContext client = TlsClientContext.Create(new TlsClientOptions { Provider = provider });
        using (var refused = new Pair(client, server))
        {
            ServerSide.RefuseProtocols(refused.Server.Session);
            Assert.False(refused.Handshake());
            refused.Handshake(steps: 1);
            Assert.Equal(TlsFailure.AlertNoApplicationProtocol, refused.Client.Session.Failure);
        }

        client.OffersProtocol = false;
        using var pair = new Pair(client, server);
        ServerSide.RefuseProtocols(pair.Server.Session);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
        Assert.Empty(pair.Client.Session.ApplicationProtocol);
    }

    [Fact, Trait("Row", "C5")]
    public void No_protocol_is_offered_when_none_is_named()
    {
        using var pair = new Pair(new TlsClientOptions { ApplicationProtocol = "" }, provider: provider);
        ServerSide.RefuseProtocols(pair.Server.Session);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
    }

    [Theory]
    [InlineData("ciphers", "NO-SUCH-CIPHER", "")]
    [InlineData("ciphersTLS13", "", "NO_SUCH_CIPHER")]
    public void Ciphers_that_do_not_exist_are_a_configuration_error(string option, string ciphers, string ciphersTls13)
    {
        var error = Assert.Throws<TlsConfigurationException>(
            () => TlsClientContext.Create(new TlsClientOptions { Provider = provider, Ciphers = ciphers, CiphersTls13 = ciphersTls13 }));
        Assert.StartsWith(option, error.Message);
    }

    [Theory]
    [InlineData(TlsVersion.Tls12, TlsVersion.Tls12)]
    [InlineData(TlsVersion.Tls13, TlsVersion.Unknown)]
    public void Versions_outside_the_range_are_not_spoken(TlsVersion least, TlsVersion most)
    {
        using var pair = new Pair(new TlsClientOptions { MinVersion = least, MaxVersion = most }, provider: provider);
        Assert.True(pair.Handshake(), pair.Client.Session.Error);
        Assert.Equal(least, pair.Server.Session.Version);
        Assert.Equal(least, pair.Client.Session.Version);

        using var other = new Pair(new TlsClientOptions { MinVersion = TlsVersion.Tls13 }, tls12: true, provider: provider);
        Assert.False(other.Handshake());
    }
}
