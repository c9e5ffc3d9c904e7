namespace Fastdist.Proxy.Backends;

/// <summary>Queries that are not answered: somebody else may be asked, too, within a budget.</summary>
internal sealed partial class Backend
{
    /// <summary>
    /// Takes a second ask for a query on one of its connections from the budget, which does not count where nothing is answered any more,
    /// or nothing new is asked.
    /// </summary>
    /// <returns>False when the budget is used up.</returns>
    public bool MayAskAgain(BackendConnection connection) => connection.IsDead || IsLeaving || _secondAsks.TryTake(Counters.Queries, _shard.Clock.Now);
}
