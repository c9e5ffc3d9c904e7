namespace Fastdist.Dns;

/// <summary>Why a query failed, beyond its RCODE: the INFO-CODE of an extended DNS error (RFC 8914 4).</summary>
public enum ExtendedError : ushort
{
    /// <summary>An error that has no code of its own; the text may say more.</summary>
    Other = 0,

    /// <summary>A resolver does not know any of the DNSKEY algorithms.</summary>
    UnsupportedDnskeyAlgorithm = 1,

    /// <summary>A resolver does not know any of the DS digest types.</summary>
    UnsupportedDSDigestType = 2,

    /// <summary>The answer comes from a cache and is past its lifetime (RFC 8767).</summary>
    StaleAnswer = 3,

    /// <summary>The answer was made up for reasons of policy.</summary>
    ForgedAnswer = 4,

    /// <summary>Validation ended in the indeterminate state.</summary>
    DnssecIndeterminate = 5,

    /// <summary>Validation ended in the bogus state.</summary>
    DnssecBogus = 6,

    /// <summary>A signature is past its lifetime.</summary>
    SignatureExpired = 7,

    /// <summary>A signature's lifetime has not begun.</summary>
    SignatureNotYetValid = 8,

    /// <summary>The DS record matches no DNSKEY.</summary>
    DnskeyMissing = 9,

    /// <summary>Signatures are missing.</summary>
    RrsigsMissing = 10,

    /// <summary>No DNSKEY has the zone key bit set.</summary>
    NoZoneKeyBitSet = 11,

    /// <summary>The proof of non-existence is missing.</summary>
    NsecMissing = 12,

    /// <summary>The failure comes from a cache.</summary>
    CachedError = 13,

    /// <summary>The server is not up to full function yet.</summary>
    NotReady = 14,

    /// <summary>The name is on a block list of the server's operator.</summary>
    Blocked = 15,

    /// <summary>The name is on a block list that an outside party imposed.</summary>
    Censored = 16,

    /// <summary>The name is on a block list that the client asked for.</summary>
    Filtered = 17,

    /// <summary>The client may not use this server.</summary>
    Prohibited = 18,

    /// <summary>A name error from a cache, past its lifetime.</summary>
    StaleNXDomainAnswer = 19,

    /// <summary>The server is not authoritative for the name and was not asked to recurse.</summary>
    NotAuthoritative = 20,

    /// <summary>The operation or query is not supported.</summary>
    NotSupported = 21,

    /// <summary>No server that could answer was reached.</summary>
    NoReachableAuthority = 22,

    /// <summary>An error on the network stood between the server and an answer.</summary>
    NetworkError = 23,

    /// <summary>The data for the name is unusable.</summary>
    InvalidData = 24,
}
