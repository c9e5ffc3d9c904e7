using System;
using Fastdist.Cache;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Ring;
using Fastdist.Settings;

namespace Fastdist.Proxy.Gates;

/// <summary>Finds out which network of a client backends are told, as their answers may depend on it.</summary>
internal static class ClientNetworks
{
    /// <summary>Bytes of the longest address.</summary>
    public const int AddressSize = 16;

    /// <summary>Finds it out.</summary>
    /// <param name="query">The query that goes to a backend.</param>
    /// <param name="decision">What was decided about it.</param>
    /// <param name="peer">The client.</param>
    /// <param name="tells">Whether backends of its pool are told.</param>
    /// <param name="options">The process's settings.</param>
    /// <param name="room">For an address: <see cref="AddressSize"/> bytes.</param>
    /// <param name="network">The network.</param>
    /// <returns>False when the query names one that cannot be understood.</returns>
    public static bool TryFind(scoped in Query query, scoped in Decision decision, scoped ref readonly SocketAddress peer, bool tells, ProxyOptions options, Span<byte> room, out ClientNetwork network)
    {
        network = default;
        bool isNamed = (query.Edns & EdnsTraits.ClientSubnet) != 0;
        if (!isNamed && !tells)
        {
            return true;
        }

        int length = 0, own = 0;
        if (isNamed && !CacheKey.TryReadNetwork(in query, room, out length, out own))
        {
            return false;
        }

        if (tells && ToldSubnet.IsTold(query.Edns, in decision, options))
        {
            ReadOnlySpan<byte> address = ToldSubnet.Choose(in decision, in peer, options, out int prefix);
            address.CopyTo(room);
            network = ClientNetwork.Of(room[..address.Length], isNamed && decision.Subnet is null ? Math.Min(prefix, own) : prefix, isOurs: true);
        }
        else if (isNamed)
        {
            network = ClientNetwork.Of(room[..length], own, isOurs: false);
        }

        return true;
    }
}
