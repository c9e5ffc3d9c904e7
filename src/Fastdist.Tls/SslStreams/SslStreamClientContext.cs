using System.Collections.Generic;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Fastdist.Tls.Interop;
using Fastdist.Tls.OpenSslSessions;

namespace Fastdist.Tls.SslStreams;

/// <summary>
/// Outgoing sessions of .NET's SslStream. Every handshake is a full one: the sessions that .NET could resume are
/// the process's, found by name, not a backend's, and used more than once. A server whose certificate is refused
/// gets no alert, since SslStream verifies when its own part of the handshake is over.
/// </summary>
internal sealed class SslStreamClientContext : TlsContext
{
    private const SslProtocols NoProtocol = SslProtocols.None;

    private readonly TlsClientOptions _options;
    private readonly CipherSuitesPolicy _ciphers;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly X509Certificate2Collection _authorities;
    private readonly SslProtocols _protocols;
    private readonly nint _store;

    /// <exception cref="TlsConfigurationException">The provider cannot honour a setting, or it is wrong.</exception>
    public SslStreamClientContext(TlsClientOptions options)
    {
        Refuse(options.Curves.Length > 0, "ecdheCurves");
        Refuse(options.KeyLog is not null, "keyLogFile");
        Refuse(options.Sessions is not null, "session resumption");
        Refuse(options.AllowRenegotiation, "enableRenegotiation");
        Refuse(options.MinVersion < TlsVersion.Tls12, $"minTLSVersion={options.MinVersion}");
        _options = options;
        _protocols = Protocols(options);
        Refuse(_protocols == NoProtocol, $"maxTLSVersion={options.MaxVersion}");
        if (options.SubjectName is not { Length: > 0 } && options.SubjectAddress is { Length: > 0 } address && !IPAddress.TryParse(address, out _))
        {
            throw new TlsConfigurationException($"subjectAddr '{address}': not an IP address");
        }

        // OpenSSL reads the settings that .NET has another notation for, so that both providers take the same.
        using var settings = new SslContext(isServer: false, options, this);
        _ciphers = CiphersOf(settings);
        if (options.ClientCertificate is { } certificate)
        {
            certificate.UseIn(settings);
            _certificate = ClientCertificate.Of(settings);
        }

        // A file that only OpenSSL can read shows now, not on a shard.
        _authorities = options.Trust?.Authorities ?? [];
        if (options.Trust is { } trust)
        {
            OpenSsl.X509_STORE_up_ref(trust.Store);
            _store = trust.Store;
        }
    }

    /// <inheritdoc/>
    public override TlsSession CreateSession()
    {
        var verification = new ServerVerification(_options, _store);
        return new SslStreamSession(this, verification, new SslClientAuthenticationOptions
        {
            TargetHost = _options.SubjectName is { Length: > 0 } name ? name : _options.SubjectAddress ?? "",
            ApplicationProtocols = OffersProtocol && _options.ApplicationProtocol is { Length: > 0 } protocol ? [new SslApplicationProtocol(protocol)] : null,
            EnabledSslProtocols = _protocols,
            AllowRenegotiation = false,
            AllowTlsResume = false,
            CipherSuitesPolicy = _ciphers,
            ClientCertificateContext = _certificate,
            CertificateChainPolicy = ChainPolicy(),
            RemoteCertificateValidationCallback = verification.Verify,
        });
    }

    /// <inheritdoc/>
    protected override void Free() => OpenSsl.X509_STORE_free(_store);

    // A session's own, as SslStream adds to it what the server presented.
    private X509ChainPolicy ChainPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    private static SslProtocols Protocols(TlsClientOptions options)
    {
        TlsVersion most = options.MaxVersion == TlsVersion.Unknown ? TlsVersion.Tls13 : options.MaxVersion;
        return (options.MinVersion <= TlsVersion.Tls12 && most >= TlsVersion.Tls12 ? SslProtocols.Tls12 : NoProtocol)
            | (options.MinVersion <= TlsVersion.Tls13 && most >= TlsVersion.Tls13 ? SslProtocols.Tls13 : NoProtocol);
    }

    private static CipherSuitesPolicy CiphersOf(SslContext settings)
    {
        nint ciphers = OpenSsl.SSL_CTX_get_ciphers(settings.Pointer);
        var suites = new List<TlsCipherSuite>();
        for (int i = 0; i < OpenSsl.OPENSSL_sk_num(ciphers); i++)
        {
            suites.Add((TlsCipherSuite)OpenSsl.SSL_CIPHER_get_protocol_id(OpenSsl.OPENSSL_sk_value(ciphers, i)));
        }

        return new CipherSuitesPolicy(suites);
    }

    private static void Refuse(bool isAsked, string option)
    {
        if (isAsked)
        {
            throw new TlsConfigurationException($"{option}: tls=sslstream cannot honour it; tls=openssl can");
        }
    }
}
