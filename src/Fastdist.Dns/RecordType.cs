namespace Fastdist.Dns;

/// <summary>
/// The TYPE of a record or a question (RFC 1035 3.2.2 and the IANA registry). Values without a name here are
/// as valid as the others: <see cref="RecordTypes"/> writes them as TYPEnnn (RFC 3597 5).
/// </summary>
public enum RecordType : ushort
{
    /// <summary>IPv4 address (RFC 1035).</summary>
    A = 1,

    /// <summary>Authoritative server (RFC 1035).</summary>
    NS = 2,

    /// <summary>Canonical name (RFC 1035).</summary>
    CNAME = 5,

    /// <summary>Start of authority (RFC 1035).</summary>
    SOA = 6,

    /// <summary>Pointer to another name (RFC 1035).</summary>
    PTR = 12,

    /// <summary>Host information (RFC 1035, RFC 8482).</summary>
    HINFO = 13,

    /// <summary>Mail exchange (RFC 1035).</summary>
    MX = 15,

    /// <summary>Text (RFC 1035).</summary>
    TXT = 16,

    /// <summary>Signature (RFC 2535); covering type 0 it is SIG(0), a signature over the message (RFC 2931).</summary>
    SIG = 24,

    /// <summary>Public key (RFC 2535).</summary>
    KEY = 25,

    /// <summary>IPv6 address (RFC 3596).</summary>
    AAAA = 28,

    /// <summary>Location (RFC 1876).</summary>
    LOC = 29,

    /// <summary>Service location (RFC 2782).</summary>
    SRV = 33,

    /// <summary>Naming authority pointer (RFC 3403).</summary>
    NAPTR = 35,

    /// <summary>Certificate (RFC 4398).</summary>
    CERT = 37,

    /// <summary>Redirection of a subtree (RFC 6672).</summary>
    DNAME = 39,

    /// <summary>EDNS pseudo record (RFC 6891).</summary>
    OPT = 41,

    /// <summary>Delegation signer (RFC 4034).</summary>
    DS = 43,

    /// <summary>SSH key fingerprint (RFC 4255).</summary>
    SSHFP = 44,

    /// <summary>DNSSEC signature (RFC 4034).</summary>
    RRSIG = 46,

    /// <summary>Authenticated denial (RFC 4034).</summary>
    NSEC = 47,

    /// <summary>DNSSEC key (RFC 4034).</summary>
    DNSKEY = 48,

    /// <summary>Hashed authenticated denial (RFC 5155).</summary>
    NSEC3 = 50,

    /// <summary>NSEC3 parameters (RFC 5155).</summary>
    NSEC3PARAM = 51,

    /// <summary>Certificate association (RFC 6698).</summary>
    TLSA = 52,

    /// <summary>S/MIME certificate association (RFC 8162).</summary>
    SMIMEA = 53,

    /// <summary>Child's DS (RFC 7344).</summary>
    CDS = 59,

    /// <summary>Child's DNSKEY (RFC 7344).</summary>
    CDNSKEY = 60,

    /// <summary>OpenPGP key (RFC 7929).</summary>
    OPENPGPKEY = 61,

    /// <summary>Child to parent synchronisation (RFC 7477).</summary>
    CSYNC = 62,

    /// <summary>Digest of a zone (RFC 8976).</summary>
    ZONEMD = 63,

    /// <summary>Service binding (RFC 9460).</summary>
    SVCB = 64,

    /// <summary>Service binding for HTTPS (RFC 9460).</summary>
    HTTPS = 65,

    /// <summary>Sender policy, obsolete (RFC 7208).</summary>
    SPF = 99,

    /// <summary>Key exchange (RFC 2930).</summary>
    TKEY = 249,

    /// <summary>Transaction signature over the message (RFC 8945).</summary>
    TSIG = 250,

    /// <summary>Incremental zone transfer (RFC 1995).</summary>
    IXFR = 251,

    /// <summary>Zone transfer (RFC 5936).</summary>
    AXFR = 252,

    /// <summary>Any type (RFC 1035, RFC 8482).</summary>
    ANY = 255,

    /// <summary>Uniform resource identifier (RFC 7553).</summary>
    URI = 256,

    /// <summary>Certification authority authorisation (RFC 8659).</summary>
    CAA = 257,
}
