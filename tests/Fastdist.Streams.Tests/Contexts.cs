using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;

namespace Fastdist.Streams.Tests;

/// <summary>A server with a certificate of its own making, and clients that do not look at it.</summary>
internal sealed class Contexts : IDisposable
{
    public Contexts(TlsProvider provider)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=dot.example.net", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Server = new TlsServerContext(new TlsServerOptions { Certificates = [TlsCertificate.FromDer(certificate.RawData, key.ExportECPrivateKey())] });
        Client = TlsClientContext.Create(new TlsClientOptions { Provider = provider });
    }

    public TlsContext Server { get; }

    public TlsContext Client { get; }

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
