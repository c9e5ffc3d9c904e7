using System;
using System.Collections.Generic;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Tickets;

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
    /// <summary>
    /// Cipher list for TLS 1.2 and older, in OpenSSL's syntax; empty for ECDHE with AEAD (RFC 9325 section 4.2, and what RFC
    /// 9113 section 9.2.2 leaves of them), and where older versions are spoken what those need besides.
    /// </summary>
    public string Ciphers { get; init; } = "";

    /// <summary>Cipher suites for TLS 1.3, separated by colons; empty for the library's.</summary>
    public string CiphersTls13 { get; init; } = "";

    /// <summary>Groups for the key exchange, best first, separated by colons; empty for the library's.</summary>
    public string Curves { get; init; } = "";

    /// <summary>Lowest protocol version spoken.</summary>
    public TlsVersion MinVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>Highest protocol version spoken; <see cref="TlsVersion.Unknown"/> for the library's.</summary>
    public TlsVersion MaxVersion { get; init; }

    /// <summary>Whether a peer may renegotiate a TLS 1.2 session (RFC 5746).</summary>
    public bool AllowRenegotiation { get; init; }

    /// <summary>Tells the date, by which certificates and what was derived from them end.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where the secrets of sessions are noted for a packet analyser; null nowhere.</summary>
    public TlsKeyLog? KeyLog { get; init; }
}

/// <summary>Settings of outgoing sessions.</summary>
public sealed record TlsClientOptions : TlsOptions
{
    /// <summary>What implements the sessions.</summary>
    public TlsProvider Provider { get; init; }

    /// <summary>
    /// Name sent as SNI (RFC 6066 section 3) and checked in the certificate (RFC 6125): A-labels without a final dot, never
    /// an address; null when only an address is checked.
    /// </summary>
    public string? SubjectName { get; init; }

    /// <summary>IP address checked in the certificate's iPAddress names; null when a name is checked.</summary>
    public string? SubjectAddress { get; init; }

    /// <summary>Authorities to trust; null turns validation of chain and name off.</summary>
    public TlsTrust? Trust { get; init; }

    /// <summary>
    /// Keys one of which must be the server's (RFC 7858 section 4.2); none, and no key is asked for. With
    /// <see cref="Trust"/> both must hold, and the key may be any of the validated chain's. Without, it must be
    /// the server's own, and neither name nor dates of the certificate matter.
    /// </summary>
    public IReadOnlyList<TlsPin> Pins { get; init; } = [];

    /// <summary>What to present to a server that asks for a certificate; null nothing.</summary>
    public TlsCertificate? ClientCertificate { get; init; }

    /// <summary>Where sessions are kept for resumption, one store a backend; null, and every handshake is a full one.</summary>
    public TlsSessionStore? Sessions { get; init; }

    /// <summary>ALPN protocol offered (RFC 7301), ASCII; empty for none.</summary>
    public string ApplicationProtocol { get; init; } = "dot";
}

/// <summary>Settings of incoming sessions.</summary>
public sealed record TlsServerOptions : TlsOptions
{
    /// <summary>
    /// Groups that cost a server at most a millisecond. OpenSSL's own default has the finite fields as well, of which
    /// ffdhe8192 costs it more than a hundred at any client's wish.
    /// </summary>
    public const string DefaultCurves = "X25519:P-256:P-384";

    /// <summary>Curves are <see cref="DefaultCurves"/> unless others are given.</summary>
    public TlsServerOptions() => Curves = DefaultCurves;

    /// <summary>What to present; the first is for clients whose name none matches.</summary>
    public required IReadOnlyList<TlsCertificate> Certificates { get; init; }

    /// <summary>Whether our order of ciphers counts, with ChaCha20 first for clients that put it first.</summary>
    public bool PreferServerCiphers { get; init; } = true;

    /// <summary>ALPN protocols selected when the client offers them (RFC 7301), the best first, ASCII.</summary>
    public IReadOnlyList<string> ApplicationProtocols { get; init; } = ["dot"];

    /// <summary>Whether clients get tickets to resume with (RFC 5077, RFC 8446 section 4.6.1).</summary>
    public bool SessionTickets { get; init; } = true;

    /// <summary>Keys of the tickets, shared by every context whose clients may resume at another; null for keys of the context's own.</summary>
    public TicketKeyStore? TicketKeys { get; init; }

    /// <summary>For how long a session may be resumed, seconds, at most a week; 0 for the library's two hours.</summary>
    public int SessionTimeout { get; init; }

    /// <summary>Where sessions of clients without tickets are remembered, shared like the keys; null nowhere.</summary>
    public StoredSessions? StoredSessions { get; init; }
}
