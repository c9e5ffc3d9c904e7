using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Rules.Actions;
using Fastdist.Rules.Selectors;
using Fastdist.Settings;
using Fastdist.Settings.Rules;

namespace Fastdist.Proxy.Tests.Gates.Rules;

/// <summary>Settings with rules.</summary>
internal static class Rulebook
{
    /// <summary>Where the question of <see cref="GateBench.Query"/> ends.</summary>
    public const int QuestionEnd = 33;

    /// <summary>Size of an OPT without options.</summary>
    public const int OptSize = 11;

    /// <summary>No rules.</summary>
    public static ProxyOptions None { get; } = new() { Frontends = [], Backends = [] };

    /// <summary>Rules for queries.</summary>
    public static ProxyOptions Queries(params RuleAction[] actions) => None.Queries(actions);

    /// <summary>Rules for queries besides others.</summary>
    public static ProxyOptions Queries(this ProxyOptions options, params RuleAction[] actions) => options.With(ChainKind.Query, [.. actions.Select(On)]);

    /// <summary>Rules for backends' answers.</summary>
    public static ProxyOptions Answers(params RuleAction[] actions) => None.Answers(actions);

    /// <summary>Rules for backends' answers besides others.</summary>
    public static ProxyOptions Answers(this ProxyOptions options, params RuleAction[] actions) => options.With(ChainKind.Response, [.. actions.Select(On)]);

    /// <summary>Rules for answers made here, besides others.</summary>
    public static ProxyOptions Own(this ProxyOptions options, params RuleAction[] actions) => options.With(ChainKind.SelfAnsweredResponse, [.. actions.Select(On)]);

    /// <summary>Rules of a chain.</summary>
    public static ProxyOptions With(this ProxyOptions options, ChainKind chain, params IReadOnlyList<Rule> rules) => options with { Rules = options.Rules.With(chain, rules) };

    /// <summary>A rule about everything.</summary>
    public static Rule On(RuleAction action) => new(new AllSelector(), action);

    /// <summary>A rule about what a selector matches.</summary>
    public static Rule On(Selector selector, RuleAction action) => new(selector, action);

    /// <summary>An answer with that outcome.</summary>
    public static RcodeAction Answering(Rcode rcode) => new((ushort)rcode, new AnswerTraits());

    /// <summary>A bench for what they decide.</summary>
    public static GateBench Bench(this ProxyOptions options, int capacity = 8) => new(options, capacity, longBudget: 200_000);

    /// <summary>Has everything in flight end, and says what rules still keep of it.</summary>
    public static int TagsLeft(this GateBench bench)
    {
        // What the last query was judged by is kept until the next.
        bench.Gate.Judgement.Reset();
        return bench.Shard.Rules.Tags.Count;
    }

    /// <summary>Bytes of hexadecimal digits.</summary>
    public static byte[] Bytes(string digits) => Convert.FromHexString(digits.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The header's flags.</summary>
    public static string Flags(this byte[] message) => Convert.ToHexString(message.AsSpan(2, 2));

    /// <summary>The four counts.</summary>
    public static (int Questions, int Answers, int Authorities, int Additionals) Counts(this byte[] message) =>
        (Header.QuestionCount(message), Header.AnswerCount(message), Header.AuthorityCount(message), Header.AdditionalCount(message));

    /// <summary>What stands behind the question.</summary>
    public static string Records(this byte[] message) => Convert.ToHexString(message.AsSpan(QuestionEnd));
}
