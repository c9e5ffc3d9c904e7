using System;
using System.Buffers.Binary;
using Fastdist.Dns;

namespace Fastdist.Cache.Answers;

/// <summary>Puts the first set of addresses of an answer into another order, each with its TTL. All of them are equally likely.</summary>
internal static class AddressShuffle
{
    // A record's TTL, RDLENGTH and RDATA stand behind one another (RFC 1035 section 4.1.3).
    private const int LengthOffset = sizeof(uint);
    private const int DataOffset = LengthOffset + sizeof(ushort);
    private const int MaxSize = DataOffset + 16;

    /// <summary>Does that.</summary>
    /// <param name="form">Says where the set is; one that nobody wrote is left as it is.</param>
    /// <param name="random">Chooses the order.</param>
    /// <param name="answer">The answer.</param>
    public static void Shuffle(in KeptForm form, Random random, Span<byte> answer)
    {
        AddressSet set = form.Addresses;
        int first = form.TtlAt(set.First);
        if (!form.IsRecord(first, DataOffset))
        {
            return;
        }

        int size = DataOffset + BinaryPrimitives.ReadUInt16BigEndian(answer[(first + LengthOffset)..]);
        if (size > MaxSize || !IsWithin(in form, size))
        {
            return;
        }

        // Fisher and Yates.
        Span<byte> held = stackalloc byte[MaxSize];
        for (int left = set.Count - 1; left > 0; left--)
        {
            int chosen = random.Next(left + 1);
            Span<byte> one = answer.Slice(form.TtlAt(set.First + left), size), other = answer.Slice(form.TtlAt(set.First + chosen), size);
            one.CopyTo(held);
            other.CopyTo(one);
            held[..size].CopyTo(other);
        }
    }

    private static bool IsWithin(in KeptForm form, int size)
    {
        AddressSet set = form.Addresses;
        for (int index = set.First; index < set.First + set.Count; index++)
        {
            if (!form.IsRecord(form.TtlAt(index), size))
            {
                return false;
            }
        }

        return true;
    }
}
