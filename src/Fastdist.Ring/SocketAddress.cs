using System;
using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>
/// An IPv4 or IPv6 socket address in the kernel's own form (struct sockaddr_in / sockaddr_in6),
/// so that it goes to a system call without conversion. One that is made of an IPv4-mapped address (RFC 4291 section
/// 2.5.5.2) is the IPv4 address in it: lists, limits and backends are to see one client, not two.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Capacity)]
public unsafe struct SocketAddress : IEquatable<SocketAddress>
{
    /// <summary>Bytes of the larger form, sockaddr_in6.</summary>
    public const int Capacity = 28;

    internal const ushort FamilyIPv4 = 2;
    internal const ushort FamilyIPv6 = 10;

    [FieldOffset(0)]
    private ushort _family;
    [FieldOffset(2)]
    private ushort _portNetworkOrder;
    [FieldOffset(4)]
    private uint _addressV4;
    [FieldOffset(8)]
    private fixed byte _addressV6[16];
    [FieldOffset(24)]
    private uint _scope;

    /// <summary>Converts from .NET's form, scope included.</summary>
    public static SocketAddress From(IPEndPoint endPoint)
    {
        SocketAddress result = default;
        IPAddress address = Unmapped(endPoint.Address);
        result._portNetworkOrder = BinaryPrimitives.ReverseEndianness((ushort)endPoint.Port);
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            result._family = FamilyIPv4;
            address.TryWriteBytes(new Span<byte>(&result._addressV4, 4), out _);
        }
        else
        {
            result._family = FamilyIPv6;
            address.TryWriteBytes(new Span<byte>(result._addressV6, 16), out _);
            result._scope = (uint)address.ScopeId;
        }

        return result;
    }

    /// <summary>Makes an address of its bytes as they stand in messages; the scope is 0. Allocates nothing.</summary>
    /// <param name="address">4 bytes for IPv4 or 16 for IPv6, network order.</param>
    /// <param name="port">Port, host order.</param>
    public static SocketAddress From(ReadOnlySpan<byte> address, ushort port)
    {
        Debug.Assert(address.Length is 4 or 16, "an address has 4 or 16 bytes");
        address = address.StartsWith(MappedPrefix) ? address[MappedPrefix.Length..] : address;
        SocketAddress result = default;
        result._portNetworkOrder = BinaryPrimitives.ReverseEndianness(port);
        if (address.Length == 4)
        {
            result._family = FamilyIPv4;
            result._addressV4 = MemoryMarshal.Read<uint>(address);
        }
        else
        {
            result._family = FamilyIPv6;
            address.CopyTo(new Span<byte>(result._addressV6, 16));
        }

        return result;
    }

    /// <summary>Reads an address written as text (RFC 4291 section 2.2), without scope; the port is 0. Allocates nothing.</summary>
    /// <returns>False when it is none.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out SocketAddress address)
    {
        const int LongestText = 45;
        address = default;
        if (text.Length is 0 or > LongestText || text.Contains((byte)0))
        {
            return false;
        }

        // Zero-terminated, as the C library wants it.
        byte* copy = stackalloc byte[LongestText + 1];
        text.CopyTo(new Span<byte>(copy, LongestText));
        copy[text.Length] = 0;
        bool isIPv6 = text.Contains((byte)':');
        byte* bytes = stackalloc byte[16];
        if (Libc.ParseAddress(isIPv6 ? FamilyIPv6 : FamilyIPv4, copy, bytes) != 1)
        {
            return false;
        }

        address = From(new ReadOnlySpan<byte>(bytes, isIPv6 ? 16 : 4), port: 0);
        return true;
    }

    /// <summary>What the kernel reports of a socket that is not for IPv6 only is still to be un-mapped.</summary>
    internal readonly SocketAddress Unmapped() => AddressBytes.StartsWith(MappedPrefix) ? From(AddressBytes, Port) : this;

    /// <summary>The IPv4 address that an IPv4-mapped one stands for; any other as it is.</summary>
    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>True for IPv6.</summary>
    public readonly bool IsIPv6 => _family == FamilyIPv6;

    /// <summary>Port, host order.</summary>
    public readonly ushort Port => BinaryPrimitives.ReverseEndianness(_portNetworkOrder);

    /// <summary>The interface an IPv6 link-local address belongs to, else 0.</summary>
    public readonly uint Scope => IsIPv6 ? _scope : 0;

    /// <summary>What the kernel calls addrlen: 16 or 28.</summary>
    public readonly int Length => IsIPv6 ? Capacity : 16;

    /// <summary>The 4 or 16 address bytes, network order.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<byte> AddressBytes => IsIPv6
        ? MemoryMarshal.CreateReadOnlySpan(in _addressV6[0], 16)
        : MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in _addressV4));

    /// <summary>What the first 12 bytes of an IPv4-mapped address are.</summary>
    private static ReadOnlySpan<byte> MappedPrefix => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF];

    /// <summary>Back to .NET's form; allocates, so for logs and start-up only.</summary>
    public readonly IPEndPoint ToEndPoint() => new(
        IsIPv6 ? new IPAddress(AddressBytes, _scope) : new IPAddress(AddressBytes), Port);

    /// <inheritdoc/>
    public readonly bool Equals(SocketAddress other) =>
        _family == other._family && _portNetworkOrder == other._portNetworkOrder
        && Scope == other.Scope && AddressBytes.SequenceEqual(other.AddressBytes);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is SocketAddress other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() =>
        HashCode.Combine(_portNetworkOrder, MemoryMarshal.Read<uint>(AddressBytes[^4..]));

    /// <summary>Equality by family, address, port and scope.</summary>
    public static bool operator ==(SocketAddress left, SocketAddress right) => left.Equals(right);

    /// <summary>Inequality by family, address, port and scope.</summary>
    public static bool operator !=(SocketAddress left, SocketAddress right) => !left.Equals(right);

    /// <summary>Text as <c>192.0.2.1:53</c> or <c>[2001:db8::1]:53</c>.</summary>
    public override readonly string ToString() => ToEndPoint().ToString();
}
