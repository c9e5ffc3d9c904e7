using System;

namespace Fastdist.Dns;

/// <summary>What of a message's OPT record matters to a proxy. Options are told only of an OPT of version 0 in which all of them are well-formed.</summary>
[Flags]
public enum EdnsTraits : byte
{
    /// <summary>There is no sound OPT.</summary>
    None = 0,

    /// <summary>There is a sound OPT (RFC 6891), so that an answer may have one.</summary>
    HasOpt = 1,

    /// <summary>edns-client-subnet (RFC 7871), whatever its data, so that none is to be added.</summary>
    ClientSubnet = 2,

    /// <summary>edns-client-subnet of SOURCE PREFIX-LENGTH 0, of whatever family: the client's network is not to be told (RFC 7871 7.1.2).</summary>
    HiddenSubnet = 4,

    /// <summary>edns-tcp-keepalive (RFC 7828), whatever its data.</summary>
    Keepalive = 8,

    /// <summary>
    /// edns-tcp-keepalive without data, by which a query asks for one; means nothing over UDP (RFC 7828 3.2.1). One with a TIMEOUT, which
    /// only answers may have, asks for nothing.
    /// </summary>
    EmptyKeepalive = 16,

    /// <summary>Padding of any length and content, so that a padded answer is owed where the transport is encrypted (RFC 7830 4).</summary>
    Padding = 32,

    /// <summary>Keepalive speaks of one connection, padding of one ciphertext: neither goes further than the next hop.</summary>
    HopByHop = Keepalive | Padding,
}
