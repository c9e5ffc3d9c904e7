using System;
using System.Collections.Generic;

namespace Fastdist.Fuzz.Http;

/// <summary>Makes a hostile conversation out of others: damage to single bytes, and frames that are left out, said twice, made up or moved.</summary>
internal static class ConversationMutator
{
    private const int PrefaceLength = 24, HeaderLength = 9;

    internal static byte[] Mutate(Random random, IReadOnlyList<byte[]> seeds)
    {
        byte[] conversation = [.. seeds[random.Next(seeds.Count)]];
        for (int steps = random.Next(6); steps > 0; steps--)
        {
            conversation = Step(random, conversation, seeds);
        }

        return conversation;
    }

    private static byte[] Step(Random random, byte[] conversation, IReadOnlyList<byte[]> seeds)
    {
        // Damage to the preface ends it all, so it gets less than its share.
        int from = random.Next(20) == 0 ? 0 : PrefaceLength;
        if (conversation.Length <= from)
        {
            return [.. conversation, .. RandomFrame(random)];
        }

        int at = random.Next(from, conversation.Length);
        (int start, int end) = FrameAt(conversation, at);
        switch (random.Next(8))
        {
            case 0:
                conversation[at] ^= (byte)(1 << random.Next(8));
                return conversation;
            case 1:
                conversation[at] = (byte)random.Next(256);
                return conversation;
            case 2:
                return conversation[..at];
            case 3:
                return [.. conversation[..start], .. conversation[end..]];
            case 4:
                return [.. conversation[..end], .. conversation[start..]];
            case 5:
                return [.. conversation[..start], .. RandomFrame(random), .. conversation[start..]];
            case 6:
                byte[] other = seeds[random.Next(seeds.Count)];
                return [.. conversation[..start], .. other[Math.Min(PrefaceLength, other.Length)..]];
            default:
                // Type, flags and stream decide what a frame is.
                int header = start + 3 + random.Next(6);
                if (header < conversation.Length)
                {
                    conversation[header] = (byte)random.Next(16);
                }

                return conversation;
        }
    }

    /// <summary>The frame that holds a byte.</summary>
    private static (int Start, int End) FrameAt(byte[] conversation, int at)
    {
        int start = Math.Min(PrefaceLength, at), end = start;
        for (; end <= at; start = end <= at ? end : start)
        {
            int length = end + 2 < conversation.Length ? (conversation[end] << 16) | (conversation[end + 1] << 8) | conversation[end + 2] : 0;
            end = Math.Min(end + HeaderLength + length, conversation.Length);
        }

        return (start, end);
    }

    private static byte[] RandomFrame(Random random)
    {
        var payload = new byte[random.Next(20)];
        random.NextBytes(payload);
        return Frames.Frame((byte)random.Next(18), (byte)random.Next(64), random.Next(10), payload);
    }
}
