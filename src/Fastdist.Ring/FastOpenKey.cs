using System;
using System.Buffers.Binary;
using System.Globalization;

namespace Fastdist.Ring;

/// <summary>The key of the cookies of TCP Fast Open (RFC 7413), which servers behind one address share.</summary>
public sealed record FastOpenKey
{
    private const int Words = 4;

    private readonly UInt128 _value;

    private FastOpenKey(UInt128 value) => _value = value;

    internal byte[] Bytes
    {
        get
        {
            byte[] bytes = new byte[Words * sizeof(uint)];
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, _value);
            return bytes;
        }
    }

    /// <summary>Reads a key as net.ipv4.tcp_fastopen_key writes it.</summary>
    /// <exception cref="FormatException">It is none; the message does not repeat it.</exception>
    public static FastOpenKey Parse(string text)
    {
        string[] words = text.Split('-');
        UInt128 value = 0;
        int read = 0;
        while (read < words.Length && words.Length == Words && uint.TryParse(words[read], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word))
        {
            value |= (UInt128)word << (32 * read++);
        }

        return read == Words ? new FastOpenKey(value) : throw new FormatException("expected four hexadecimal numbers of 32 bits with hyphens between them, as in net.ipv4.tcp_fastopen_key");
    }
}
