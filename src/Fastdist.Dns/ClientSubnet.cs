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

    /// <summary>Longest SOURCE PREFIX-LENGTH there is, in bits: a whole IPv6 address.</summary>
    public const int MaxPrefix = IPv6Size * 8;

    private const int PrefixOffset = 2;
    private const int ScopeOffset = 3;

    /// <summary>
    /// Puts this option into a query in the place of those it has, and tells no more bits than the shortest of them did,
    /// whichever family that was of: how much is told is the client's to say (RFC 7871 7.1.2).
    /// </summary>
    /// <param name="buffer">The query, and room for the option: at most 24 bytes.</param>
    /// <param name="length">The query's length in bytes.</param>
    /// <param name="address">The client's address, 4 or 16 bytes in network order.</param>
    /// <param name="sourcePrefix">SOURCE PREFIX-LENGTH: leading bits of the address to tell at most, 0 to 32 or 128.</param>
    /// <returns>As <see cref="EdnsEdit"/> says.</returns>
    public static bool TryReplace(Span<byte> buffer, ref int length, ReadOnlySpan<byte> address, int sourcePrefix)
    {
        if (!EditableOpt.TryFind(buffer, length, out EditableOpt opt))
        {
            return false;
        }

        Span<byte> data = stackalloc byte[MaxSize];
        int size = Write(data, address, Math.Min(sourcePrefix, ShortestPrefix(opt.Options)));
        opt.Remove(EdnsOption.ClientSubnet, EdnsOption.ClientSubnet);
        length = opt.Length;
        return EdnsEdit.TryAddOption(buffer, ref length, EdnsOption.ClientSubnet, data[..size]);
    }

    /// <summary>
    /// Puts a network that the operator names into a query with an OPT, in the place of those it has, whatever they told.
    /// </summary>
    /// <param name="buffer">The query, and room for the option: at most 24 bytes.</param>
    /// <param name="length">The query's length in bytes.</param>
    /// <param name="address">The network's address, 4 or 16 bytes in network order.</param>
    /// <param name="sourcePrefix">SOURCE PREFIX-LENGTH: leading bits of the address to tell, 0 to 32 or 128.</param>
    /// <returns>As <see cref="EdnsEdit"/> says.</returns>
    public static bool TrySet(Span<byte> buffer, ref int length, ReadOnlySpan<byte> address, int sourcePrefix)
    {
        Span<byte> data = stackalloc byte[MaxSize];
        int size = Write(data, address, sourcePrefix);
        return EdnsEdit.TrySetOption(buffer, ref length, EdnsOption.ClientSubnet, data[..size], addOpt: false, out _);
    }

    /// <summary>
    /// Adds the option to a query. It does not look for another one, which <see cref="EdnsTraits.ClientSubnet"/> tells of.
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

    /// <summary>Reads the data of an option that is formed as RFC 7871 section 6 has it: as many address bytes as the prefix reaches, and zeros beyond it.</summary>
    /// <param name="data">The option's data, a query's or an answer's.</param>
    /// <param name="address">Receives the network's address, 16 bytes at most, the bits beyond the prefix being zero.</param>
    /// <param name="addressLength">Bytes of it, 4 or 16. One of family 0 without address, by which some clients hide, counts as 4.</param>
    /// <param name="sourcePrefix">SOURCE PREFIX-LENGTH, 0 to 32 or 128.</param>
    /// <param name="scopePrefix">SCOPE PREFIX-LENGTH, 0 to 32 or 128: 0 in a sound query.</param>
    public static bool TryRead(ReadOnlySpan<byte> data, Span<byte> address, out int addressLength, out int sourcePrefix, out int scopePrefix)
    {
        addressLength = sourcePrefix = scopePrefix = 0;
        if (data.Length < FixedSize)
        {
            return false;
        }

        ushort family = BinaryPrimitives.ReadUInt16BigEndian(data);
        int source = data[PrefixOffset], scope = data[ScopeOffset];
        int length = family == IPv6Family ? IPv6Size : IPv4Size;
        ReadOnlySpan<byte> told = data[FixedSize..];
        bool isFamily = family is IPv4Family or IPv6Family || (family == 0 && source == 0);
        if (!isFamily || source > length * 8 || scope > length * 8 || told.Length != (source + 7) / 8 || address.Length < length || HasBitsBeyond(told, source))
        {
            return false;
        }

        (addressLength, sourcePrefix, scopePrefix) = (length, source, scope);
        address[..length].Clear();
        told.CopyTo(address);
        return true;
    }

    /// <summary>Sets SCOPE PREFIX-LENGTH in the data of an answer's option, which has at least the 4 bytes before its address.</summary>
    /// <param name="data">The option's data.</param>
    /// <param name="scopePrefix">Bits, 0 to 32 or 128.</param>
    public static void SetScope(Span<byte> data, int scopePrefix) => data[ScopeOffset] = (byte)scopePrefix;

    /// <summary>SOURCE PREFIX-LENGTH of an option's data, 0 to 255; <see cref="MaxPrefix"/> of data too short to tell one.</summary>
    internal static int SourcePrefix(ReadOnlySpan<byte> data) => data.Length > PrefixOffset ? data[PrefixOffset] : MaxPrefix;

    private static bool HasBitsBeyond(ReadOnlySpan<byte> told, int prefix) => prefix % 8 != 0 && (told[^1] & (0xFF >> (prefix % 8))) != 0;

    private static int ShortestPrefix(ReadOnlySpan<byte> options)
    {
        int shortest = MaxPrefix;
        for (int offset = 0; offset < options.Length;)
        {
            int end = OptRecord.EndOfOption(options, offset);
            if (OptRecord.OptionCode(options, offset) == EdnsOption.ClientSubnet)
            {
                shortest = Math.Min(shortest, SourcePrefix(options[(offset + OptRecord.OptionHeaderSize)..end]));
            }

            offset = end;
        }

        return shortest;
    }
}
