namespace Fastdist.Proxy.Gates;

/// <summary>How a client asks.</summary>
internal enum ClientProtocol : byte
{
    /// <summary>Datagrams (RFC 1035 section 4.2.1).</summary>
    Udp,

    /// <summary>A stream in the clear (RFC 7766).</summary>
    Tcp,

    /// <summary>A stream within TLS (RFC 7858).</summary>
    Tls,

    /// <summary>HTTP/2 (RFC 8484).</summary>
    Https,
}
