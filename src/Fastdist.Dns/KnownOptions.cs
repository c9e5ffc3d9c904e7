using System;

namespace Fastdist.Dns;

/// <summary>Which of the options that matter to a proxy an OPT holds.</summary>
[Flags]
internal enum KnownOptions : byte
{
    None = 0,

    /// <summary>edns-client-subnet, whatever its data.</summary>
    ClientSubnet = 1,

    /// <summary>edns-tcp-keepalive, whatever its data.</summary>
    Keepalive = 2,

    /// <summary>edns-tcp-keepalive without data, the only form that a query may have (RFC 7828 3.2.1).</summary>
    EmptyKeepalive = 4,

    /// <summary>Padding of any length and content.</summary>
    Padding = 8,

    /// <summary>edns-client-subnet of SOURCE PREFIX-LENGTH 0, of whatever family: the client's network is not to be told (RFC 7871 7.1.2).</summary>
    HiddenSubnet = 16,

    /// <summary>Keepalive speaks of one connection, padding of one ciphertext: neither goes further than the next hop.</summary>
    HopByHop = Keepalive | Padding,
}
