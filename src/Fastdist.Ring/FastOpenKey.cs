using System;
using System.Buffers.Binary;
using System.Globalization;

namespace Fastdist.Ring;

/// <summary>The key of the cookies of TCP Fast Open (RFC 7413), which servers behind one address share.</summary>
public sealed class FastOpenKey
{
    private const int Words = 4;
    private readonly byte[] _bytes;

    private FastOpenKey(byte[] bytes) => _bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads a key as net.ipv4.tcp_fastopen_key writes it.</summary>
    /// <exception cref="FormatException">It is none; the message does not repeat it.</exception>
    public static FastOpenKey Parse(string text)
    {
        string[] words = text.Split('-');
        var bytes = new byte[Words * sizeof(uint)];
        int read = 0;
        while (read < words.Length && words.Length == Words && uint.TryParse(words[read], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint word))
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(read++ * sizeof(uint)), word);
        }

        return read == Words ? new FastOpenKey(bytes) : throw new FormatException("expected four hexadecimal numbers of 32 bits with hyphens between them, as in net.ipv4.tcp_fastopen_key");
    }
}
