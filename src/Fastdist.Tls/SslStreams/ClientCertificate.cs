using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;

namespace Fastdist.Tls.SslStreams;

/// <summary>A certificate with its key and chain, carried from OpenSSL, which read the files, to .NET.</summary>
internal static unsafe class ClientCertificate
{
    /// <summary>What a context was set up to present.</summary>
    /// <exception cref="TlsConfigurationException">It is of a kind that .NET cannot present.</exception>
    public static SslStreamCertificateContext Of(SslContext settings)
    {
        try
        {
            return Carry(settings);
        }
        catch (CryptographicException exception)
        {
            throw new TlsConfigurationException($"client certificate: tls=sslstream cannot use it: {exception.Message}");
        }
    }

    private static SslStreamCertificateContext Carry(SslContext settings)
    {
        using X509Certificate2 certificate = Load(OpenSsl.SSL_CTX_get0_certificate(settings.Pointer));
        nint chain;
        OpenSsl.SSL_CTX_ctrl(settings.Pointer, OpenSsl.CtrlGetExtraChain, 0, &chain);
        var issuers = new X509Certificate2Collection();
        for (int i = 0; i < OpenSsl.OPENSSL_sk_num(chain); i++)
        {
            issuers.Add(Load(OpenSsl.OPENSSL_sk_value(chain, i)));
        }

        return SslStreamCertificateContext.Create(WithKey(certificate, OpenSsl.SSL_CTX_get0_privatekey(settings.Pointer)), issuers, offline: true);
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, nint key)
    {
        nint packed = OpenSsl.EVP_PKEY2PKCS8(key);
        byte[] pkcs8 = Der.Encode(packed, OpenSsl.i2d_PKCS8_PRIV_KEY_INFO);
        OpenSsl.PKCS8_PRIV_KEY_INFO_free(packed);
        try
        {
            switch (OpenSsl.EVP_PKEY_get_base_id(key))
            {
                case OpenSsl.EvpPkeyEc:
                    using (var curve = ECDsa.Create())
                    {
                        curve.ImportPkcs8PrivateKey(pkcs8, out _);
                        return certificate.CopyWithPrivateKey(curve);
                    }

                case OpenSsl.EvpPkeyRsa:
                    using (var rsa = RSA.Create())
                    {
                        rsa.ImportPkcs8PrivateKey(pkcs8, out _);
                        return certificate.CopyWithPrivateKey(rsa);
                    }

                default:
                    throw new TlsConfigurationException("client certificate: tls=sslstream takes RSA and EC keys only");
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static X509Certificate2 Load(nint certificate) => X509CertificateLoader.LoadCertificate(Der.Encode(certificate, OpenSsl.i2d_X509));
}
