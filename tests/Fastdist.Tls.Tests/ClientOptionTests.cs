using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
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
