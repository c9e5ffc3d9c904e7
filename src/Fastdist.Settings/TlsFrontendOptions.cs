using System.Collections.Generic;
using Fastdist.Tls;
using Fastdist.Tls.Certificates;
using Fastdist.Tls.Tickets;

namespace Fastdist.Settings;

/// <summary>The TLS of a frontend, with the names and units an operator writes.</summary>
public sealed record TlsFrontendOptions
{
    /// <summary>What is presented; the first is for clients whose name none matches.</summary>
    public IReadOnlyList<TlsCertificateFile> Certificates { get; init; } = [];

    /// <summary>DER files of OCSP responses, the n-th for the n-th certificate.</summary>
    public IReadOnlyList<string> OcspResponses { get; init; } = [];

    /// <summary>Ciphers of TLS 1.2 and older, in OpenSSL's syntax; empty for ECDHE with AEAD.</summary>
    public string Ciphers { get; init; } = "";

    /// <summary>Cipher suites of TLS 1.3; empty for OpenSSL's default.</summary>
    public string CiphersTls13 { get; init; } = "";

    /// <summary>Groups for the key exchange, separated by colons.</summary>
    public string EcdheCurves { get; init; } = TlsServerOptions.DefaultCurves;

    /// <summary>Lowest version spoken.</summary>
    public TlsVersion MinTlsVersion { get; init; } = TlsVersion.Tls12;

    /// <summary>Whether our order of ciphers counts, not the client's.</summary>
    public bool PreferServerCiphers { get; init; } = true;

    /// <summary>Whether clients get tickets.</summary>
    public bool SessionTickets { get; init; } = true;

    /// <summary>Where ticket keys come from; frontends with equal settings share one store.</summary>
    public TicketKeyOptions TicketKeys { get; init; } = new();

    /// <summary>Seconds a ticket or stored session is good for.</summary>
    public int SessionTimeout { get; init; } = 7200;

    /// <summary>Sessions kept for clients without tickets, whole process.</summary>
    public int NumberOfStoredSessions { get; init; }

    /// <summary>Whether an idle session gives its record buffers back.</summary>
    public bool ReleaseBuffers { get; init; } = true;

    /// <summary>Whether a TLS 1.2 client may renegotiate.</summary>
    public bool EnableRenegotiation { get; init; }

    /// <summary>Which answers are padded (RFC 8467).</summary>
    public ResponsePadding PadResponses { get; init; } = ResponsePadding.Asked;

    /// <summary>Whether answers that leave together share TLS records, for clients that look for more than one message in a record.</summary>
    public bool CoalesceAnswers { get; init; }

    /// <summary>File that the secrets of sessions are appended to; empty for none.</summary>
    public string KeyLogFile { get; init; } = "";

    /// <summary>Whether a frontend whose certificates cannot be used is left out instead of ending the start.</summary>
    public bool IgnoreConfigurationErrors { get; init; }
}

/// <summary>Where ticket keys come from and how long one is the active one.</summary>
public sealed record TicketKeyOptions
{
    /// <summary>Keys kept, the active one included; 0 turns tickets off.</summary>
    public int NumberOfKeys { get; init; } = TicketKeyStore.DefaultCapacity;

    /// <summary>
    /// Seconds until the next key, or the length of a period with a secret file; 0 keeps the key for ever.
    /// Null is <see cref="TicketKeyRotation.DefaultDelay"/>, but no rotation with a key file: a random key of
    /// one node's own would be unknown to the others that have the file.
    /// </summary>
    public int? RotationDelay { get; init; }

    /// <summary>File of keys, 80 bytes each, the last is active; empty for random keys.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>File with a secret that keys are derived from; empty for none.</summary>
    public string SecretFile { get; init; } = "";
}
