using System;
using System.Linq;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>
/// Which backends the process has: those of the moment, those that were removed and still wait for answers, and what the others had counted.
/// Changed by one thread at a time, read by any.
/// </summary>
internal sealed class BackendRoster
{
    private volatile Entries _entries = new([], [], new BackendTotals(0, 0));

    /// <summary>The backends of the moment, in the order they were added.</summary>
    public BackendView[] Present => _entries.Present;

    /// <summary>The lowest slot that neither a backend nor what is left of one has.</summary>
    public int FreeSlot => Slots.LowestFree(_entries.Present.Concat(_entries.Leaving).Select(static backend => backend.Shared.Slot));

    /// <summary>Those of the moment, and those removed that still wait for answers.</summary>
    /// <param name="departed">What the others had counted.</param>
    public BackendView[] All(out BackendTotals departed)
    {
        Entries entries = _entries;
        departed = entries.Departed;
        return [.. entries.Present, .. entries.Leaving];
    }

    /// <summary>Whether a backend is there and was not removed.</summary>
    public bool Contains(BackendView backend) => Present.Contains(backend);

    /// <summary>Takes in a backend.</summary>
    public void Add(BackendView backend) => _entries = _entries with { Present = [.. Present, backend] };

    /// <summary>Lets a backend go, which is leaving until every shard has let go of it.</summary>
    /// <returns>False when it was removed before.</returns>
    public bool TryRemove(BackendView backend)
    {
        if (!Contains(backend))
        {
            return false;
        }

        _entries = _entries with { Present = Array.FindAll(Present, other => other != backend), Leaving = [.. _entries.Leaving, backend] };
        return true;
    }

    /// <summary>Has these and no others, in this order; those that were there besides are leaving.</summary>
    public void Arrange(BackendView[] present) =>
        _entries = _entries with { Present = present, Leaving = [.. _entries.Leaving, .. _entries.Present.Except(present)] };

    /// <summary>Forgets those that every shard has let go of, but for what they counted.</summary>
    /// <returns>Who they were.</returns>
    public BackendView[] ForgetGone()
    {
        BackendView[] gone = Array.FindAll(_entries.Leaving, static backend => backend.Shared.IsGone);
        if (gone.Length > 0)
        {
            _entries = _entries with { Leaving = [.. _entries.Leaving.Except(gone)], Departed = _entries.Departed.Plus(gone) };
        }

        return gone;
    }

    /// <summary>Why a backend cannot be taken in; empty when it can.</summary>
    public string ProblemWith(BackendOptions options) =>
        Array.Exists(Present, backend => backend.Name == options.Name) ? $"there is a server called '{options.Name}' already: give this one another name"
        : Array.Exists(Present, backend => backend.Id == options.Id) ? $"there is a server with the id {options.Id} already: give this one another"
        : HasRoomFor(1) ? ""
        : $"there are {ProxyOptions.MostBackends} servers, those included that still wait for answers: remove one or wait";

    /// <summary>Whether so many more can be there at once with those there are, also with those that are leaving.</summary>
    public bool HasRoomFor(int more) => Present.Length + _entries.Leaving.Length + more <= ProxyOptions.MostBackends;

    /// <summary>Read as one, so that nobody is missed or counted twice while one is removed.</summary>
    private sealed record Entries(BackendView[] Present, BackendView[] Leaving, BackendTotals Departed);
}
