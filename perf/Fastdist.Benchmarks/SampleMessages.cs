using System;
using System.Buffers.Binary;

namespace Fastdist.Benchmarks;

/// <summary>Messages as the load comparison sends them.</summary>
internal static class SampleMessages
{
    /// <summary>A query for n00000.bench.example, 38 bytes.</summary>
    public static byte[] Query() =>
    [
        0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0,
        .. "\u0006n00000\u0005bench\u0007example\0"u8, 0, 1, 0, 1,
    ];

    /// <summary>The same with an OPT record, 49 bytes, as resolvers send it.</summary>
    public static byte[] QueryWithEdns()
    {
        byte[] query = [.. Query(), 0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0];
        query[11] = 1;
        return query;
    }

    /// <summary>Copies of a message behind their lengths, as on a stream.</summary>
    public static byte[] Framed(byte[] message, int count)
    {
        var frames = new byte[count * (2 + message.Length)];
        for (var i = 0; i < count; i++)
        {
            var at = i * (2 + message.Length);
            BinaryPrimitives.WriteUInt16BigEndian(frames.AsSpan(at), (ushort)message.Length);
            message.CopyTo(frames, at + 2);
        }
        return frames;
    }
}
