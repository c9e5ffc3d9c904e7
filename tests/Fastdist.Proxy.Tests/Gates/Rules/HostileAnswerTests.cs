using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Dns;
using Fastdist.Proxy.Tests.Frontends;
using Fastdist.Rules.Actions;
using Fastdist.Settings.Rules;
using Xunit;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>Answers with broken records, and such as have no room, through everything that rules do with answers.</summary>
public class HostileAnswerTests
{
    /// <summary>All that change an answer only where all of it can be read.</summary>
    private static readonly RuleAction[] s_edits =
    [
        new TtlRangeAction(100, 200, [], "range"), new TtlRangeAction(0, 1, [RecordType.A], "cap"), new ReducedTtlAction(10), new ClearTypesAction([RecordType.A]),
        new ClearTypesAction([RecordType.SOA, RecordType.CNAME]), new EdnsOptionAction(65001, new byte[300], isForAnswers: true), new ExtendedErrorAction(15, "why", clears: true, isForAnswers: true),
        new LogAction(new LogActionOptions(), isForAnswers: true), new TagAction("a", "1", isForAnswers: true), new SwitchAction(Switch.SkipCache, isForAnswers: true),
    ];

    /// <summary>All others, which do what can be done.</summary>
    private static readonly RuleAction[] s_others =
        [new TruncateAction(isForAnswers: true), new ReturnedTtlAction(1, isForAnswers: true), new DropAction(isForAnswers: true), new AllowAction(isForAnswers: true), new DelayAction(1, isForAnswers: true)];

    public static TheoryData<string> Edits => [.. s_edits.Select(static action => $"{action}")];

    private static readonly byte[] s_query = GateBench.Query(payloadSize: 4096);

    /// <summary>An answer with records of several kinds, names that point elsewhere, and an OPT.</summary>
    private static readonly byte[] s_answer =
    [
        .. Rulebook.Bytes("1234 8180 0001 0002 0001 0002"), .. s_query[Header.Size..Rulebook.QuestionEnd],
        .. Rulebook.Bytes("C00C 0005 0001 0000003C 0007 04 6E616D65 C010"), .. Rulebook.Bytes("C02D 0001 0001 00000E10 0004 C0000201"),
        .. Rulebook.Bytes("C010 0006 0001 00000005 0018 C010 C02D 00000001 00000002 00000003 00000004 00000005"), .. Rulebook.Bytes("C02D 001C 0001 0000003C 0010 20010DB8000000000000000000000001"),
        .. Rulebook.Bytes("00 0029 04D0 00000000 0006 000F 0002 0003"),
    ];

    [Theory]
    [MemberData(nameof(Edits))]
    public void What_is_broken_is_sent_as_it_came(string text)
    {
        RuleAction action = Array.Find(s_edits, each => $"{each}" == text)!;
        using ClientBench plain = new(ClientBench.With(ClientBench.Plain)), edited = new(ClientBench.With(ClientBench.Plain).Answers(action));
        Caller[] callers = [plain.Connect(), edited.Connect()];
        int broken = 0;
        foreach (byte[] answer in Broken())
        {
            byte[][] sent = [Ask(plain, callers[0], answer), Ask(edited, callers[1], answer)];
            bool isTime = action is TtlRangeAction or ReducedTtlAction;
            if (!IsSound(answer) || (!isTime && MessageFacts.HasTrailingBytes(answer)))
            {
                broken++;
                Assert.Equal(sent[0], sent[1]);
            }
        }

        Assert.True(broken > 100, $"{broken} answers were broken");
    }

    [Fact]
    public void Whatever_comes_behind_the_question_is_borne() => Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Bool).Sample((behind, answers, authorities, additionals, hasEdns) =>
    {
        byte[] query = hasEdns ? s_query : GateBench.Query();
        byte[] answer = [.. Rulebook.Bytes("1234 8180 0001"), 0, (byte)answers, 0, (byte)authorities, 0, (byte)additionals, .. query[Header.Size..Rulebook.QuestionEnd], .. behind];
        foreach (RuleAction action in (IEnumerable<RuleAction>)[.. s_edits, .. s_others])
        {
            using GateBench bench = Rulebook.Answers(action).Bench(capacity: 1);
            bench.Receive(query);
            bench.Answer(bench.Forwarded[0], answer);
            bench.PassTime(1);
            Assert.InRange(bench.Datagrams.Count, action is DropAction ? 0 : 1, action is DropAction ? 0 : 1);
            Assert.Equal((0, 0), (bench.TagsLeft(), bench.Table.Decisions));
        }
    }, iter: 300);

    [Theory]
    [MemberData(nameof(Edits))]
    public void An_answer_of_65535_bytes_grows_no_further(string text)
    {
        RuleAction action = Array.Find(s_edits, each => $"{each}" == text)!;
        byte[] answer = Longest();
        using ClientBench bench = new(ClientBench.With(ClientBench.Plain).Answers(action));
        byte[] sent = Ask(bench, bench.Connect(), answer);
        Assert.InRange(sent.Length, Header.Size, ushort.MaxValue);
        if (action is EdnsOptionAction)
        {
            Assert.Equal(answer, sent);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rules_add_nothing_to_answers_of_who_sent_no_OPT(bool isOwn)
    {
        foreach (RuleAction action in s_edits)
        {
            using GateBench bench = (isOwn ? Rulebook.Queries(Rulebook.Answering(Rcode.Refused)).Own(action) : Rulebook.Answers(action)).Bench();
            bench.Receive(GateBench.Query());
            bench.Forwarded.ForEach(index => bench.Answer(index, GateBench.Answer(GateBench.Query(), 60)));
            Assert.Equal(0, Header.AdditionalCount(Assert.Single(bench.Datagrams)));
        }
    }

    /// <summary>The answer cut anywhere behind the question, with a byte of its records changed, with counts that are not so, and with bytes behind it.</summary>
    private static IEnumerable<byte[]> Broken()
    {
        for (int at = Rulebook.QuestionEnd; at < s_answer.Length; at++)
        {
            yield return s_answer[..at];
            foreach (byte value in (byte[])[0, 0x3F, 0xC0, 0xFF])
            {
                byte[] changed = [.. s_answer];
                changed[at] = value;
                yield return changed;
            }
        }

        for (int count = 7; count < Header.Size; count += 2)
        {
            byte[] changed = [.. s_answer];
            changed[count]++;
            yield return changed;
        }
    }

    /// <summary>An answer of as many bytes as there may be, the last of them an OPT.</summary>
    private static byte[] Longest()
    {
        byte[] head = [.. Rulebook.Bytes("1234 8180 0001 0001 0000 0001"), .. s_query[Header.Size..Rulebook.QuestionEnd]];
        int data = ushort.MaxValue - head.Length - 12 - Rulebook.OptSize;
        return [.. head, .. Rulebook.Bytes("C00C 0010 0001 0000003C"), (byte)(data >> 8), (byte)data, .. new byte[data], .. Rulebook.Bytes("00 0029 04D0 00000000 0000")];
    }

    /// <summary>Whether all of it can be read. TTLs are changed where they stand, whatever follows.</summary>
    private static bool IsSound(byte[] answer) => MessageFacts.TryCountRecords(answer, MessageSection.Additional, RecordType.A, out _);

    private static byte[] Ask(ClientBench bench, Caller caller, byte[] answer)
    {
        caller.Send(ClientBench.Frame(s_query));
        bench.Pass(bench.Forwarded[0], answer);
        bench.Settle();
        return caller.Answers[^1];
    }
}
