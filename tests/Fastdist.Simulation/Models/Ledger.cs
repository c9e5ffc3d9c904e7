using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Simulation.Caching;

namespace Fastdist.Simulation.Models;

/// <summary>Every query of a run, and the judgement on how it ended.</summary>
internal sealed class Ledger(World world)
{
    /// <summary>Ends of connections that are so near each other have had one cause; some milliseconds more and they may have.</summary>
    private const long OneEvent = 80_000;

    /// <summary>
    /// A backend has to have been sound for so long to be blamed for nothing: the longest pause before a reconnect, a health check, and
    /// their round trips.
    /// </summary>
    private const long Notice = 5_500_000;

    /// <summary>A deadline is looked at every 20 ms, and a moment passes on the way.</summary>
    private const long Slack = 150_000;

    /// <summary>Times that a query may be read by backends, however they end their connections on it.</summary>
    private const int MostAsks = 100;

    private const string NoRoom = "all backends are at their limits";
    private const string NoReason = "no reason given";

    /// <summary>Longer than any query may take, microseconds.</summary>
    private const long Longest = 6_500_000;

    /// <summary>A query that is given up for a connection's end fails within a turn of it, besides the network's time.</summary>
    private const long Turn = 20_000;

    /// <summary>Second asks that are granted in that time to whoever has asked little.</summary>
    private const int FreeSecondAsks = 12;

    private readonly List<SimQuery> _queries = [];

    public IReadOnlyList<SimQuery> Queries => _queries;

    /// <summary>Queries that the proxy answered with a failure of its own.</summary>
    public IEnumerable<SimQuery> Failed => _queries.Where(static q => q.Fate == Fate.Failed);

    /// <summary>Whether every query has ended, as far as its client can tell: a datagram may have been dropped.</summary>
    public bool IsQuiet => _queries.TrueForAll(q => q.Fate != Fate.Pending || (q.IsDatagram && world.Now - q.SentAt > Longest + world.StoppedFor - q.StoppedBefore));

    /// <summary>What failures are violations at all, when a run says more about them than the general rule.</summary>
    public Func<SimQuery, string, string?>? Rule { get; set; }

    /// <summary>A client is about to ask.</summary>
    public SimQuery Add(NameKind kind, ushort id, bool isDatagram)
    {
        if (world.Caching is { } caching)
        {
            int length = world.Random.Next(3) == 0 ? -1 : world.Random.Next(6) == 0 ? 8 : 0;
            Wish wish = caching.Next(kind, hasEdns: length >= 0);
            var cached = new SimQuery(_queries.Count, kind, id, isDatagram, length, world.Now) { StoppedBefore = world.StoppedFor, Wish = wish, Name = CasedNames.Cased(wish.Topic.Name, _queries.Count) };
            _queries.Add(cached);
            return cached;
        }

        if (world.AsksEqual && FindToRepeat(kind, isDatagram) is { } first)
        {
            first.HasFollowers = true;
            var another = new SimQuery(_queries.Count, kind, id, isDatagram, first.OptionLength, world.Now, first) { StoppedBefore = world.StoppedFor };
            _queries.Add(another);
            return another;
        }

        int optionLength = world.Random.Next(4) == 0 ? -1 : world.Random.Next(6) == 0 ? world.Random.Next(isDatagram ? 1000 : 6000) : 0;
        var query = new SimQuery(_queries.Count, kind, id, isDatagram, optionLength, world.Now) { StoppedBefore = world.StoppedFor };
        _queries.Add(query);
        return query;
    }

    /// <summary>One of those that were asked last, for another client to ask the same; null for none.</summary>
    private SimQuery? FindToRepeat(NameKind kind, bool isDatagram)
    {
        const int Most = 4;
        SimQuery? found = _queries.Count == 0 || world.Random.Next(3) == 0 ? null : _queries[^world.Random.Next(1, Math.Min(_queries.Count, Most) + 1)].First;
        return found is not null && found.Kind == kind && (found.IsDatagram || !isDatagram) ? found : null;
    }

    /// <summary>The query that a message asks; null when it is no client's.</summary>
    public SimQuery? Find(ReadOnlySpan<byte> message) => Messages.NumberOf(message) is >= 0 and int number && number < _queries.Count ? _queries[number] : null;

    /// <summary>A backend read it.</summary>
    public void Asked(SimQuery query, Ask ask)
    {
        query.Asks.Add(ask);
        world.Require(query.Asks.Count <= MostAsks || query.IsOneOfSeveral, $"asked {query.Asks.Count} times: q{query.Number} {query.Kind}");
        int empty = query.Asks.Count(a => a.HasEndedEmpty && a.EndedAt < ask.SentAt);
        world.Require(empty <= ask.Backend.Options.Retries || query.IsOneOfSeveral, $"asked again after {empty} connections ended on it: {query}");
    }

    /// <summary>An answer came to the client that asked.</summary>
    public void Answered(SimQuery query, ReadOnlySpan<byte> answer)
    {
        world.Note("answer", query.Number, (int)Header.Rcode(answer));
        if (query.Fate is not (Fate.Pending or Fate.LostOnTheWay))
        {
            world.Violate($"answered once more after {query.Fate}: {query}");
            return;
        }

        string wrong = Messages.ProblemWith(answer, query);
        if ((wrong.Length > 0 || query.Wish is null ? wrong : world.Caching!.Judge.ProblemWith(answer, query)) is { Length: > 0 } problem)
        {
            world.Violate($"answered wrongly, {problem}: {query}");
        }

        query.EndedAt = world.Now;
        if (query.Kind is NameKind.Dropped or NameKind.Refused)
        {
            query.Fate = Fate.Answered;
            world.Require(query.Kind == NameKind.Refused && Header.Rcode(answer) == Rcode.Refused && query.Asks.Count == 0, $"answered {Header.Rcode(answer)} where a rule decides otherwise: {query}");
            return;
        }

        world.Require(query.Kind != NameKind.Unheard || Header.Rcode(answer) == Rcode.ServFail, $"answered though a rule drops its answer: {query}");
        world.Require(!query.IsDatagram || world.Now - query.ArrivedAt <= Longest + world.StoppedFor - query.StoppedBefore, $"ended long after its deadline: {query}");
        if (query.Wish is not null && (Header.IsTruncated(answer) || world.Caching!.Judge.Of(answer) is not null || (Header.Rcode(answer) == Rcode.FormErr && query.WasRefused)))
        {
            query.Fate = Fate.Answered;
            return;
        }

        if (query.Wish is null && (Header.Rcode(answer) == Rcode.NoError || query.WasRefused))
        {
            query.Fate = Fate.Answered;
            world.Require(query.Asks.Exists(static a => a.IsAnswered), $"answered though no backend answered: {query}");
            return;
        }

        world.Require(Header.Rcode(answer) == Rcode.ServFail, $"answered {Header.Rcode(answer)}, which is nobody's answer: {query}");
        query.Fate = Fate.Failed;
        string reason = Messages.ReasonOf(answer, query);
        string? violation = Rule is null ? JudgeWithEquals(query, reason) : Rule(query, reason);
        if (violation is not null)
        {
            world.Violate($"failed ({reason}) after {(query.EndedAt - query.ArrivedAt) / 1e3:F1} ms, {violation}: {query}");
        }
    }

    /// <summary>The client left.</summary>
    public void Leave(SimQuery query) => End(query, Fate.Left);

    /// <summary>The network lost it, or its answer.</summary>
    public void LoseOnTheWay(SimQuery query) => End(query, Fate.LostOnTheWay);

    /// <summary>The proxy ended the connection that it came on.</summary>
    public void CutOff(SimQuery query) => End(query, Fate.CutOff);

    /// <summary>
    /// The general rule: nothing fails that a sound backend could have answered in time. Before its deadline a query may fail only when no
    /// backend was sound for long enough to be known for it, when it may be what kills backends, or when as many connections ended on it as
    /// it may be sent over; at its deadline only when no backend was sound that had not lost it before, or when two
    /// others had.
    /// </summary>
    public string? Judge(SimQuery query, string reason)
    {
        if (query.Kind == NameKind.Poison || IsSuspected(query) || (world.MayBeFull && (reason is NoRoom or NoReason || world.Backends.Any(static b => b.SwallowedWithin(Longest) > 0))))
        {
            return null;
        }

        SimBackend? sound = world.Backends.FirstOrDefault(b => b.IsSoundSince(Math.Min(query.ArrivedAt, world.Now) - Notice) && !HasLost(b, query));
        if (sound is null)
        {
            return null;
        }

        if (IsBeforeDeadline(query))
        {
            return $"before its deadline, while b{sound.Number} was sound";
        }

        if (IsLostTwice(query))
        {
            return null;
        }

        bool mayBeOverBudget = world.Backends.Sum(static b => b.SwallowedWithin(Longest)) > FreeSecondAsks;
        return mayBeOverBudget && query.Asks.Exists(static a => a.IsLost) ? null : $"at its deadline, while b{sound.Number} was sound all the time";
    }

    /// <summary>The same where queries wait for the answers to equal ones, and share what becomes of them.</summary>
    private string? JudgeWithEquals(SimQuery query, string reason) =>
        Judge(query, reason) is { } violation && !EqualsOf(query).Any(q => q.Asks.Count > 0 && Judge(q, reason) is null) ? violation : null;

    /// <summary>Others that ask the same and were under way at the same time, be it that their clients had left or had been given what a cache had.</summary>
    private IEnumerable<SimQuery> EqualsOf(SimQuery query) => query.Wish is not { } wish ? []
        : _queries.Where(q => q != query && q.Wish!.Topic == wish.Topic && q.Wish.Type == wish.Type && (q.EndedAt == 0 || q.EndedAt >= query.SentAt || q.Asks.Exists(a => a.At > query.SentAt - Longest)));

    /// <summary>Whether no backend's deadline is over.</summary>
    public bool IsBeforeDeadline(SimQuery query) => world.Now - query.ArrivedAt < (world.Backends.Min(static b => b.Options.Deadline) * 1000L) - Slack;

    /// <summary>
    /// Whether it waits for two answers that never come: it is on two connections, or asked of two backends, at most, and either may still be
    /// slow.
    /// </summary>
    private bool IsLostTwice(SimQuery query) => query.Asks.Count(a => a is StreamAsk && a.IsLost && (a.EndedAt == 0 || a.EndedAt > world.Now - Slack)) > 1
        || (world.Backends.Any(static b => b.Options.HasDatagrams) && world.Backends.Count(b => HasLost(b, query) || !b.IsSoundSince(query.ArrivedAt)) > 1);

    private static bool HasLost(SimBackend backend, SimQuery query) =>
        query.Asks.Exists(a => a.Backend == backend && a.IsLost) || (query.Kind == NameKind.Lost && backend.Plan.LosesNames);

    /// <summary>
    /// Whether the proxy may take it for what ends connections: those that it was on broke, and not in one event. What was under way when
    /// a connection was reset may have been the cause, as far as the proxy can tell.
    /// </summary>
    private bool IsSuspected(SimQuery query)
    {
        List<long> breaks = [.. world.Backends.SelectMany(static b => b.Breaks).Where(at => at >= query.SentAt)];
        if (breaks.Count > 1 && breaks.Max() - breaks.Min() > OneEvent)
        {
            return true;
        }

        Ask[] broken = [.. query.Asks.Where(static a => a.MayLookLikeCause)];
        if (broken.Length > 0 && breaks.Exists(at => at >= world.Now - Turn - (4 * world.Latency) && at - broken.Max(static a => a.EndedAt) > OneEvent))
        {
            // It may have been on its way to the one that broke last, which never heard of it: where a reset caught it the proxy cannot tell.
            return true;
        }

        return broken.Length > 5 || (broken.Length > 1 && broken.Any(a => broken.Any(b => b.EndedAt - a.EndedAt > OneEvent || (a != b && b.At >= a.EndedAt))));
    }

    private void End(SimQuery query, Fate fate)
    {
        if (query.Fate == Fate.Pending)
        {
            (query.Fate, query.EndedAt) = (fate, world.Now);
        }
    }
}
