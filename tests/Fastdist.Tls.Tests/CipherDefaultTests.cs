using System;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Certificates;
using Xunit;

namespace Fastdist.Tls.Tests;

/// <summary>What a frontend speaks in TLS 1.2 unless told otherwise: ECDHE with AEAD (RFC 9325 section 4.2).</summary>
[Trait("Row", "C9")]
public sealed class CipherDefaultTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData("ECDHE-ECDSA-AES128-GCM-SHA256", true)]
    [InlineData("ECDHE-ECDSA-CHACHA20-POLY1305", true)]
    [InlineData("ECDHE-ECDSA-AES128-SHA", false)]
    [InlineData("ECDHE-ECDSA-AES256-SHA384", false)]
    [InlineData("ECDHE-ECDSA-AES256-CCM8", false)]
    public void A_client_without_them_is_served_only_by_a_server_that_names_its_cipher(string spoken, bool byDefault)
    {
        Assert.Equal(byDefault, Shakes(spoken, "", out TlsFailure failure));
        Assert.Equal(byDefault ? TlsFailure.None : TlsFailure.NoSharedCipher, failure);
        Assert.True(Shakes(spoken, spoken, out _));
    }

    public void Dispose() => _certificates.Dispose();

    private bool Shakes(string client, string server, out TlsFailure failure)
    {
        X509Certificate2 certificate = _certificates.Issue();
        using TlsContext serving = new TlsServerContext(new TlsServerOptions
        {
            Certificates = [TlsCertificate.FromDer(certificate.RawData, certificate.GetECDsaPrivateKey()!.ExportECPrivateKey())],
            Ciphers = server,
        });
        using TlsContext asking = TlsClientContext.Create(new TlsClientOptions { Ciphers = client, MaxVersion = TlsVersion.Tls12 });
        using var pair = new Pair(asking, serving);
        bool isDone = pair.Handshake();
        failure = pair.Server.Session.Failure;
        return isDone;
    }
}
