using System.Collections.Generic;
using System.Net;
using Fastdist.Ring;

namespace Fastdist.Settings.Tables;

/// <summary>Finds two flags that would listen in the same place, where each would get a part of what is sent there.</summary>
public static class ListenerConflicts
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
                if (listeners[earlier].Place.Overlaps(listeners[later].Place))
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

    private sealed record Listener(string Flag, LocalPlace Place, bool HasDatagrams);
}
