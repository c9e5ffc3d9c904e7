using System;
using System.Buffers.Binary;
using System.Diagnostics;

namespace Fastdist.Dns;

/// <summary>edns-client-subnet in queries (RFC 7871): tells a backend the network that a query comes from.</summary>
public static class ClientSubnet
{
    /// <summary>Most bytes of option data: family, both prefix lengths and a whole IPv6 address.</summary>
    public const int MaxSize = FixedSize + IPv6Size;

    private const int FixedSize = 4;
    private const int IPv4Size = 4;
    private const int IPv6Size = 16;

    /// <summary>FAMILY, as IANA numbers address families (RFC 7871 6).</summary>
    private const ushort IPv4Family = 1;
    private const ushort IPv6Family = 2;

    /// <summary>
    /// Adds the option to a query. It does not look for another one, which <see cref="Query.HasClientSubnet"/> tells of.
    /// </summary>
    /// <param name="buffer">The query, and room for the option: at most 24 bytes.</param>
    /// <param name="length">The query's length in bytes.</param>
    /// <param name="address">The client's address, 4 or 16 bytes in network order.</param>
    /// <param name="sourcePrefix">SOURCE PREFIX-LENGTH: leading bits of the address to tell, 0 to 32 or 128.</param>
    /// <returns>As <see cref="EdnsEdit"/> says.</returns>
    public static bool TryAdd(Span<byte> buffer, ref int length, ReadOnlySpan<byte> address, int sourcePrefix)
    {
        Span<byte> data = stackalloc byte[MaxSize];
        int size = Write(data, address, sourcePrefix);
        return EdnsEdit.TryAddOption(buffer, ref length, EdnsOption.ClientSubnet, data[..size]);
    }

    /// <summary>
    /// Writes the option's data: SCOPE PREFIX-LENGTH is 0, ADDRESS has the bytes that the prefix reaches and zeros for
    /// the bits beyond it (RFC 7871 6).
    /// </summary>
    /// <param name="destination">Receives the data; <see cref="MaxSize"/> bytes are always enough.</param>
    /// <param name="address">The client's address, 4 or 16 bytes in network order.</param>
    /// <param name="sourcePrefix">Leading bits of the address to tell, 0 to 32 or 128.</param>
    /// <returns>Bytes written, 4 to 20; 0 when <paramref name="destination"/> is too small.</returns>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> address, int sourcePrefix)
    {
        Debug.Assert(address.Length is IPv4Size or IPv6Size, "an address has 4 or 16 bytes");
        Debug.Assert((uint)sourcePrefix <= (uint)(address.Length * 8), "a prefix is no longer than the address");
        int told = (sourcePrefix + 7) / 8;
        int size = FixedSize + told;
        if (destination.Length < size)
        {
            return 0;
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination, address.Length == IPv4Size ? IPv4Family : IPv6Family);
        destination[2] = (byte)sourcePrefix;
        destination[3] = 0;
        address[..told].CopyTo(destination[FixedSize..]);
        if (sourcePrefix % 8 != 0)
        {
            destination[size - 1] &= (byte)(0xFF00 >> (sourcePrefix % 8));
        }

        return size;
    }
}
