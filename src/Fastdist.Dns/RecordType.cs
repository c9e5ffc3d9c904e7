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

    /// <summary>Mailbox, experimental (RFC 1035).</summary>
    MB = 7,

    /// <summary>Mail group, experimental (RFC 1035).</summary>
    MG = 8,

    /// <summary>Renamed mailbox, experimental (RFC 1035).</summary>
    MR = 9,

    /// <summary>Pointer to another name (RFC 1035).</summary>
    PTR = 12,

    /// <summary>Host information (RFC 1035, RFC 8482).</summary>
    HINFO = 13,

    /// <summary>Mailbox information, experimental (RFC 1035).</summary>
    MINFO = 14,

    /// <summary>Mail exchange (RFC 1035).</summary>
    MX = 15,

    /// <summary>Text (RFC 1035).</summary>
    TXT = 16,

    /// <summary>Responsible person (RFC 1183).</summary>
    RP = 17,

    /// <summary>Location of a file system (RFC 1183).</summary>
    AFSDB = 18,

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

    /// <summary>Key exchanger (RFC 2230).</summary>
    KX = 36,

    /// <summary>Certificate (RFC 4398).</summary>
    CERT = 37,

    /// <summary>IPv6 address in parts, historic (RFC 6563).</summary>
    A6 = 38,

    /// <summary>Redirection of a subtree (RFC 6672).</summary>
    DNAME = 39,

    /// <summary>EDNS pseudo record (RFC 6891).</summary>
    OPT = 41,

    /// <summary>Lists of address prefixes (RFC 3123).</summary>
    APL = 42,

    /// <summary>Delegation signer (RFC 4034).</summary>
    DS = 43,

    /// <summary>SSH key fingerprint (RFC 4255).</summary>
    SSHFP = 44,

    /// <summary>Key for IPsec (RFC 4025).</summary>
    IPSECKEY = 45,

    /// <summary>DNSSEC signature (RFC 4034).</summary>
    RRSIG = 46,

    /// <summary>Authenticated denial (RFC 4034).</summary>
    NSEC = 47,

    /// <summary>DNSSEC key (RFC 4034).</summary>
    DNSKEY = 48,

    /// <summary>Identity of a DHCP client (RFC 4701).</summary>
    DHCID = 49,

    /// <summary>Hashed authenticated denial (RFC 5155).</summary>
    NSEC3 = 50,

    /// <summary>NSEC3 parameters (RFC 5155).</summary>
    NSEC3PARAM = 51,

    /// <summary>Certificate association (RFC 6698).</summary>
    TLSA = 52,

    /// <summary>S/MIME certificate association (RFC 8162).</summary>
    SMIMEA = 53,

    /// <summary>Key for resource records.</summary>
    RKEY = 57,

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

    /// <summary>Where a parent is notified (RFC 9859).</summary>
    DSYNC = 66,

    /// <summary>Hierarchical host identity (RFC 9886).</summary>
    HHIT = 67,

    /// <summary>Broadcast of an aircraft's identity (RFC 9886).</summary>
    BRID = 68,

    /// <summary>Sender policy, obsolete (RFC 7208).</summary>
    SPF = 99,

    /// <summary>Node identifier (RFC 6742).</summary>
    NID = 104,

    /// <summary>Locator of 32 bits (RFC 6742).</summary>
    L32 = 105,

    /// <summary>Locator of 64 bits (RFC 6742).</summary>
    L64 = 106,

    /// <summary>Pointer to locators (RFC 6742).</summary>
    LP = 107,

    /// <summary>Link-layer address of 48 bits (RFC 7043).</summary>
    EUI48 = 108,

    /// <summary>Link-layer address of 64 bits (RFC 7043).</summary>
    EUI64 = 109,

    /// <summary>Says that a name does not exist (RFC 9824).</summary>
    NXNAME = 128,

    /// <summary>Key exchange (RFC 2930).</summary>
    TKEY = 249,

    /// <summary>Transaction signature over the message (RFC 8945).</summary>
    TSIG = 250,

    /// <summary>Incremental zone transfer (RFC 1995).</summary>
    IXFR = 251,

    /// <summary>Zone transfer (RFC 5936).</summary>
    AXFR = 252,

    /// <summary>Mailbox records, query only (RFC 1035).</summary>
    MAILB = 253,

    /// <summary>Mail agents, obsolete, query only (RFC 1035).</summary>
    MAILA = 254,

    /// <summary>Any type (RFC 1035, RFC 8482).</summary>
    ANY = 255,

    /// <summary>Uniform resource identifier (RFC 7553).</summary>
    URI = 256,

    /// <summary>Certification authority authorisation (RFC 8659).</summary>
    CAA = 257,

    /// <summary>Relay for multicast (RFC 8777).</summary>
    AMTRELAY = 260,

    /// <summary>What a resolver can do (RFC 9606).</summary>
    RESINFO = 261,

    /// <summary>Identifiers of wallets.</summary>
    WALLET = 262,

    /// <summary>Trust anchors without a signed root.</summary>
    TA = 32768,

    /// <summary>Look-aside validation, historic (RFC 8749).</summary>
    DLV = 32769,
}
