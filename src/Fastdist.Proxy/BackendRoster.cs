using System;
using System.Collections.Generic;
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
    private volatile BackendView[] _present = [];
    private volatile Absent _absent = new([], new BackendTotals(0, 0));

    /// <summary>The backends of the moment, in the order they were added.</summary>
    public BackendView[] Present => _present;

    /// <summary>The lowest slot that neither a backend nor what is left of one has.</summary>
    public int FreeSlot
    {
        get
        {
            HashSet<int> taken = [.. _present.Concat(_absent.Leaving).Select(backend => backend.Shared.Slot)];
            int slot = 0;
            while (taken.Contains(slot))
            {
                slot++;
            }

            return slot;
        }
    }

    /// <summary>Those of the moment, and those removed that still wait for answers.</summary>
    /// <param name="departed">What the others had counted.</param>
    public BackendView[] All(out BackendTotals departed)
    {
        // Who is removed meanwhile is found in both, and counted once.
        BackendView[] present = _present;
        Absent absent = _absent;
        departed = absent.Departed;
        return [.. present.Union(absent.Leaving)];
    }

    /// <summary>Whether a backend is there and was not removed.</summary>
    public bool Contains(BackendView backend) => _present.Contains(backend);

    /// <summary>Takes in a backend.</summary>
    public void Add(BackendView backend) => _present = [.. _present, backend];

    /// <summary>Lets a backend go, which is leaving until every shard has let go of it.</summary>
    /// <returns>False when it was removed before.</returns>
    public bool TryRemove(BackendView backend)
    {
        if (!Contains(backend))
        {
            return false;
        }

        _absent = _absent with { Leaving = [.. _absent.Leaving, backend] };
        _present = Array.FindAll(_present, other => other != backend);
        return true;
    }

    /// <summary>Forgets those that every shard has let go of, but for what they counted.</summary>
    /// <returns>Who they were.</returns>
    public BackendView[] ForgetGone()
    {
        BackendView[] gone = Array.FindAll(_absent.Leaving, static backend => backend.Shared.IsGone);
        if (gone.Length > 0)
        {
            _absent = new Absent([.. _absent.Leaving.Except(gone)], _absent.Departed.Plus(gone));
        }

        return gone;
    }

    /// <summary>Why a backend cannot be taken in; empty when it can.</summary>
    public string ProblemWith(BackendOptions options) =>
        Array.Exists(_present, backend => backend.Name == options.Name) ? $"there is a server called '{options.Name}' already: give this one another name"
        : _present.Length + _absent.Leaving.Length >= ProxyOptions.MostBackends ? $"there are {ProxyOptions.MostBackends} servers, those included that still wait for answers: remove one or wait"
        : "";

    private sealed record Absent(BackendView[] Leaving, BackendTotals Departed);
}
