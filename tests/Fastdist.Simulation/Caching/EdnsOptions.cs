using System;
using System.Buffers.Binary;

namespace Fastdist.Simulation.Caching;

/// <summary>Options of OPT records, read and written in the plainest way.</summary>
internal static class EdnsOptions
{
    /// <summary>An option of nobody's (RFC 6891 section 9).</summary>
    public const ushort Local = 65001;

    private const int HeaderSize = 4;

    /// <summary>An option with its header.</summary>
    public static byte[] Write(ushort code, ReadOnlySpan<byte> data)
    {
        var option = new byte[HeaderSize + data.Length];
        BinaryPrimitives.WriteUInt16BigEndian(option, code);
        BinaryPrimitives.WriteUInt16BigEndian(option.AsSpan(2), (ushort)data.Length);
        data.CopyTo(option.AsSpan(HeaderSize));
        return option;
    }

    /// <summary>Data that means nothing.</summary>
    public static byte[] Filled(int length)
    {
        var data = new byte[length];
        Array.Fill(data, (byte)0xA5);
        return data;
    }

    /// <summary>Takes the first option off.</summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> options, out ushort code, out ReadOnlySpan<byte> data)
    {
        code = 0;
        data = default;
        if (options.Length < HeaderSize)
        {
            return false;
        }

        code = BinaryPrimitives.ReadUInt16BigEndian(options);
        int length = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
        if (options.Length < HeaderSize + length)
        {
            return false;
        }

        data = options.Slice(HeaderSize, length);
        options = options[(HeaderSize + length)..];
        return true;
    }

    /// <summary>The data of the first option with a code.</summary>
    public static bool TryFind(ReadOnlySpan<byte> options, ushort wanted, out ReadOnlySpan<byte> found)
    {
        found = default;
        while (TryTake(ref options, out ushort code, out ReadOnlySpan<byte> data))
        {
            if (code == wanted)
            {
                found = data;
                return true;
            }
        }

        return false;
    }
}
