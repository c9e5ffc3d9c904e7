using System;
using Fastdist.Tls.Interop;

namespace Fastdist.Tls;

/// <summary>A certificate with its private key, parsed once and shared by every context that presents it.</summary>
public sealed unsafe class TlsCertificate
{
    private readonly byte[] _certificate;
    private readonly byte[] _privateKey;

    private TlsCertificate(byte[] certificate, byte[] privateKey) => (_certificate, _privateKey) = (certificate, privateKey);

    /// <summary>A certificate without a chain, and its EC key.</summary>
    /// <param name="certificate">X.509 certificate, DER.</param>
    /// <param name="privateKey">Its EC private key (RFC 5915), DER.</param>
    public static TlsCertificate FromDer(ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> privateKey) => new(certificate.ToArray(), privateKey.ToArray());

    /// <summary>Has a context present it.</summary>
    internal void UseIn(SslContext context)
    {
        fixed (byte* certificateBytes = _certificate, keyBytes = _privateKey)
        {
            if (OpenSsl.SSL_CTX_use_certificate_ASN1(context.Pointer, _certificate.Length, certificateBytes) != 1
                || OpenSsl.SSL_CTX_use_PrivateKey_ASN1(OpenSsl.EvpPkeyEc, context.Pointer, keyBytes, _privateKey.Length) != 1)
            {
                throw new TlsConfigurationException($"server certificate: {TlsErrors.TakeQueue()}");
            }
        }
    }
}
