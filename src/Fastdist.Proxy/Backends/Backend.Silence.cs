using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>Queries that are not answered: after a while somebody else is asked, too, within a budget.</summary>
internal sealed partial class Backend
{
    /// <summary>Queries looked at in one tick.</summary>
    private const int MostLookedAt = 1024;

    /// <summary>Sends the queries of a silent connection a second time, over another connection or backend.</summary>
    /// <param name="silent">The connection.</param>
    public void AskElsewhere(BackendConnection silent)
    {
        if (!HasHealthyConnection())
        {
            AddConnection();
        }

        for (int id = 0; id < silent.Ids.Size; id++)
        {
            if (silent.Ids.Find((ushort)id, out int entry) == IdState.InFlight && !_shard.Dispatcher.TryAskElsewhere(entry, silent))
            {
                return;
            }
        }
    }

    /// <summary>
    /// Takes a second ask for a query on one of its connections from the budget, which does not count where nothing is answered any more,
    /// or nothing new is asked.
    /// </summary>
    /// <returns>False when the budget is used up.</returns>
    public bool MayAskAgain(BackendConnection connection) => connection.IsDead || IsLeaving || _secondAsks.TryTake(Counters.Queries, _shard.Clock.Now);

    /// <summary>Asks again for single queries that were not answered while others on their connection were.</summary>
    private void AskAgain()
    {
        long now = _shard.Clock.Now;
        int index = QueryDeadlines.First;
        for (int looked = 0; looked < MostLookedAt && index >= 0 && now - _shard.Table[index].Arrived > Options.SilenceTimeout * 1000L; looked++)
        {
            ref InFlightEntry entry = ref _shard.Table[index];
            if (entry.First.IsUsed && !entry.Second.IsUsed && _table[entry.First.Connection] is { IsSuspect: false } connection
                && connection.Order.Age(entry.First.Id, now) > connection.Backend.Options.SilenceTimeout
                && !_shard.Dispatcher.TryAskElsewhere(index, connection))
            {
                return;
            }

            index = entry.DeadlineNext;
        }
    }
}
