using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>What becomes of the backends when other settings are applied: some go on, perhaps with edits, the others go, and new ones come.</summary>
internal sealed class BackendPlan
{
    /// <param name="present">Those there are.</param>
    /// <param name="next">Those there are to be.</param>
    /// <param name="areSubnetsOthers">Whether those that are told clients' networks are to be replaced, too.</param>
    public BackendPlan(BackendView[] present, IReadOnlyList<BackendOptions> next, bool areSubnetsOthers)
    {
        int[] found = Succession.Find([.. present.Select(Known)], next);
        Present = present;
        Next = next;
        Before = [.. found.Select(place => place == Succession.New ? null : present[place])];
        Kept = [.. Before.Select((before, i) => before is not null && EditableSettings.Lead(before.Options, next[i]) && !(areSubnetsOthers && next[i].UseClientSubnet) ? before : null)];
        Coming = [.. Enumerable.Range(0, next.Count).Where(i => Kept[i] is null).Select(i => next[i])];
    }

    /// <summary>Those there were when this was planned, the same array as long as none came or went.</summary>
    public BackendView[] Present { get; }

    /// <summary>Those there are to be.</summary>
    public IReadOnlyList<BackendOptions> Next { get; }

    /// <summary>For each of the next the one that it is, kept or replaced; null for a new one.</summary>
    public BackendView?[] Before { get; }

    /// <summary>For each of the next who goes on as that one; null where one has to come.</summary>
    public BackendView?[] Kept { get; }

    /// <summary>Those that have to come, in their order.</summary>
    public BackendOptions[] Coming { get; }

    /// <summary>Those that go.</summary>
    public IEnumerable<BackendView> Going => Present.Except(Kept.OfType<BackendView>());

    /// <summary>The settings of a backend as they are now, by which it is known again.</summary>
    public static BackendOptions Known(BackendView backend) => backend.Options with { Id = backend.Id, Pools = backend.Pools };

    /// <summary>What is wrong with the next ones among themselves.</summary>
    /// <param name="shards">Shards of the process.</param>
    public IEnumerable<string> Problems(int shards)
    {
        foreach (IGrouping<string, BackendOptions> twice in Next.GroupBy(backend => backend.Name).Where(group => group.Count() > 1))
        {
            yield return $"{twice.First().Flag}: {twice.Count()} servers have this name: give each another";
        }

        foreach (IGrouping<Guid?, BackendOptions> twice in Next.GroupBy(backend => backend.Id).Where(group => group.Key is not null && group.Count() > 1))
        {
            yield return $"{twice.First().Flag}: {twice.Count()} servers have the id {twice.Key}: give each another";
        }

        foreach (BackendOptions backend in Next)
        {
            if (backend.ProblemWith(shards) is { Length: > 0 } problem)
            {
                yield return $"{backend.Flag}: {problem}";
            }
        }
    }
}
