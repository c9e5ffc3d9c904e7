using System;
using System.Linq;
using System.Net;
using Fastdist.Dns;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Chains;
using Fastdist.Rules.Selectors;
using Fastdist.Settings.Rules;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Fuzz.Rules;

/// <summary>
/// What must hold of rules for any bytes behind a sound question: a chain finds what each of its selectors by itself does, and what actions do to an answer one after
/// the other leaves one that is as sound as it was, and no option of ours where there was no OPT.
/// </summary>
internal static class RuleInvariants
{
    private static readonly Selector[] s_selectors =
    [
        new NameSelector(DomainName.Root), Names("com"), Names("example.com", "net"), new LabelCountSelector(1, 3), new WireLengthSelector(3, 20), new TypeSelector(RecordType.A),
        new ClassSelector(1), new OpcodeSelector(Opcode.Query), new RecursionDesiredSelector(), new DnssecSelector(), new EdnsVersionSelector(0), new EdnsOptionSelector(10),
        new RcodeSelector(0), new ExtendedRcodeSelector(16), .. Enumerable.Range(0, 4).Select(static section => new RecordsCountSelector(section, 1, 2)),
        .. Enumerable.Range(0, 4).Select(static section => new RecordsTypeCountSelector(section, RecordType.A, 0, 1)), new PayloadSizeSelector(Comparison.Greater, 60), new TrailingDataSelector(),
    ];

    private static readonly ChainRunner s_all = Runner(s_selectors);
    private static readonly ChainRunner[] s_each = [.. s_selectors.Select(static selector => Runner(selector))];
    private static readonly ChainRunner s_nested = Runner(new AndSelector(s_selectors), new OrSelector(s_selectors), new NotSelector(new OrSelector([new AndSelector(s_selectors), s_selectors[0]])));
    private static readonly SocketAddress s_address = SocketAddress.From(new IPEndPoint(IPAddress.Loopback, 53));

    internal static void Check(byte[] message)
    {
        if (Query.TryFindQuestion(message, out int questionEnd))
        {
            CheckChains(message, questionEnd);
            CheckEdits(message, new Reference(message));
        }
    }

    private static void CheckChains(byte[] message, int questionEnd)
    {
        var subject = new Subject(message, questionEnd, Transport.Udp, in s_address, in s_address);
        bool[] holds = new bool[s_each.Length];
        for (int place = 0; place < s_each.Length; place++)
        {
            s_each[place].Begin();
            holds[place] = s_each[place].Find(in subject, 0) == 0;
        }

        s_all.Begin();
        for (int from = 0; from <= holds.Length; from++)
        {
            Invariants.Equal(Array.FindIndex(holds, from, static each => each), s_all.Find(in subject, from), "rule found");
        }

        s_nested.Begin();
        bool all = holds.All(static each => each), any = holds.Any(static each => each);
        Invariants.Equal(all ? 0 : any ? 1 : 2, s_nested.Find(in subject, 0), "nested rule found");
    }

    /// <summary>All that rules do with an answer, one after the other.</summary>
    private static void CheckEdits(byte[] message, Reference reference)
    {
        byte[] buffer = new byte[Math.Max(message.Length * 3, 4096)], scratch = new byte[buffer.Length];
        message.CopyTo(buffer, 0);
        int length = message.Length;
        TimeToLive.Limit(buffer.AsSpan(0, length), 5, 500, []);
        TimeToLive.Reduce(buffer.AsSpan(0, length), 50);
        RecordClearing.TryClear(buffer, ref length, [RecordType.CNAME, RecordType.SOA], scratch);
        EdnsEdit.TrySetOption(buffer, ref length, (EdnsOption)65001, [1, 2, 3], addOpt: false, out _);
        EdnsEdit.TrySetExtendedError(buffer, ref length, ExtendedError.Blocked, "no"u8, clearExisting: true);
        RecordClearing.TryClear(buffer, ref length, [RecordType.A, RecordType.TXT], scratch);
        TimeToLive.Cap(buffer.AsSpan(0, length), 7);
        var result = new Reference(buffer[..length]);
        Invariants.Equal(reference.IsSound, result.IsSound, "edited answer's soundness");
        Invariants.Equal(reference.IsSound && reference.HasTrailer, result.IsSound && result.HasTrailer, "edited answer's trailer");
        Invariants.Equal(reference.Opt is null, result.Opt is null, "edited answer's OPT");
        Truncation.TryEmpty(buffer, ref length);
        Invariants.True(length <= buffer.Length, "emptied answer");
    }

    private static ChainRunner Runner(params Selector[] selectors)
    {
        Rule[] rules = [.. selectors.Select(static selector => new Rule(selector, new NoneAction()))];
        Array.ForEach(rules, static rule => rule.Hits.Prepare(1));
        return new ChainRunner(CompiledChain.Compile(rules, static _ => -1), new ShardRules(0, new Random(1)));
    }

    private static SuffixSelector Names(params string[] names)
    {
        var set = new SuffixSet();
        Array.ForEach(names, name => set.Add(DomainName.TryRead(Hex.Name(name), out DomainName? read) ? read : throw new FormatException(name)));
        return new SuffixSelector(set);
    }
}
