using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Cache.Tests.Policy.Models;

/// <summary>
/// What a cache may have, however little room it has: of each question and network the answer that it last said it kept. It may have lost any of them, but has nothing else.
/// </summary>
/// <param name="staleTtl">TTL in stale answers, seconds.</param>
/// <param name="staleFor">Seconds beyond its end that an answer may be given.</param>
internal sealed class LastKept(uint staleTtl, uint staleFor)
{
    private readonly Dictionary<((int Name, int Type, int Traits) Question, string Network), ModelEntry> _kept = [];

    /// <summary>An answer was kept.</summary>
    internal void Keep(Step step, uint now, uint seconds) => _kept[(step.Question, NetworkOf(step))] = new ModelEntry(step, now, now + seconds, 0);

    internal void ExpungeByName(Step step, bool isSuffix, bool isOfType)
    {
        foreach (((int Name, int Type, int) Question, string) key in _kept.Keys.Where(key => step.Means(key.Question.Name, isSuffix) && (!isOfType || key.Question.Type == step.Type)).ToArray())
        {
            _kept.Remove(key);
        }
    }

    internal void ExpungeAll() => _kept.Clear();

    /// <summary>Whether an answer is one that the cache may have for who asks.</summary>
    internal bool Has(Step step, uint now, byte[] answer, bool isStale) => _kept.Any(kept =>
        kept.Key.Question == step.Question && Serves(kept.Key.Network, step.Told) && kept.Value.Ends <= now == isStale && (!isStale || now - kept.Value.Ends < staleFor)
        && kept.Value.ToClient(now, isStale, staleTtl).AsSpan().SequenceEqual(answer));

    private static string NetworkOf(Step step)
    {
        int scope = step.Scope == KeepTerms.Unsaid ? step.Told?.Prefix ?? 0 : int.Min(step.Scope, step.Told?.Prefix ?? 0);
        return step.Told switch
        {
            null => "untold",
            { Prefix: 0 } => "hidden",
            { } told => scope == 0 ? "all" : ModelQuestion.NetworkOf(told.Address, scope),
        };
    }

    private static bool Serves(string network, Told? told) => told switch
    {
        null => network == "untold",
        { Prefix: 0 } => network is "hidden" or "all",
        { } => network == "all" || Enumerable.Range(1, told.Prefix).Any(prefix => network == ModelQuestion.NetworkOf(told.Address, prefix)),
    };
}
