using System;
using System.Buffers.Binary;
using Fastdist.Dns;

namespace Fastdist.Simulation.Caching;

/// <summary>What a client asks, and how: everything that answers may depend on, and what they must not.</summary>
/// <param name="Topic">The name.</param>
/// <param name="Type">A or AAAA.</param>
internal sealed record Wish(Topic Topic, RecordType Type)
{
    /// <summary>RD, AD and CD as they stand in a header.</summary>
    public ushort Flags { get; init; }

    /// <summary>DO (RFC 3225).</summary>
    public bool DnssecOk { get; init; }

    /// <summary>The client's cookie (RFC 7873); null for none.</summary>
    public ulong? Cookie { get; init; }

    /// <summary>Whether it asks who answers (RFC 5001).</summary>
    public bool WantsNsid { get; init; }

    /// <summary>The network that it names itself (RFC 7871); null for none.</summary>
    public ToldNetwork? Network { get; init; }

    /// <summary>The options of its OPT record.</summary>
    /// <param name="localLength">Bytes of an option of nobody's.</param>
    public byte[] Options(int localLength)
    {
        byte[] local = localLength > 0 ? EdnsOptions.Write(EdnsOptions.Local, EdnsOptions.Filled(localLength)) : [];
        byte[] network = Network is { } told ? EdnsOptions.Write((ushort)EdnsOption.ClientSubnet, told.Write(scope: 0)) : [];
        byte[] cookie = [];
        if (Cookie is { } value)
        {
            var data = new byte[8];
            BinaryPrimitives.WriteUInt64BigEndian(data, value);
            cookie = EdnsOptions.Write((ushort)EdnsOption.Cookie, data);
        }

        byte[] nsid = WantsNsid ? EdnsOptions.Write((ushort)EdnsOption.Nsid, default) : [];
        return [.. local, .. network, .. cookie, .. nsid];
    }
}

/// <summary>A network as an option tells it, of IPv4.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Prefix">Its bits; 0 where it is hidden.</param>
internal readonly record struct ToldNetwork(uint Address, int Prefix)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address >> 24}.{(byte)(Address >> 16)}.{(byte)(Address >> 8)}.{(byte)Address}/{Prefix}";

    /// <summary>Whether two networks have so many first bits in common.</summary>
    public bool Shares(ToldNetwork other, int bits) => bits == 0 || (bits <= Prefix && bits <= other.Prefix && (Address ^ other.Address) >> (32 - bits) == 0);

    /// <summary>The option's data.</summary>
    public byte[] Write(int scope)
    {
        Span<byte> address = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(address, Prefix == 0 ? 0 : Address & (uint.MaxValue << (32 - Prefix)));
        return [0, 1, (byte)Prefix, (byte)scope, .. address[..((Prefix + 7) / 8)]];
    }

    /// <summary>Reads such data.</summary>
    public static ToldNetwork Read(ReadOnlySpan<byte> data)
    {
        Span<byte> address = stackalloc byte[4];
        address.Clear();
        data[4..].CopyTo(address);
        return new ToldNetwork(BinaryPrimitives.ReadUInt32BigEndian(address), data[2]);
    }
}
