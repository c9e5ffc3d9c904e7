namespace Fastdist.Dns;

/// <summary>
/// The outcome of a query. Values up to 15 fit the header (RFC 1035 4.1.1); larger ones put their upper
/// eight bits in the OPT record (RFC 6891 6.1.3) and so need EDNS.
/// </summary>
public enum Rcode : byte
{
    /// <summary>No error.</summary>
    NoError = 0,

    /// <summary>The server could not interpret the query.</summary>
    FormErr = 1,

    /// <summary>The server could not process the query.</summary>
    ServFail = 2,

    /// <summary>The name does not exist.</summary>
    NXDomain = 3,

    /// <summary>The server does not support this kind of query.</summary>
    NotImp = 4,

    /// <summary>The server refuses for reasons of policy.</summary>
    Refused = 5,

    /// <summary>A name exists that should not (RFC 2136).</summary>
    YXDomain = 6,

    /// <summary>A record set exists that should not (RFC 2136).</summary>
    YXRRSet = 7,

    /// <summary>A record set does not exist that should (RFC 2136).</summary>
    NXRRSet = 8,

    /// <summary>The server is not authoritative for the zone, or is not authorised (RFC 2136, RFC 8945).</summary>
    NotAuth = 9,

    /// <summary>A name is not within the zone (RFC 2136).</summary>
    NotZone = 10,

    /// <summary>The EDNS version is not supported (RFC 6891); the same value is TSIG's BADSIG.</summary>
    BadVers = 16,

    /// <summary>The server wants a valid cookie (RFC 7873).</summary>
    BadCookie = 23,
}
