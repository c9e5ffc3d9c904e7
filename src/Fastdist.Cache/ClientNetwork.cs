using System;
using Fastdist.Cache.Answers;

namespace Fastdist.Cache;

/// <summary>What backends are told of a client's network (RFC 7871), which answers may depend on. Refers to memory of the caller's.</summary>
public readonly ref struct ClientNetwork
{
    private ClientNetwork(NetworkKind kind, ReadOnlySpan<byte> address = default, int prefix = 0)
    {
        Kind = kind;
        Address = address;
        Prefix = prefix;
    }

    /// <summary>None is told.</summary>
    public static ClientNetwork Untold => default;

    /// <summary>What is told: <see cref="NetworkKind.Untold"/>, <see cref="NetworkKind.Hidden"/> or <see cref="NetworkKind.One"/>.</summary>
    public NetworkKind Kind { get; }

    /// <summary>The network's address, 4 or 16 bytes, of which the prefix counts.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>SOURCE PREFIX-LENGTH, bits.</summary>
    public int Prefix { get; }

    /// <summary>Whether it is told in the place of what the client itself said, or though it said nothing: then its answer speaks of none.</summary>
    public bool IsOurs { get; init; }

    /// <summary>A network is told.</summary>
    /// <param name="address">Its address, 4 or 16 bytes.</param>
    /// <param name="prefix">Its bits; with none it is hidden.</param>
    /// <param name="isOurs">As of <see cref="IsOurs"/>.</param>
    public static ClientNetwork Of(ReadOnlySpan<byte> address, int prefix, bool isOurs) => new(prefix == 0 ? NetworkKind.Hidden : NetworkKind.One, address, prefix) { IsOurs = isOurs };
}
