using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>
/// Which frontends the process has: those of the moment, those that were removed and still have clients, and what the others had counted. Changed by one
/// thread at a time, read by any.
/// </summary>
internal sealed class FrontendRoster
{
    private volatile Entries _entries = new([], [], [], Departed: []);

    /// <summary>The frontends of the moment, in the order of the settings.</summary>
    public SharedFrontend[] Present => _entries.Present;

    /// <summary>Those whose sockets may be open: also those that are leaving.</summary>
    public IEnumerable<SharedFrontend> Held => _entries.Present.Concat(_entries.Leaving);

    /// <summary>Each of them once for each protocol that it speaks.</summary>
    public IReadOnlyList<FrontendView> Views => _entries.Views;

    /// <summary>The same, and all that have counted something besides: those that are leaving and, for each protocol, the sum of those that are gone.</summary>
    public IReadOnlyList<FrontendView> Counted
    {
        get
        {
            Entries entries = _entries;
            return [.. entries.Views, .. entries.Leaving.Concat(entries.Departed).SelectMany(ViewsOf)];
        }
    }

    /// <summary>The lowest slot that neither a frontend nor what is left of one has.</summary>
    public int FreeSlot(IEnumerable<SharedFrontend> coming) => Slots.LowestFree(Held.Concat(coming).Select(static frontend => frontend.Slot));

    /// <summary>Has these and no others, in this order; those that were there besides are leaving.</summary>
    public void Arrange(SharedFrontend[] present) => _entries = _entries with
    {
        Present = present,
        Views = [.. present.SelectMany(frontend => _entries.Views.Where(view => view.Shared == frontend) is var views && views.Any() ? views : ViewsOf(frontend))],
        Leaving = [.. _entries.Leaving, .. _entries.Present.Except(present)],
    };

    /// <summary>Forgets those that every shard has let go of, but for what they counted.</summary>
    public void ForgetGone()
    {
        SharedFrontend[] gone = Array.FindAll(_entries.Leaving, static frontend => frontend.IsGone);
        if (gone.Length > 0)
        {
            _entries = _entries with { Leaving = [.. _entries.Leaving.Except(gone)], Departed = SumsOf(_entries.Departed.Concat(gone)) };
        }
    }

    private static IEnumerable<FrontendView> ViewsOf(SharedFrontend frontend)
    {
        FrontendView tcp = new(frontend, isDatagrams: false);
        return frontend.Udp.Count > 0 ? [new FrontendView(frontend, isDatagrams: true), tcp] : [tcp];
    }

    /// <summary>What some counted together, those of each protocol as one.</summary>
    private static SharedFrontend[] SumsOf(IEnumerable<SharedFrontend> frontends) =>
        [.. frontends.GroupBy(static frontend => (IsTls: frontend.Options.Tls is not null, IsDoh: frontend.Options.Doh is not null)).Select(group => SumOf(group, group.Key.IsTls, group.Key.IsDoh))];

    private static SharedFrontend SumOf(IEnumerable<SharedFrontend> frontends, bool isTls, bool isDoh)
    {
        var options = new FrontendOptions
        {
            Address = new IPEndPoint(IPAddress.None, 0),
            Tls = isTls ? new TlsFrontendOptions() : null,
            Doh = isDoh ? new DohFrontendOptions() : null,
        };
        var sum = new SharedFrontend(-1, options, shards: 1);
        foreach (SharedFrontend frontend in frontends)
        {
            Add(sum.Udp, frontend.Udp);
            Add(sum.Tcp, frontend.Tcp);
        }

        return sum;
    }

    private static void Add(IReadOnlyList<FrontendCounters> sum, IReadOnlyList<FrontendCounters> counters)
    {
        foreach (FrontendCounters one in counters)
        {
            sum[0].Add(one);
        }
    }

    /// <summary>Read as one, so that nobody is missed or counted twice while one is removed.</summary>
    private sealed record Entries(SharedFrontend[] Present, FrontendView[] Views, SharedFrontend[] Leaving, SharedFrontend[] Departed);
}
