using System;
using System.Diagnostics.CodeAnalysis;
using Fastdist.Dns;
using Fastdist.Proxy.Gates;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Frontends;

/// <summary>
/// Asks anew what clients asked whose answer a cache had, and is about to have no longer. The query is theirs, with all that was decided about it; what comes of it
/// is for the cache, and nobody waits.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="clients">Who asked.</param>
internal sealed class Refresher(ShardContext shard, ClientAsker clients) : Asker, IClients
{
    /// <inheritdoc/>
    public override bool MayBeDropped => true;

    /// <inheritdoc/>
    public bool AreWaiting => false;

    /// <inheritdoc/>
    public Origin OriginOf([UnscopedRef] in InFlightEntry entry) => clients.OriginOf(in entry);

    /// <inheritdoc/>
    public override void Answered(in InFlightEntry entry, ReadOnlySpan<byte> answer)
    {
        if (Header.Rcode(answer) is not (Rcode.NoError or Rcode.NXDomain))
        {
            GiveUp(in entry);
        }
    }

    /// <inheritdoc/>
    public override void Failed(in InFlightEntry entry, ReadOnlySpan<byte> query, in QueryFailure failure) => GiveUp(in entry);

    private void GiveUp(in InFlightEntry entry) =>
        shard.Caches[shard.Table.PoolOf(in entry)]?.RefreshFailed(shard.CacheNow);
}
