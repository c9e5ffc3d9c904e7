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

    /// <summary>The client wishes that none be told.</summary>
    public static ClientNetwork Hidden => new(NetworkKind.Hidden);

    /// <summary>What is told: <see cref="NetworkKind.Untold"/>, <see cref="NetworkKind.Hidden"/> or <see cref="NetworkKind.One"/>.</summary>
    public NetworkKind Kind { get; }

    /// <summary>The network's address, 4 or 16 bytes, of which the prefix counts.</summary>
    public ReadOnlySpan<byte> Address { get; }

    /// <summary>SOURCE PREFIX-LENGTH, bits.</summary>
    public int Prefix { get; }

    /// <summary>A network is told.</summary>
    /// <param name="address">Its address, 4 or 16 bytes.</param>
    /// <param name="prefix">Its bits; with none it is hidden.</param>
    public static ClientNetwork Of(ReadOnlySpan<byte> address, int prefix) => prefix == 0 ? Hidden : new ClientNetwork(NetworkKind.One, address, prefix);
}
