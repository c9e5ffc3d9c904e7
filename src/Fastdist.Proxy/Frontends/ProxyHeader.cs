using System;
using System.Buffers.Binary;
using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>What the bytes received so far are as a PROXY header.</summary>
internal enum ProxyHeaderResult : byte
{
    /// <summary>The beginning of a header: read on. A datagram that ends so is invalid.</summary>
    NeedMore,

    /// <summary>A whole header.</summary>
    Complete,

    /// <summary>No header that we take: close the connection, drop the datagram.</summary>
    Invalid,
}

/// <summary>
/// The PROXY protocol's binary header (version 2, haproxy's proxy-protocol.txt 2.2), which a load balancer in front
/// sends before anything else to tell whom it speaks for.
/// </summary>
internal readonly struct ProxyHeader
{
    /// <summary>Size of signature, version, command, family and length, in bytes: the least that a header takes.</summary>
    internal const int FixedSize = 16;

    /// <summary>Largest header taken unless the operator says otherwise, in bytes: dnsdist's.</summary>
    internal const int DefaultMaxSize = 512;

    private const int VersionOffset = 12;
    private const int FamilyOffset = 13;
    private const int LengthOffset = 14;

    /// <summary>The upper four bits of byte 12 are the version, the lower four the command.</summary>
    private const byte LocalCommand = 0x20;
    private const byte ProxyCommand = 0x21;

    /// <summary>The upper four bits of byte 13: AF_UNSPEC is 0, AF_UNIX 3.</summary>
    private const int IPv4Family = 1;
    private const int IPv6Family = 2;
    private const int LastFamily = 3;

    /// <summary>The lower four bits of byte 13: UNSPEC is 0, STREAM 1, DGRAM 2.</summary>
    private const int UnspecifiedTransport = 0;
    private const int LastTransport = 2;

    private ProxyHeader(int size)
    {
        Size = size;
    }

    private ProxyHeader(int size, SocketAddress source)
        : this(size)
    {
        HasSource = true;
        Source = source;
    }

    /// <summary>The header's size in bytes, <see cref="FixedSize"/> or more, when it is complete; the rest is the client's.</summary>
    internal int Size { get; }

    /// <summary>
    /// Whether it tells a source. If not, the peer itself is the client: the command is LOCAL, as for the health checks
    /// of whoever sends it, or the family or transport is none of ours (UNSPEC, AF_UNIX).
    /// </summary>
    internal bool HasSource { get; }

    /// <summary>The client's address and port, when <see cref="HasSource"/>; whether it came over TCP or UDP is not kept.</summary>
    internal SocketAddress Source { get; }

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>
    /// Reads a header at the beginning of what was received; ask again with more when it says so. A sender of something
    /// else is told by its first wrong byte. TLVs after the addresses are skipped unread.
    /// </summary>
    /// <param name="data">All bytes received so far.</param>
    /// <param name="maxSize">Largest header to take, <see cref="FixedSize"/> included, in bytes.</param>
    /// <param name="header">What the header says, when Complete.</param>
    internal static ProxyHeaderResult Read(ReadOnlySpan<byte> data, int maxSize, out ProxyHeader header)
    {
        header = default;
        int compared = Math.Min(data.Length, Signature.Length);
        if (!data[..compared].SequenceEqual(Signature[..compared]))
        {
            return ProxyHeaderResult.Invalid;
        }

        if (data.Length > VersionOffset && data[VersionOffset] is not (LocalCommand or ProxyCommand))
        {
            return ProxyHeaderResult.Invalid;
        }

        if (data.Length < FixedSize)
        {
            return ProxyHeaderResult.NeedMore;
        }

        int payload = BinaryPrimitives.ReadUInt16BigEndian(data[LengthOffset..]);
        int size = FixedSize + payload;
        int addressSize = data[VersionOffset] == LocalCommand ? 0 : AddressSize(data[FamilyOffset]);
        if (size > maxSize || addressSize < 0 || payload < AddressesSize(addressSize))
        {
            return ProxyHeaderResult.Invalid;
        }

        if (data.Length < size)
        {
            return ProxyHeaderResult.NeedMore;
        }

        header = addressSize == 0 ? new ProxyHeader(size) : new ProxyHeader(size, SourceIn(data[FixedSize..size], addressSize));
        return ProxyHeaderResult.Complete;
    }

    /// <summary>Bytes of an address that we read; 0 for one that is skipped, -1 for a family or transport that is not defined.</summary>
    private static int AddressSize(byte familyAndTransport)
    {
        (int family, int transport) = (familyAndTransport >> 4, familyAndTransport & 0xF);
        return (family, transport) switch
        {
            ( > LastFamily, _) or (_, > LastTransport) => -1,
            (_, UnspecifiedTransport) => 0,
            (IPv4Family, _) => 4,
            (IPv6Family, _) => 16,
            _ => 0,
        };
    }

    /// <summary>Bytes of source and destination with their ports, in the order address, address, port, port.</summary>
    private static int AddressesSize(int addressSize) => addressSize == 0 ? 0 : 2 * (addressSize + sizeof(ushort));

    private static SocketAddress SourceIn(ReadOnlySpan<byte> payload, int addressSize) =>
        SocketAddress.From(payload[..addressSize], BinaryPrimitives.ReadUInt16BigEndian(payload[(2 * addressSize)..]));
}
