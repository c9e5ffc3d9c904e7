using System;
using System.Linq;
using Fastdist.Cache.Answers;
using Fastdist.Dns;

namespace Fastdist.Fuzz.Cache;

/// <summary>
/// What must hold of keys and kept answers for any bytes whatever: they are what the reference makes of them, or there are none; and what nobody wrote as a kept form
/// or as a list of scopes does no harm.
/// </summary>
internal static class CacheInvariants
{
    private const byte Guard = 0xA5;
    private const byte Scope = 17;
    private static readonly KeyRules s_rules = new(HasCookies: false, []);
    private static readonly byte[] s_subnet = Hex.Bytes("0008 0007 0001 18 00 C00002");
    private static readonly byte[] s_echo = Hex.Bytes("0008 0007 0001 18 11 C00002");
    private static readonly byte[] s_stale = Hex.Bytes("000F 0002 0003");
    private static readonly byte[] s_staleNameError = Hex.Bytes("000F 0002 0013");

    internal static void Check(byte[] message)
    {
        CheckKey(message);
        CheckNetwork(message);
        CheckScopes(message);
        CheckKept(message);
        CheckForm(message, message);
    }

    private static void CheckKey(byte[] message)
    {
        byte[]? expected = KeptReference.KeyOf(message);
        Query.Parse(message, out Query query);
        byte[] key = new byte[CacheKey.MaxSize];
        int length = CacheKey.Write(in query, s_rules, key);
        Invariants.Equal(expected?.Length ?? 0, length, "key's length");
        if (expected is not null)
        {
            Invariants.True(key.AsSpan(0, length).SequenceEqual(expected), "key");
            Invariants.True(CacheKey.IsAbout(key.AsSpan(0, length), message), "key is about its question");
        }
    }

    private static void CheckNetwork(byte[] message)
    {
        Query.Parse(message, out Query query);
        Span<byte> address = stackalloc byte[16];
        if (CacheKey.TryReadNetwork(in query, address, out int addressLength, out int prefix))
        {
            Invariants.True(addressLength is 4 or 16 && prefix >= 0 && prefix <= addressLength * 8, "network");
            Span<byte> key = stackalloc byte[CacheKey.MaxNetworkSize];
            int length = CacheKey.AddNetwork(key, 0, NetworkKind.One, address[..addressLength], prefix);
            Invariants.Equal(3 + ((prefix + 7) / 8), length, "network's key");
        }

        bool isRead = SubnetOption.TryReadScope(message, [192, 0, 2, 0], 24, out int scope);
        Invariants.True(!isRead || scope is >= 0 and <= 32, "scope");
    }

    private static void CheckScopes(byte[] message)
    {
        byte[] list = new byte[Math.Max(message.Length, ScopeList.MaxSize)];
        Span<byte> lengths = stackalloc byte[ScopeList.MaxLengths];
        message.CopyTo(list, 0);
        int length = message.Length;
        int before = ScopeList.Read(list.AsSpan(0, length), 4, lengths);
        Invariants.True(before <= ScopeList.MaxLengths, "lengths");
        ScopeList.EndOf(list.AsSpan(0, length));
        if (ScopeList.TryAdd(list, ref length, 4, 24, 77, uint.MaxValue, 5))
        {
            int count = ScopeList.Read(list.AsSpan(0, length), 4, lengths);
            Invariants.True(length <= ScopeList.MaxSize && lengths[..count].Contains((byte)24) && ScopeList.EndOf(list.AsSpan(0, length)) == uint.MaxValue, "length added");
        }
    }

    private static void CheckKept(byte[] message)
    {
        byte[] form = new byte[message.Length + KeptAnswer.MaxOverhead];
        bool isKept = KeptAnswer.TryWrite(message, form, out int length, out AnswerFacts facts);
        Invariants.Equal(KeptReference.IsKept(message), isKept, "kept");
        if (!isKept)
        {
            return;
        }

        form = form[..length];
        foreach (bool hasOpt in (bool[])[false, true])
        {
            foreach (uint age in (uint[])[0, 7, uint.MaxValue])
            {
                CheckRestored(form, message, KeptReference.QueryFor(message, hasOpt), age, isStale: false, []);
            }
        }

        byte[] error = facts.Rcode == Rcode.NXDomain ? s_staleNameError : s_stale;
        CheckRestored(form, message, KeptReference.QueryFor(message, true, s_subnet), 1, isStale: true, KeptReference.HasSubnet(message) ? [.. error, .. s_echo] : error);
        Invariants.True(!KeptAnswer.TryWrite(message, new byte[length - 1], out _, out _), "kept without room");
        for (int at = 0; at < Math.Min(length, KeptForm.HeadSize + 40); at++)
        {
            byte[] broken = [.. form];
            broken[at] ^= (byte)(1 << (at % 8));
            CheckForm(broken, KeptReference.QueryFor(message, true));
        }
    }

    private static void CheckRestored(byte[] form, byte[] answer, byte[] message, uint age, bool isStale, byte[] options)
    {
        byte[] expected = KeptReference.Restored(answer, message, age, options);
        Query.Parse(message, out Query query);
        byte scope = KeptReference.HasSubnet(answer) ? Scope : (byte)0;
        var traits = new RestoreTraits { Age = age, FixedTtl = uint.MaxValue, PayloadSize = KeptReference.PayloadSize, Scope = scope, IsStale = isStale };
        byte[] restored = new byte[expected.Length + 3];
        Array.Fill(restored, Guard);
        Invariants.Equal(expected.Length, KeptAnswer.Restore(form, in query, in traits, restored), "restored length");
        Invariants.True(restored.AsSpan(0, expected.Length).SequenceEqual(expected), "restored");
        Invariants.True(restored[expected.Length..].All(static each => each == Guard), "bytes behind the restored");
        Invariants.Equal(0, KeptAnswer.Restore(form, in query, in traits, restored.AsSpan(0, expected.Length - 1)), "restored without room");
        traits.Shuffle = new Random(answer.Length);
        Invariants.Equal(expected.Length, KeptAnswer.Restore(form, in query, in traits, restored), "shuffled length");
        Invariants.True(restored.Take(expected.Length).Order().SequenceEqual(expected.Order()), "shuffled");
    }

    /// <summary>Restores what nobody wrote.</summary>
    private static void CheckForm(byte[] form, byte[] message)
    {
        Query.Parse(message, out Query query);
        byte[] restored = new byte[form.Length + 64];
        var traits = new RestoreTraits { Age = 1, FixedTtl = uint.MaxValue, PayloadSize = KeptReference.PayloadSize, IsStale = true, Shuffle = new Random(1) };
        int length = KeptAnswer.Restore(form, in query, in traits, restored);
        Invariants.True(length == 0 || (query.IsSound && restored.AsSpan(Header.Size, query.Question.Length).SequenceEqual(query.Question)), "restored to its question");
    }
}
