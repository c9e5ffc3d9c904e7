using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Frontends;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>
/// What becomes of the frontends when other settings are applied: who has the same addresses, interface and protocol goes on, perhaps with edits, the others go,
/// and new ones come.
/// </summary>
internal sealed class FrontendPlan
{
    /// <param name="present">Those there are.</param>
    /// <param name="next">Those there are to be.</param>
    public FrontendPlan(SharedFrontend[] present, IReadOnlyList<FrontendOptions> next)
    {
        Kept = [.. next.Select(options => Find(present, options))];
        Next = [.. next.Select((options, i) => Kept[i] is { } kept ? options.With(kept.Options) : options)];
        Going = [.. present.Except(Kept.OfType<SharedFrontend>())];
    }

    /// <summary>Those there are to be.</summary>
    public FrontendOptions[] Next { get; }

    /// <summary>For each of the next who goes on as that one; null where one has to come.</summary>
    public SharedFrontend?[] Kept { get; }

    /// <summary>Those that go.</summary>
    public SharedFrontend[] Going { get; }

    /// <summary>Settings of those that have to come.</summary>
    public FrontendOptions[] Coming => [.. Next.Where((_, i) => Kept[i] is null)];

    /// <summary>Whether one of the next has to load what it presents.</summary>
    public bool NeedsContexts(int number) => HasOtherTls(Next[number], Kept[number]);

    /// <summary>The one of some frontends that has the addresses, interface and protocol of some settings; null when none has.</summary>
    public static SharedFrontend? Find(SharedFrontend[] present, FrontendOptions next) => Array.Find(present, frontend => frontend.Options.IsAtPlaceOf(next));

    /// <summary>Whether settings have TLS that is not the one of who is there, if anybody is.</summary>
    public static bool HasOtherTls(FrontendOptions next, SharedFrontend? present) =>
        next.Tls is not null && (present is null || next.With(present.Options).Tls != present.Options.Tls);
}
