using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Fastdist.Fuzz;

/// <summary>Makes a hostile message out of well-formed ones: some of each damage that a parser may be blind to.</summary>
internal static class Mutator
{
    private static readonly ushort[] s_numbers =
        [0, 1, 2, 3, 10, 11, 12, 24, 28, 41, 63, 64, 65, 250, 251, 252, 255, 256, 512, 0x7FFF, 0x8000, 0xC000, 0xC00C, 0xFFFF];

    internal static byte[] Mutate(Random random, IReadOnlyList<byte[]> seeds)
    {
        byte[] message = [.. seeds[random.Next(seeds.Count)]];
        for (int steps = random.Next(6); steps > 0 && message.Length > 0; steps--)
        {
            message = Step(random, message, seeds);
        }

        return message;
    }

    private static byte[] Step(Random random, byte[] message, IReadOnlyList<byte[]> seeds)
    {
        int at = random.Next(message.Length);
        switch (random.Next(8))
        {
            case 0:
                message[at] ^= (byte)(1 << random.Next(8));
                return message;
            case 1:
                message[at] = (byte)random.Next(256);
                return message;
            case 2:
                return message[..at];
            case 3 when at + 1 < message.Length:
                BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), s_numbers[random.Next(s_numbers.Length)]);
                return message;
            case 4 when message.Length >= 12:
                // The counts decide how the rest is read, so they get more than their share.
                message[5 + (2 * random.Next(4))] = (byte)random.Next(4);
                return message;
            case 5:
                byte[] other = seeds[random.Next(seeds.Count)];
                return [.. message[..at], .. other[random.Next(other.Length)..]];
            case 6:
                int end = random.Next(at, message.Length);
                return [.. message[..end], .. message[at..]];
            case 7 when at + 1 < message.Length:
                ushort near = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) + random.Next(-2, 3));
                BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(at), near);
                return message;
            default:
                return message;
        }
    }
}
