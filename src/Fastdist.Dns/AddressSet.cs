using System;
using System.Buffers.Binary;

namespace Fastdist.Dns;

/// <summary>The first set of addresses in an answer: A or AAAA records of one owner that stand one behind the other in the answer section.</summary>
/// <param name="First">How many records stand before it.</param>
/// <param name="Count">How many records it has, 0 when there is none.</param>
public readonly record struct AddressSet(int First, int Count)
{
    /// <summary>Finds it.</summary>
    /// <param name="message">A sound answer.</param>
    /// <param name="questionEnd">Where its question ends.</param>
    public static AddressSet Find(ReadOnlySpan<byte> message, int questionEnd)
    {
        var walk = new RecordWalk(message, questionEnd);
        for (int index = 0; walk.Next() && walk.Section == MessageSection.Answer; index++)
        {
            if (AddressWalk.IsAddress(in walk))
            {
                return new AddressSet(index, CountAlike(message, ref walk));
            }
        }

        return default;
    }

    private static int CountAlike(ReadOnlySpan<byte> message, ref RecordWalk walk)
    {
        Span<byte> owner = stackalloc byte[Names.MaxWireLength];
        Span<byte> other = stackalloc byte[Names.MaxWireLength];
        int reach = 0;
        (int start, int nameEnd) = (walk.Start, walk.NameEnd);
        uint typeAndClass = TypeAndClass(message, nameEnd);
        int length = WireName.Expand(message, start, owner, out _, ref reach);
        int count = 1;
        while (walk.Next() && walk.Section == MessageSection.Answer && AddressWalk.IsAddress(in walk) && TypeAndClass(message, walk.NameEnd) == typeAndClass)
        {
            // Nearly always the same two bytes, a pointer to the question.
            if (!message[walk.Start..walk.NameEnd].SequenceEqual(message[start..nameEnd]))
            {
                int otherLength = WireName.Expand(message, walk.Start, other, out _, ref reach);
                if (length == 0 || otherLength == 0 || !Names.EqualsIgnoreCase(owner[..length], other[..otherLength]))
                {
                    break;
                }
            }

            count++;
        }

        return count;
    }

    private static uint TypeAndClass(ReadOnlySpan<byte> message, int nameEnd) => BinaryPrimitives.ReadUInt32BigEndian(message[nameEnd..]);
}
