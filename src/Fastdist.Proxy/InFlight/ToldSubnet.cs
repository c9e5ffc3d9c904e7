using System;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Rules.Actions;
using Fastdist.Settings;

namespace Fastdist.Proxy.InFlight;

/// <summary>What backends that are told clients' networks (RFC 7871) are told of one.</summary>
internal static class ToldSubnet
{
    /// <summary>Whether a query is told its client's network, in the place of one it names if need be, but never against its wish.</summary>
    /// <param name="edns">What the query's EDNS record says.</param>
    /// <param name="decision">What was decided about the query.</param>
    /// <param name="options">The process's settings.</param>
    public static bool IsTold(EdnsTraits edns, in Decision decision, ProxyOptions options)
    {
        // What a rule has put there itself stays.
        if (decision.Has(DecisionNotes.HidesSubnet) || decision.HasAdded((ushort)EdnsOption.ClientSubnet))
        {
            return false;
        }

        bool replaces = decision.Has(DecisionNotes.ReplacesSubnet) || (options.EcsOverride && !decision.Has(DecisionNotes.KeepsSubnet));
        return (edns & EdnsTraits.ClientSubnet) == 0 || (replaces && (edns & EdnsTraits.HiddenSubnet) == 0);
    }

    /// <summary>Which network is told.</summary>
    /// <param name="decision">What was decided about the query.</param>
    /// <param name="peer">The client.</param>
    /// <param name="options">The process's settings.</param>
    /// <param name="prefix">How many bits of it, if the client does not want fewer.</param>
    /// <returns>Its address, 4 or 16 bytes.</returns>
    public static ReadOnlySpan<byte> Choose(in Decision decision, ref readonly SocketAddress peer, ProxyOptions options, out int prefix)
    {
        if (decision.Subnet is { } subnet)
        {
            SubnetToTell network = peer.IsIPv6 ? subnet.V6 : subnet.V4;
            prefix = network.Prefix;
            return network.Address;
        }

        byte decided = peer.IsIPv6 ? decision.PrefixV6 : decision.PrefixV4;
        prefix = decided != Decision.OwnPrefix ? decided : peer.IsIPv6 ? options.EcsSourcePrefixV6 : options.EcsSourcePrefixV4;
        return peer.AddressBytes;
    }
}
