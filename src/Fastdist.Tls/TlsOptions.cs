using System.Collections.Generic;

namespace Fastdist.Tls;

/// <summary>What implements a session.</summary>
public enum TlsProvider : byte
{
    /// <summary>The linked OpenSSL, called directly.</summary>
    OpenSsl,

    /// <summary>.NET's SslStream over spans; outgoing sessions only.</summary>
    SslStream,
}

/// <summary>Settings of both directions; every context is configured from them by one function.</summary>
public abstract record TlsOptions
{
    /// <summary>Cipher list for TLS 1.2 and older, in OpenSSL's syntax; empty for the library's.</summary>
    public string Ciphers { get; init; } = "";

    /// <summary>Cipher suites for TLS 1.3, separated by colons; empty for the library's.</summary>
    public string CiphersTls13 { get; init; } = "";

    /// <summary>Groups for the key exchange, best first, separated by colons; empty for the library's.</summary>
    public string Curves { get; init; } = "";

    /// <summary>Lowest protocol version spoken.</summary>
    public TlsVersion MinVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>Highest protocol version spoken; <see cref="TlsVersion.Unknown"/> for the library's.</summary>
    public TlsVersion MaxVersion { get; init; }

    /// <summary>Where the secrets of sessions are noted for a packet analyser; null nowhere.</summary>
    public TlsKeyLog? KeyLog { get; init; }
}

/// <summary>Settings of outgoing sessions.</summary>
public sealed record TlsClientOptions : TlsOptions
{
    /// <summary>What implements the sessions.</summary>
    public TlsProvider Provider { get; init; }

    /// <summary>Name sent as SNI and checked in the certificate (RFC 6125); null when only an address is checked.</summary>
    public string? SubjectName { get; init; }

    /// <summary>IP address checked in the certificate's iPAddress names; null when a name is checked.</summary>
    public string? SubjectAddress { get; init; }

    /// <summary>Authorities to trust; null turns validation off.</summary>
    public TlsTrust? Trust { get; init; }

    /// <summary>ALPN protocol offered (RFC 7301), ASCII.</summary>
    public string ApplicationProtocol { get; init; } = "dot";
}

/// <summary>Settings of incoming sessions.</summary>
public sealed record TlsServerOptions : TlsOptions
{
    /// <summary>What to present; the first is for clients whose name none matches.</summary>
    public required IReadOnlyList<TlsCertificate> Certificates { get; init; }

    /// <summary>ALPN protocol selected when the client offers it (RFC 7301), ASCII.</summary>
    public string ApplicationProtocol { get; init; } = "dot";
}
