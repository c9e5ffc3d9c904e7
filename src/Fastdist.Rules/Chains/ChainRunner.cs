using System;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Rules.Patterns;
using Fastdist.Rules.Rates;
using Fastdist.Rules.Selectors;

namespace Fastdist.Rules.Chains;

/// <summary>A chain of rules on one shard: the rows are everybody's, what changes while they are asked is the shard's own.</summary>
public sealed class ChainRunner
{
    private readonly CompiledChain _chain;
    private readonly Test[] _tests;
    private readonly ShardRules _shard;
    private readonly PatternMatcher[] _matchers;
    private readonly RateLease[] _leases;
    private readonly ICustomTest[] _customs;
    private readonly ICustomDeed[] _deeds;
    private readonly Question? _question;
    private readonly byte[] _text = new byte[MessageTests.MostNameText];
    private SuffixMatch _match;
    private bool _isNameFound;
    private int _textLength = -1;

    /// <param name="chain">The chain.</param>
    /// <param name="shard">What rules of a shard have in common.</param>
    /// <param name="question">What tests that are no data look at; open while the chain is asked, if it has any.</param>
    public ChainRunner(CompiledChain chain, ShardRules shard, Question? question = null)
    {
        (_chain, _tests, _shard, _question) = (chain, chain.Tests, shard, question);
        _matchers = [.. chain.Patterns.Select(static pattern => pattern.CreateMatcher())];
        _leases = [.. chain.Rates.Select(static rate => rate.CreateLease())];
        _customs = [.. chain.Customs.Select(custom => custom.TestOf(shard.Shard))];
        _deeds = [.. chain.CustomActions.Select(custom => custom.DeedOf(shard.Shard))];
    }

    /// <summary>Its chain.</summary>
    public CompiledChain Chain => _chain;

    /// <summary>How many rules it has.</summary>
    public int Count => _chain.Rules.Length;

    /// <summary>The shard's lease of a rate that an action goes by.</summary>
    public RateLease LeaseOf(PreparedAction action) => _leases[action.Place];

    /// <summary>The shard's own of an action that brings what it does.</summary>
    public ICustomDeed DeedOf(PreparedAction action) => _deeds[action.Place];

    /// <summary>Begins with another query or answer.</summary>
    public void Begin()
    {
        _isNameFound = false;
        _textLength = -1;
    }

    /// <summary>Finds the first rule that matches, and counts that it has.</summary>
    /// <param name="subject">What is matched.</param>
    /// <param name="from">The rule to begin with.</param>
    /// <returns>The rule's place; -1 when none matches.</returns>
    public int Find(in Subject subject, int from)
    {
        int at = _chain.Entries[from];
        while (at >= 0)
        {
            ref readonly Test test = ref _tests[at];
            at = test.Kind == TestKind.KeyedName ? Follow(in test, in subject) : Holds(in test, in subject) ? test.Yes : test.No;
        }

        int rule = Test.RuleOf(at);
        if (rule >= 0)
        {
            _chain.Rules[rule].Hits.Count(_shard.Shard);
        }

        return rule;
    }

    /// <summary>Of rows that look for names and stand next to each other the first that holds is gone to, without asking those between.</summary>
    private int Follow(in Test test, in Subject subject)
    {
        NameKeys keys = _chain.Keys!;
        if (!_isNameFound)
        {
            _match = keys.Find(subject.Name);
            _isNameFound = true;
        }

        int first = keys.FirstAtLeast(in _match, test.A);
        return first <= Math.Max(test.A, test.B) ? _tests[keys.RowOf(first)].Yes : _tests[keys.RowOf(Math.Max(test.A, test.B))].No;
    }

    private bool Holds(in Test test, in Subject subject) => test.Kind switch
    {
        TestKind.NamePattern or TestKind.HttpPathPattern or TestKind.HttpHeader => MatchesPattern(in test, in subject),
        TestKind.ClientRate => ((ClientRates)test.Operand!).IsOver(in subject.Client, subject.Now),
        TestKind.ProcessRate => _leases[test.A].TryTake(subject.Now),
        TestKind.Probability => _shard.Random.NextDouble() < ((ProbabilitySelector)test.Operand!).Probability,
        TestKind.Tag => HasTag((TagSelector)test.Operand!, subject.Tags),
        TestKind.TimedAddresses => ((TimedAddresses)test.Operand!).Contains(in subject.Client, subject.Now),
        TestKind.PoolAvailable => test.A >= 0 && _shard.Pools?.IsAvailable(test.A) == true,
        TestKind.PoolOutstanding => test.A >= 0 && _shard.Pools?.Outstanding(test.A) > ((PoolOutstandingSelector)test.Operand!).Limit,
        TestKind.Custom => _customs[test.A].Holds(_question!),
        _ => MessageTests.Holds(in test, in subject),
    };

    private bool MatchesPattern(in Test test, in Subject subject)
    {
        PatternMatcher matcher = _matchers[test.A];
        switch (test.Kind)
        {
            case TestKind.NamePattern:
                return matcher.Matches(TextOf(subject.Name));
            case TestKind.HttpPathPattern:
                return subject.HasRequest && matcher.Matches(subject.Path);
            default:
                return subject.HasRequest && subject.Request.TryGetField((byte[])test.Operand!, out ReadOnlySpan<byte> value) && matcher.Matches(value);
        }
    }

    /// <summary>A query's name as its text, written once for all patterns.</summary>
    private ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> name)
    {
        if (_textLength < 0)
        {
            _textLength = MessageTests.WriteName(name, _text);
        }

        return _text.AsSpan(0, _textLength);
    }

    private bool HasTag(TagSelector tag, int tags) => _shard.Tags.TryGet(tags, tag.Name, out string? value) && (tag.Value is null || tag.Value == value);
}
