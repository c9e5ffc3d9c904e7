using Fastdist.Cache.Answers;
using Fastdist.Dns;
using Fastdist.Fuzz;
using Xunit;

namespace Fastdist.Cache.Tests.Answers;

/// <summary>Messages as these tests write them, and what becomes of them.</summary>
internal static class One
{
    internal const string Question = Corpus.ExampleCom + "0001 0001 ";
    internal const string Address = "C00C 0001 0001 00000E10 0004 C0000201 ";
    internal const string OtherAddress = "C00C 0001 0001 00000E10 0004 C0000202 ";
    internal const string Subnet = "0008 0007 0001 18 00 C00002 ";
    internal static readonly KeyRules Rules = new(HasCookies: false, []);
    internal static readonly RestoreTraits Fresh = new() { FixedTtl = uint.MaxValue, PayloadSize = 1232 };

    /// <summary>A query for example.com A, RD set, with the options in an OPT; null for none.</summary>
    internal static byte[] Query(string? options = null, string flags = "0100", string question = Question, string optFlags = "0000") =>
        Hex.Bytes("1234", flags, "0001 0000 0000", options is null ? "0000" : "0001", question, Opt(options, optFlags));

    /// <summary>An answer with its three sections, and an OPT with the options; null for none.</summary>
    internal static byte[] Answer(string answers = Address, string authorities = "", string additionals = "", string? options = null, string flags = "8180", string question = Question, string optFlags = "0000")
    {
        string Count(string section, int more = 0) => (CountOf(section) + more).ToString("X4", null);
        return Hex.Bytes("ABCD", flags, "0001", Count(answers), Count(authorities), Count(additionals, options is null ? 0 : 1), question, answers, authorities, additionals, Opt(options, optFlags));
    }

    internal static byte[] Key(byte[] query, KeyRules? rules = null)
    {
        Fastdist.Dns.Query.Parse(query, out Query read);
        byte[] key = new byte[CacheKey.MaxSize];
        return key[..CacheKey.Write(in read, rules ?? Rules, key)];
    }

    internal static byte[] Kept(byte[] answer, out AnswerFacts facts)
    {
        byte[] form = new byte[answer.Length + KeptAnswer.MaxOverhead];
        Assert.True(KeptAnswer.TryWrite(answer, form, out int length, out facts));
        return form[..length];
    }

    internal static byte[] Restored(byte[] answer, byte[] query) => Restored(answer, query, Fresh);

    internal static byte[] Restored(byte[] answer, byte[] query, in RestoreTraits traits) => RestoredOf(Kept(answer, out _), query, in traits);

    internal static byte[] RestoredOf(byte[] form, byte[] query, in RestoreTraits traits)
    {
        Fastdist.Dns.Query.Parse(query, out Query read);
        byte[] restored = new byte[form.Length + 64];
        return restored[..KeptAnswer.Restore(form, in read, in traits, restored)];
    }

    internal static bool IsKept(byte[] answer) => KeptAnswer.TryWrite(answer, new byte[answer.Length + KeptAnswer.MaxOverhead], out _, out _);

    // All records of these tests begin with a pointer to the question and are of class IN.
    private static int CountOf(string section)
    {
        byte[] bytes = Hex.Bytes(section);
        int count = 0;
        for (int at = 0; at < bytes.Length; at += 12 + (bytes[at + 10] << 8) + bytes[at + 11])
        {
            count++;
        }

        return count;
    }

    private static string Opt(string? options, string flags) =>
        options is null ? "" : $"00 0029 04D0 0000{flags} {Hex.Bytes(options).Length:X4} {options}";
}
