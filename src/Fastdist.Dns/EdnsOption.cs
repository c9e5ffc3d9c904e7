namespace Fastdist.Dns;

/// <summary>Codes of the EDNS options that the proxy reads or writes (IANA: DNS EDNS0 Option Codes).</summary>
public enum EdnsOption : ushort
{
    /// <summary>NSID: which of its servers answered (RFC 5001).</summary>
    Nsid = 3,

    /// <summary>edns-client-subnet: the network that a query comes from (RFC 7871).</summary>
    ClientSubnet = 8,

    /// <summary>Cookies, by which client and server know each other again (RFC 7873).</summary>
    Cookie = 10,

    /// <summary>edns-tcp-keepalive: how long a connection may be idle (RFC 7828).</summary>
    TcpKeepalive = 11,

    /// <summary>Padding: bytes without meaning that hide a message's length (RFC 7830).</summary>
    Padding = 12,

    /// <summary>Extended DNS error: why a query failed (RFC 8914).</summary>
    ExtendedError = 15,
}
