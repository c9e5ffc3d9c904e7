using System.Diagnostics.CodeAnalysis;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Gates;

/// <summary>Askers that ask for clients: they know where a query came from.</summary>
internal interface IClients
{
    /// <summary>Whether clients wait for what comes of their queries.</summary>
    bool AreWaiting { get; }

    /// <summary>Where a query came from, as far as that is still known when its answer comes.</summary>
    /// <param name="entry">The query.</param>
    Origin OriginOf([UnscopedRef] in InFlightEntry entry);
}
