using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Rules.Addresses;

namespace Fastdist.Rules.Blocks;

/// <summary>
/// A group of rules at work: what shards count for it, what comes of that, once a second and in pieces. Its counters are the shards' own; all else is for one thread,
/// the control thread. A shard's counter takes 7 MB when many clients come (with twelve columns at most: queries and bytes and responses, misses, each type and each
/// code that a rule is about), 2 MB more for names.
/// </summary>
public sealed class BlockGroup
{
    /// <summary>Clients that a shard counts in a second, unless it is said otherwise; of more than that those that ask most.</summary>
    public const int DefaultPlaces = 32_768;

    /// <summary>What may be done at a time without holding up others: 5 to 20 ms.</summary>
    public const int UsualBudget = 50_000;

    private const long MicrosecondsPerSecond = 1_000_000;
    private const int CheckedAtOnce = 512;

    // A visitor is a script: as much work as so many clients.
    private const int VisitCost = 20;

    private readonly BlockPlan _plan;
    private readonly ClientWindow _clients;
    private readonly NameWindow? _names;
    private IEnumerator<int>? _pass;
    private bool _isAtWork;

    /// <summary>A group that has seen nothing.</summary>
    /// <param name="rules">What it is told.</param>
    /// <param name="shards">Shards that will count.</param>
    /// <param name="places">Clients that a shard counts in a second; a power of two.</param>
    public BlockGroup(BlockRules rules, int shards, int places = DefaultPlaces)
    {
        Rules = rules;
        _plan = new BlockPlan(rules);
        _clients = new ClientWindow(_plan, shards);
        _names = rules.Suffixes is { } suffixes ? new NameWindow(_plan.SecondsOf(suffixes)) : null;
        Counters = [.. Enumerable.Range(0, shards).Select(_ => new BlockCounter(_plan, places, _names is not null))];
    }

    /// <summary>What it was told.</summary>
    public BlockRules Rules { get; }

    /// <summary>Whether there is anything to count: else no shard needs a counter.</summary>
    public bool IsCounting => _plan.Columns > 0 || _names is not null;

    /// <summary>A counter for each shard.</summary>
    public IReadOnlyList<BlockCounter> Counters { get; }

    /// <summary>Clients that did something in the time that is looked at.</summary>
    public int ClientCount => _clients.Count;

    /// <summary>Told of each block that was not there before (<c>setNewBlockInsertedHook</c>, the log).</summary>
    public Action<Block>? Inserted { get; set; }

    /// <summary>Begins to look at the seconds that are over, and to block who deserves it. What was begun is done first; nothing new begins until then.</summary>
    /// <param name="table">Where blocks go.</param>
    /// <param name="now">Microseconds.</param>
    /// <param name="globalHitRatio">Share of hits among all queries that were looked for in caches, 0 to 1.</param>
    public void Begin(BlockTable table, long now, double globalHitRatio) => _pass ??= Pass(table, now, globalHitRatio).GetEnumerator();

    /// <summary>Does a piece of the work.</summary>
    /// <param name="budget">How much: records, places and clients of some 100 to 200 ns each, names of as many times that as they cost.</param>
    /// <returns>Whether it is done. What a visitor or <see cref="Inserted"/> throws ends it, too: whom it had blocked by then stays so, and the next pass is a whole one.</returns>
    public bool Step(int budget)
    {
        if (_isAtWork)
        {
            // A visitor has it look at itself: it does, already.
            return true;
        }

        bool isWhole = false;
        _isAtWork = true;
        try
        {
            for (int left = budget; left > 0 && _pass is not null; left -= _pass?.Current ?? 0)
            {
                if (!_pass.MoveNext())
                {
                    End();
                }
            }

            isWhole = true;
        }
        finally
        {
            _isAtWork = false;
            if (!isWhole)
            {
                End();
            }
        }

        return _pass is null;
    }

    private void End()
    {
        _pass?.Dispose();
        _pass = null;
    }

    /// <summary>Clients that are over a rate of the group's after the last pass, blocked or not (<c>exceedQRate</c> and its like).</summary>
    /// <param name="rule">One of <see cref="Rules"/>.</param>
    /// <returns>Each with its count a second.</returns>
    public IEnumerable<(BlockedRange Client, double Rate)> Over(RateRule rule)
    {
        foreach (BlockCheck check in _plan.Checks.Where(check => ReferenceEquals(check.Rule, rule)))
        {
            for (int client = 0; client < _clients.End; client++)
            {
                if (CountOver(check, client, out AddressKey key) is not 0 and long count)
                {
                    yield return (BlockedRange.Of(key, Rules.Masks), (double)count / _plan.SecondsOf(rule));
                }
            }
        }
    }

    private long CountOver(BlockCheck check, int client, out AddressKey key) =>
        _clients.TryRead(client, out key, out ReadOnlySpan<long> sums) && check.IsOver(sums, globalHitRatio: 1) ? sums[check.Count] : 0;

    private IEnumerable<int> Pass(BlockTable table, long now, double globalHitRatio)
    {
        long last = (now / MicrosecondsPerSecond) - 1;
        foreach (int done in _clients.AdvanceTo(last))
        {
            yield return done;
        }

        _names?.AdvanceTo(last);
        foreach (BlockCounter counter in Counters)
        {
            foreach (int done in AddAll(counter, last))
            {
                yield return done;
            }
        }

        for (int first = 0; first < _clients.End; first += CheckedAtOnce)
        {
            for (int client = first; client < Math.Min(first + CheckedAtOnce, _clients.End); client++)
            {
                Check(client, table, now, globalHitRatio);
            }

            yield return CheckedAtOnce;
        }

        if (Rules.Suffixes is { } rule && _names is not null)
        {
            foreach (int done in CheckNames(rule, _names, table, now))
            {
                yield return done;
            }
        }
    }

    private IEnumerable<int> AddAll(BlockCounter counter, long last)
    {
        while (counter.Take(last) is { } table)
        {
            foreach (int done in table.Clients is { } clients ? _clients.Add(clients, table.Second) : [])
            {
                yield return done;
            }

            foreach (int done in table.Names is { } names && _names is not null ? _names.Add(names, table.Second) : [])
            {
                yield return done;
            }

            counter.GiveBack(table);
            yield return CheckedAtOnce;
        }
    }

    private void Check(int client, BlockTable table, long now, double globalHitRatio)
    {
        if (!_clients.TryRead(client, out AddressKey key, out ReadOnlySpan<long> sums))
        {
            return;
        }

        foreach (BlockCheck check in _plan.Checks)
        {
            bool isOver = check.IsOver(sums, globalHitRatio);
            if (isOver || check.IsWarning(sums, globalHitRatio))
            {
                Block(BlockedRange.Of(key, Rules.Masks), check.Rule.ToTerms(isWarning: !isOver), table, now);
            }

            if (isOver)
            {
                return;
            }
        }
    }

    private void Block(BlockedRange range, BlockTerms terms, BlockTable table, long now)
    {
        if (Rules.ExcludedRanges?.Contains(range.Key.ToAddress()) != true && table.Add(range, terms, now) == BlockOutcome.Inserted)
        {
            Inserted?.Invoke(table.Find(range)!);
        }
    }

    private IEnumerable<int> CheckNames(SuffixRule rule, NameWindow window, BlockTable table, long now)
    {
        var tree = new StatTree();
        foreach (int done in window.Build(tree))
        {
            yield return done;
        }

        foreach ((StatNode node, StatVerdict verdict) in tree.Visit(rule.Visitor))
        {
            if (verdict.IsBlocked && Rules.ExcludedDomains?.Matches(node.FullName.Wire) != true)
            {
                Block(node.FullName, rule.ToTerms(isWarning: false) with { Reason = verdict.Reason ?? rule.Reason, Action = verdict.Action ?? rule.Action }, table, now);
            }

            yield return VisitCost;
        }
    }

    private void Block(DomainName name, BlockTerms terms, BlockTable table, long now)
    {
        if (table.Add(name, terms, now) == BlockOutcome.Inserted)
        {
            Inserted?.Invoke(table.Find(name)!);
        }
    }
}
