using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Files;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Shards;
using Fastdist.Settings;

namespace Fastdist.Proxy;

/// <summary>All that applying other settings needs, loaded and bound, so that nothing can go wrong any more.</summary>
/// <param name="Backends">What becomes of the backends.</param>
/// <param name="BackendContexts">For each that comes; null for one that could not be loaded.</param>
/// <param name="Frontends">What becomes of the frontends.</param>
/// <param name="FrontendContexts">For each of the next what it is to present from now on; null where that stays, or could not be loaded.</param>
/// <param name="Tickets">Where ticket keys come from.</param>
/// <param name="Sockets">Of each frontend that comes, for each shard.</param>
/// <param name="RuleLogs">The files that rules write to.</param>
/// <param name="Caches">The pools' packet caches.</param>
internal sealed record PreparedSettings(
    BackendPlan Backends, BackendContexts?[] BackendContexts, FrontendPlan Frontends, FrontendContexts?[] FrontendContexts,
    IReadOnlyDictionary<TicketKeyOptions, TicketKeySource> Tickets, ShardSockets[][] Sockets, RuleLogPlan RuleLogs, CachePlan Caches)
{
    /// <summary>Gives back what nobody came to use.</summary>
    public void Discard()
    {
        Array.ForEach(BackendContexts, static contexts => contexts?.Discard());
        Array.ForEach(FrontendContexts, static contexts => contexts?.Discard());
        RuleLogs.Discard();
        Caches.Discard();
        FrontendSockets.Close(Sockets.SelectMany(static ofShards => ofShards));
    }
}
