using System;
using System.Buffers.Binary;

namespace Fastdist.Streams.Tests;

/// <summary>What can be told of records from outside (RFC 8446 section 5.1).</summary>
internal static class Records
{
    private const int HeaderSize = 5;

    public static int Count(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        for (; !bytes.IsEmpty; count++)
        {
            bytes = bytes[(HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]))..];
        }

        return count;
    }
}
