using System.Linq;
using System.Net;
using Fastdist.Settings;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Proxy.Gates;

/// <summary>The interface that a query came through, as far as the settings bind its frontend to one.</summary>
internal static class IncomingInterface
{
    /// <summary>Its name; empty without one.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="bound">The address that the frontend's socket is bound to.</param>
    public static string Of(ProxyOptions options, in SocketAddress bound)
    {
        IPEndPoint address = bound.ToEndPoint();
        return options.Frontends.FirstOrDefault(frontend => frontend.Interface.Length > 0 && frontend.AdditionalAddresses.Prepend(frontend.Address).Contains(address))?.Interface ?? "";
    }
}
