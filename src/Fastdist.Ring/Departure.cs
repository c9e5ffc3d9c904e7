using System.Net;

namespace Fastdist.Ring;

/// <summary>How what is sent to a backend leaves this host.</summary>
/// <param name="Source">The address that it comes from; null for the kernel's choice.</param>
/// <param name="Interface">The interface that it leaves by; empty for the kernel's choice.</param>
/// <param name="Dscp">What routers go by (RFC 2474), 0 to 63.</param>
/// <param name="IsPortChosenLate">
/// Whether the port is chosen at connect, where one that is in use towards another destination will do (IP_BIND_ADDRESS_NO_PORT); says something where
/// there is a source.
/// </param>
public sealed record Departure(IPAddress? Source = null, string Interface = "", int Dscp = 0, bool IsPortChosenLate = true)
{
    /// <summary>As the kernel has it.</summary>
    public static Departure Any { get; } = new();
}
