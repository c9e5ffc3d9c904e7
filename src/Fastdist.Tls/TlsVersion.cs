namespace Fastdist.Tls;

/// <summary>Protocol versions, by the number they have on the wire.</summary>
public enum TlsVersion : ushort
{
    /// <summary>Not agreed yet, or none of the below.</summary>
    Unknown = 0,

    /// <summary>TLS 1.0 (RFC 2246), deprecated by RFC 8996.</summary>
    Tls10 = 0x301,

    /// <summary>TLS 1.1 (RFC 4346), deprecated by RFC 8996.</summary>
    Tls11 = 0x302,

    /// <summary>TLS 1.2 (RFC 5246).</summary>
    Tls12 = 0x303,

    /// <summary>TLS 1.3 (RFC 8446).</summary>
    Tls13 = 0x304,
}
