namespace Fastdist.Settings;

/// <summary>
/// What clients may take of the process, all of them together and each one. Rates are token buckets:
/// so many a second, and <see cref="RateBurstSeconds"/> seconds' worth at once by who took none lately.
/// </summary>
public sealed record ClientLimitOptions
{
    /// <summary>Connections, whole process.</summary>
    public int MaxConnections { get; init; } = 100_000;

    /// <summary>Connections of one client; 0 is no limit.</summary>
    public int MaxConnectionsPerClient { get; init; }

    /// <summary>New connections of one client, per second; 0 is no limit.</summary>
    public int MaxConnectionRatePerClient { get; init; }

    /// <summary>TLS sessions that one client begins with a full handshake, per second; 0 is no limit.</summary>
    public int MaxTlsNewSessionRatePerClient { get; init; }

    /// <summary>TLS sessions that one client resumes, per second; 0 is no limit.</summary>
    public int MaxTlsResumedSessionRatePerClient { get; init; }

    /// <summary>Seconds' worth of a rate that a client may use at once, at least 1.</summary>
    public int RateBurstSeconds { get; init; } = 10;

    /// <summary>Seconds that the connections of a client over one of the rates are refused; 0 refuses only what is over it.</summary>
    public int BanSecondsForRate { get; init; } = 10;

    /// <summary>Reads that one query of a client may take; 0 is no limit.</summary>
    public int MaxReadIosPerQuery { get; init; } = 50;

    /// <summary>Seconds that the connections of a client over <see cref="MaxReadIosPerQuery"/> are refused; 0 is no ban.</summary>
    public int BanSecondsForReadIos { get; init; } = 60;

    /// <summary>Bits of an IPv4 address that tell clients apart, 0 to 32.</summary>
    public int MaskV4 { get; init; } = 32;

    /// <summary>Bits of an IPv6 address that tell clients apart, 0 to 128.</summary>
    public int MaskV6 { get; init; } = 128;

    /// <summary>
    /// Leading bits of the port, 0 to 16, that also tell IPv4 clients apart: carrier-grade NAT gives each
    /// subscriber a range of ports (RFC 6888). Other than 0 only with a <see cref="MaskV4"/> of 32.
    /// </summary>
    public int MaskV4Port { get; init; }
}
