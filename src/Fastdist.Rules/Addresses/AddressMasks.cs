using System;
using System.Buffers.Binary;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Rules.Addresses;

/// <summary>How much of a client's address counts: those that are the same up to there are one client.</summary>
public readonly record struct AddressMasks
{
    private readonly uint _v4;
    private readonly ushort _port;
    private readonly ulong _high;
    private readonly ulong _low;

    /// <summary>Masks of so many bits.</summary>
    /// <param name="v4Bits">Of IPv4, 0 to 32.</param>
    /// <param name="v6Bits">Of IPv6, 0 to 128.</param>
    /// <param name="portBits">Leading bits of the port, 0 to 16, for clients behind one IPv4 address that have a range of ports each; without effect unless all of an
    /// IPv4 address counts.</param>
    public AddressMasks(int v4Bits, int v6Bits, int portBits = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(v4Bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(v4Bits, 32);
        ArgumentOutOfRangeException.ThrowIfNegative(v6Bits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(v6Bits, 128);
        ArgumentOutOfRangeException.ThrowIfNegative(portBits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(portBits, 16);
        (V4Bits, V6Bits, PortBits) = (v4Bits, v6Bits, v4Bits == 32 ? portBits : 0);
        _v4 = (uint)(ulong.MaxValue << (32 - v4Bits));
        _port = (ushort)(0xFFFF << (16 - PortBits));
        _high = Leading(Math.Min(v6Bits, 64));
        _low = Leading(Math.Max(v6Bits - 64, 0));
    }

    /// <summary>Bits of IPv4 that count.</summary>
    public int V4Bits { get; }

    /// <summary>Bits of IPv6 that count.</summary>
    public int V6Bits { get; }

    /// <summary>Bits of an IPv4 client's port that count.</summary>
    public int PortBits { get; }

    /// <summary>Whether all keys are told apart by <see cref="AddressKey.High"/> alone.</summary>
    public bool IsNarrow => V6Bits <= 64 && PortBits == 0;

    /// <summary>What a client is counted under.</summary>
    public AddressKey KeyOf(in SocketAddress client)
    {
        ReadOnlySpan<byte> bytes = client.AddressBytes;
        if (!client.IsIPv6)
        {
            return AddressKey.OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes) & _v4, (ushort)(client.Port & _port));
        }

        // A multicast address is seen as one before the mask.
        AddressKey whole = AddressKey.OfIPv6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        return whole.High >> 56 == 0xFF ? whole : new AddressKey(whole.High & _high, whole.Low & _low);
    }

    // A shift by 64 is one by 0.
    private static ulong Leading(int bits) => bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
}
