using System;

namespace Fastdist.Proxy.Backends;

/// <summary>The pools it is in, which look at what changed of it when they choose next.</summary>
internal sealed partial class Backend
{
    private Membership[] _memberships = [];

    /// <summary>Becomes a member of a pool.</summary>
    public void Join(Membership membership) => _memberships = [.. _memberships, membership];

    /// <summary>Is a member no longer.</summary>
    public void Part(Membership membership) => _memberships = Array.FindAll(_memberships, m => m != membership);

    /// <summary>Something changed that readiness follows from.</summary>
    private void ReadinessChanged()
    {
        _isJudged = false;
        foreach (Membership membership in _memberships)
        {
            membership.Readiness.Mark(membership.Member);
        }
    }

    /// <summary>It has another number of queries, or another latency.</summary>
    private void LoadChanged()
    {
        foreach (Membership membership in _memberships)
        {
            membership.Loads.Mark(membership.Member);
        }
    }
}
