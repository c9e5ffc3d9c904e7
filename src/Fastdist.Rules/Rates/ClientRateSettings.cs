namespace Fastdist.Rules.Rates;

/// <summary>What <c>MaxQPSIPRule</c> is told.</summary>
/// <param name="PerSecond">Queries a second of a client.</param>
/// <param name="Burst">Queries that a client may ask at once.</param>
public sealed record ClientRateSettings(uint PerSecond, uint Burst)
{
    /// <summary>Bits of an IPv4 address that make a client, 0 to 32.</summary>
    public int V4Mask { get; init; } = 32;

    /// <summary>Bits of an IPv6 address that make a client, 0 to 128.</summary>
    public int V6Mask { get; init; } = 64;

    /// <summary>Seconds after which a client that is not seen, and has all its tokens back, is forgotten.</summary>
    public uint Expiration { get; init; } = 300;

    /// <summary>Seconds in which one part of all clients is looked at; with 0 nobody is ever forgotten.</summary>
    public uint CleanupDelay { get; init; } = 60;

    /// <summary>How many such parts there are.</summary>
    public uint ScanFraction { get; init; } = 10;

    /// <summary>A rate whose burst is as large.</summary>
    public ClientRateSettings(uint perSecond)
        : this(perSecond, perSecond)
    {
    }
}
