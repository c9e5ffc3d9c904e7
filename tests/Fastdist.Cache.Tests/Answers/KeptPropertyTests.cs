using System;
using System.Buffers.Binary;
using System.Linq;
using CsCheck;
using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;
using Fastdist.Fuzz.Cache;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

public class KeptPropertyTests
{
    private static readonly ushort[] s_types = [1, 28, 16, 5, 6];
    private static readonly int[] s_codes = [3, 8, 10, 11, 12, 15];

    private static readonly Gen<byte[]> s_name = Gen.Byte.Array[1, 20].Array[0, 4].Select(static labels => labels.SelectMany(static label => (byte[])[(byte)label.Length, .. label]).Append((byte)0).ToArray());

    private static readonly Gen<byte[]> s_record = Gen.Select(Gen.Int[0, 4].Select(static each => s_types[each]), Gen.UInt, Gen.Byte.Array[0, 20], Gen.Bool).Select(static (type, ttl, data, isPointer) =>
    {
        byte[] owner = isPointer ? [0xC0, 12] : [1, 0x61, 0];
        byte[] rest = new byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(rest, type);
        rest[3] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(rest.AsSpan(4), ttl);
        rest[9] = (byte)data.Length;
        return (byte[])[.. owner, .. rest, .. data];
    });

    private static readonly Gen<byte[]> s_option = Gen.Select(Gen.Int[0, 5].Select(static each => s_codes[each]), Gen.Byte.Array[0, 30]).Select(static (code, data) => (byte[])[0, (byte)code, 0, (byte)data.Length, .. data]);

    private static readonly Gen<byte[]> s_answer = Gen.Select(s_name, s_record.Array[0, 6], s_record.Array[0, 3], s_record.Array[0, 3], s_option.Array[0, 5], Gen.Int[0, 0x7F], Gen.Int[0, 255])
        .Select(static (name, answers, authorities, additionals, options, flags, lower) =>
        {
            byte[] head = [1, 2, (byte)(0x80 | (flags & 7)), (byte)lower, 0, 1, 0, (byte)answers.Length, 0, (byte)authorities.Length, 0, (byte)additionals.Length];
            byte[] records = [.. answers.Concat(authorities).Concat(additionals).SelectMany(static record => record)];
            byte[] message = [.. head, .. name, 0, 1, 0, 1, .. records];
            return (flags & 8) == 0 ? message : new Reference(message).WithOpt(4096, [.. options.SelectMany(static option => option)]);
        });

    [Fact]
    public void What_was_kept_is_restored_but_for_what_the_OPT_said_to_another() => Gen.Select(s_answer, Gen.Bool, Gen.UInt[0, 3]).Sample(static (answer, hasOpt, age) =>
    {
        byte[] query = KeptReference.QueryFor(answer, hasOpt);
        RestoreTraits traits = One.Fresh with { Age = age * age * 1000, PayloadSize = KeptReference.PayloadSize };
        return One.Restored(answer, query, traits).AsSpan().SequenceEqual(KeptReference.Restored(answer, query, traits.Age));
    });

    [Fact]
    public void No_age_raises_a_TTL() => Gen.Select(s_answer, Gen.UInt, Gen.UInt).Sample(static (answer, age, more) =>
    {
        byte[] form = One.Kept(answer, out _), query = KeptReference.QueryFor(answer, hasOpt: true);
        byte[] young = One.RestoredOf(form, query, One.Fresh with { Age = age }), old = One.RestoredOf(form, query, One.Fresh with { Age = (uint)Math.Min(uint.MaxValue, (ulong)age + more) });
        TtlWalk first = new(answer), second = new(young), third = new(old);
        while (first.Next())
        {
            uint before = first.Ttl > int.MaxValue ? 0 : first.Ttl;
            if (!second.Next() || !third.Next() || second.Ttl > before || third.Ttl > second.Ttl)
            {
                return false;
            }
        }

        return !second.Next() && young.Length == old.Length;
    });

    [Fact]
    public void Any_bytes_are_refused_or_restored_soundly() => Gen.Byte.Array[0, 300].Sample(static bytes => CacheInvariants.Check(bytes));

    [Fact]
    public void Damaged_messages_are_refused_or_restored_soundly()
    {
        foreach (byte[] message in Corpus.All)
        {
            CacheInvariants.Check(message);
        }

        Gen.Int.Sample(static seed => CacheInvariants.Check(Mutator.Mutate(new Random(seed), Corpus.All)), iter: 20_000);
    }
}
