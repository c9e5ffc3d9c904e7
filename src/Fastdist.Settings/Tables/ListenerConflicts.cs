using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Fastdist.Ring;

namespace Fastdist.Settings.Tables;

/// <summary>Finds two flags that would listen in the same place, where each would get a part of what is sent there.</summary>
internal static class ListenerConflicts
{
    /// <summary>A line for each pair.</summary>
    /// <param name="frontends">Where DNS is answered.</param>
    /// <param name="operators">Flags of the console and the web server, with the addresses that are not of Unix sockets.</param>
    public static IEnumerable<string> Find(IReadOnlyList<FrontendOptions> frontends, IEnumerable<(string Flag, EndPoint? Address)> operators)
    {
        var listeners = new List<Listener>();
        foreach (FrontendOptions frontend in frontends)
        {
            foreach (LocalPlace place in frontend.Places())
            {
                string flag = place.Address.Equals(frontend.Address) ? frontend.Flag : $"{frontend.Flag},additionalAddresses={place.Address}";
                listeners.Add(new Listener(flag, place, frontend.HasDatagrams));
            }
        }

        foreach ((string flag, EndPoint? address) in operators)
        {
            if (address is IPEndPoint ip)
            {
                listeners.Add(new Listener($"{flag} {ip}", new LocalPlace(ip), HasDatagrams: false));
            }
        }

        for (int later = 1; later < listeners.Count; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                if (Overlap(listeners[earlier].Place, listeners[later].Place))
                {
                    yield return Describe(listeners[earlier], listeners[later]);
                }
            }
        }
    }

    private static string Describe(Listener earlier, Listener later)
    {
        string protocols = earlier.HasDatagrams && later.HasDatagrams ? "UDP and TCP" : "TCP";
        return earlier.Flag == later.Flag
            ? $"{later.Flag} is given twice: leave one of them out"
            : $"{later.Flag}: {earlier.Flag} listens there already, over {protocols}: give one of them another address or port";
    }

    /// <summary>As the kernel sees it: one port, one family (IPv6 sockets take IPv6 only), an address in common, an interface in common.</summary>
    private static bool Overlap(LocalPlace one, LocalPlace other) =>
        one.Address.Port == other.Address.Port && one.Address.Port != 0
        && one.Address.AddressFamily == other.Address.AddressFamily
        && (one.Address.Address.Equals(other.Address.Address) || IsWildcard(one) || IsWildcard(other))
        && (one.TiedTo.Length == 0 || other.TiedTo.Length == 0 || one.TiedTo == other.TiedTo);

    private static bool IsWildcard(LocalPlace place) =>
        place.Address.Address.Equals(place.Address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any);

    private sealed record Listener(string Flag, LocalPlace Place, bool HasDatagrams);
}
