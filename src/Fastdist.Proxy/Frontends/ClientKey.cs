using System;
using Fastdist.Ring;
using Fastdist.Settings;

namespace Fastdist.Proxy.Frontends;

/// <summary>What tells one client from another: the bits of its address, and of its port, that <see cref="ClientMask"/> leaves.</summary>
internal readonly record struct ClientKey(UInt128 Address, ushort Port, bool IsIPv6)
{
    private static readonly ulong s_seedLow = (ulong)Random.Shared.NextInt64();
    private static readonly ulong s_seedHigh = (ulong)Random.Shared.NextInt64();

    /// <summary>
    /// Seeded, and with a product of both halves: a client has 2^64 addresses to choose from, and those of
    /// .NET's own hash collide for whoever keeps the exclusive or of an address's words the same.
    /// </summary>
    public override int GetHashCode()
    {
        ulong high = Math.BigMul((ulong)Address ^ s_seedLow, (ulong)(Address >> 64) ^ s_seedHigh, out ulong low);
        return HashCode.Combine((int)(high ^ low), (int)((high ^ low) >> 32), Port, IsIPv6);
    }
}

/// <summary>How many bits of an address and a port are the client, made ready.</summary>
internal sealed class ClientMask(ClientLimitOptions options)
{
    private readonly UInt128 _v4 = options.MaskV4 == 0 ? 0 : uint.MaxValue << (32 - options.MaskV4);
    private readonly UInt128 _v6 = options.MaskV6 == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - options.MaskV6);
    private readonly ushort _portV4 = (ushort)(0xFFFF0000 >> options.MaskV4Port);

    /// <summary>The client that an address belongs to.</summary>
    public ClientKey Of(in SocketAddress peer)
    {
        UInt128 address = UInt128.Zero;
        foreach (byte value in peer.AddressBytes)
        {
            address = (address << 8) | value;
        }

        return peer.IsIPv6 ? new ClientKey(address & _v6, 0, true) : new ClientKey(address & _v4, (ushort)(peer.Port & _portV4), false);
    }
}
