using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Settings;

namespace Fastdist.Cache.Tests.Policy.Models;

/// <summary>The rules of the cache once more, over dictionaries that are never full, and written for plainness only.</summary>
/// <param name="options">The cache's settings.</param>
/// <param name="staleFor">Seconds beyond its end that an answer may be given.</param>
internal sealed class NaiveCache(CacheOptions options, uint staleFor)
{
    private readonly Dictionary<(int Name, int Type, int Traits), ModelQuestion> _questions = [];

    /// <summary>How a look ends, and with which answer.</summary>
    internal (Look Look, byte[] Answer) Find(Step step, uint now, bool takesStale)
    {
        ModelEntry? found = Candidates(step).OrderBy(entry => entry.Ends <= now).FirstOrDefault();
        if (found is null || (found.Ends <= now && !IsStale(found, now)))
        {
            return (Look.Missing, []);
        }

        bool isStale = found.Ends <= now;
        return isStale && !takesStale ? (Look.Stale, []) : (Look.Found, found.ToClient(now, isStale, options.StaleTtl));
    }

    /// <summary>Whether an answer is kept.</summary>
    internal bool Keep(Step step, uint now)
    {
        uint seconds = SecondsOf(step);
        if (seconds == 0 || step.Scope == KeepTerms.Unsound)
        {
            return false;
        }

        ModelQuestion question = QuestionOf(step);
        var entry = new ModelEntry(step, now, now + seconds, 0);
        if (step.Told is not { } told)
        {
            return TryPut(question.Untold, entry, now, kept => question.Untold = kept);
        }

        if (told.Prefix == 0)
        {
            return TryPut(question.Hidden, entry, now, kept => question.Hidden = kept);
        }

        int scope = step.Scope == KeepTerms.Unsaid ? told.Prefix : Math.Min(step.Scope, told.Prefix);
        entry = entry with { Scope = step.Scope == KeepTerms.Unsaid ? scope : step.Scope };
        return scope > 0 ? KeepFor(question, told, scope, entry, now) : KeepForAll(question, entry, now);
    }

    internal void ExpungeByName(Step step, bool isSuffix, bool isOfType)
    {
        foreach ((int Name, int Type, int Traits) key in _questions.Keys.Where(key => step.Means(key.Name, isSuffix) && (!isOfType || key.Type == step.Type)).ToArray())
        {
            _questions.Remove(key);
        }
    }

    internal void ExpungeAll() => _questions.Clear();

    internal void PurgeExpired(uint since)
    {
        foreach (ModelQuestion question in _questions.Values)
        {
            question.Untold = Left(question.Untold, since);
            question.Hidden = Left(question.Hidden, since);
            question.ForAll = Left(question.ForAll, since);
            question.List = question.List?.Values.Max() <= since ? null : question.List;
            foreach (string network in question.Ones.Where(one => one.Value.Ends <= since).Select(static one => one.Key).ToArray())
            {
                question.Ones.Remove(network);
            }
        }
    }

    private static ModelEntry? Left(ModelEntry? entry, uint since) => entry?.Ends <= since ? null : entry;

    private uint SecondsOf(Step step)
    {
        if (step.Content is Content.Failure or Content.Refusal)
        {
            return options.TemporaryFailureTtl;
        }

        uint seconds = Math.Min(step.Ttl, step.Content is Content.NameError or Content.NoData ? options.MaxNegativeTtl : options.MaxTtl);
        seconds = step.Content == Content.Cut ? Math.Min(seconds, options.TruncatedTtl) : seconds;
        return seconds < options.MinTtl ? 0 : seconds;
    }

    private bool IsStale(ModelEntry entry, uint now) =>
        entry.Ends <= now && now - entry.Ends < staleFor && !entry.IsFailure && (options.StaleNegatives || !entry.IsNegative);

    private bool IsBetter(ModelEntry? there, ModelEntry coming, uint now) =>
        there is not null && coming.IsLess && !there.IsLess && (there.Ends > now || (coming.IsFailure && IsStale(there, now)));

    private bool IsBetter(Dictionary<string, uint>? list, ModelEntry coming, uint now) =>
        list is not null && coming.IsLess && (list.Values.Max() > now || (coming.IsFailure && now - list.Values.Max() < staleFor));

    private bool TryPut(ModelEntry? there, ModelEntry entry, uint now, Action<ModelEntry> put)
    {
        if (IsBetter(there, entry, now))
        {
            return false;
        }

        put(entry);
        return true;
    }

    private bool KeepForAll(ModelQuestion question, ModelEntry entry, uint now)
    {
        if (IsBetter(question.List, entry, now))
        {
            return false;
        }

        return TryPut(question.ForAll, entry, now, kept => (question.ForAll, question.List) = (kept, null));
    }

    private bool KeepFor(ModelQuestion question, Told told, int scope, ModelEntry entry, uint now)
    {
        string network = ModelQuestion.NetworkOf(told.Address, scope);
        if (IsBetter(question.Ones.GetValueOrDefault(network), entry, now) || IsBetter(question.ForAll, entry, now))
        {
            return false;
        }

        if (question.List is null || question.List.Values.Max() <= now - staleFor)
        {
            question.List = [];
            question.Lengths.Clear();
        }

        question.ForAll = null;
        question.List[network] = entry.Ends;
        question.Lengths.Add((told.Address.Length, scope));
        question.Ones[network] = entry;
        return true;
    }

    /// <summary>Answers that would do, the best one first.</summary>
    private IEnumerable<ModelEntry> Candidates(Step step)
    {
        ModelQuestion question = QuestionOf(step);
        ModelEntry?[] all = step.Told switch
        {
            null => [question.Untold],
            { Prefix: 0 } => [question.ForAll, question.Hidden],
            { } when question.List is null => [question.ForAll],
            { } told => [.. question.Lengths
                .Where(length => length.Family == told.Address.Length && length.Prefix <= told.Prefix)
                .OrderByDescending(static length => length.Prefix)
                .Select(length => (length.Prefix, Entry: question.Ones.GetValueOrDefault(ModelQuestion.NetworkOf(told.Address, length.Prefix))))
                .Where(one => one.Entry?.Scope <= one.Prefix || one.Prefix == told.Prefix)
                .Select(static one => one.Entry)],
        };
        return all.OfType<ModelEntry>();
    }

    private ModelQuestion QuestionOf(Step step)
    {
        if (!_questions.TryGetValue(step.Question, out ModelQuestion? question))
        {
            _questions[step.Question] = question = new ModelQuestion();
        }

        return question;
    }
}
