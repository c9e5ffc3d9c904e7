using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>What becomes of queries that are not answered although the connection stands: somebody else is asked, too.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>Queries looked at in one tick.</summary>
    private const int MostLookedAt = 1024;

    /// <summary>Sends a second time what a backend has not answered for a while.</summary>
    private void AskAgain(Backend backend)
    {
        foreach (BackendConnection connection in backend.Connections)
        {
            if (connection.IsOverdue)
            {
                AskElsewhere(connection);
            }
        }

        AskSinglesAgain(backend);
        AskDatagramsAgain(backend);
    }

    /// <summary>Sends the queries of a silent connection a second time, over another connection or backend.</summary>
    private void AskElsewhere(BackendConnection silent)
    {
        for (int id = 0; id < silent.Ids.Size; id++)
        {
            if (silent.Ids.Find((ushort)id, out int entry) == IdState.InFlight && !TryAskElsewhere(entry, silent))
            {
                return;
            }
        }
    }

    /// <summary>Asks again for single queries that were not answered while others on their connection were.</summary>
    private void AskSinglesAgain(Backend backend)
    {
        long now = _shard.Clock.Now;
        int index = backend.QueryDeadlines.First;
        for (int looked = 0; looked < MostLookedAt && index >= 0 && now - _table[index].Arrived > backend.Options.SilenceTimeout * 1000L; looked++)
        {
            ref InFlightEntry entry = ref _table[index];
            if (entry.First.IsStream && !entry.Second.IsUsed && _backends.Connections[entry.First.Connection] is { IsSuspect: false } connection
                && IsSilent(entry.First) && !TryAskElsewhere(index, connection))
            {
                return;
            }

            index = entry.Deadline.Next;
        }
    }

    /// <summary>Whether an ask has not been answered for so long that somebody else is asked, too: its connection is silent, or answers only others.</summary>
    private bool IsSilent(Leg leg)
    {
        if (leg.IsDatagram)
        {
            // Whatever else is asked was asked for want of its answer.
            return true;
        }

        BackendConnection connection = _backends.Connections[leg.Connection];
        return connection.IsSuspect || connection.Order.Age(leg.Id, _shard.Clock.Now) > _backends.HomeOf(connection).Options.SilenceTimeout;
    }

    /// <summary>Asks a second time for a query on a connection that is silent, or answers only others.</summary>
    /// <returns>False when nobody else can be asked.</returns>
    private bool TryAskElsewhere(int index, BackendConnection silent)
    {
        ref InFlightEntry entry = ref _table[index];
        if (entry.Second.IsUsed || entry.IsPinned || IsChange(index) || HasUsedUpRetries(in entry))
        {
            return true;
        }

        Backend asked = _backends.HomeOf(silent);
        if (PoolOf(index).FindRoom(in entry, asked) is { } other)
        {
            return asked.MayAskAgain(silent) && TryHedge(index, other);
        }

        if (PoolOf(index).TryMakeRoom(in entry, asked))
        {
            // The next tick finds it there.
            return false;
        }

        if (FindOnSame(entry.FrameLength, silent, asked) is not { } connection || !asked.MayAskAgain(silent))
        {
            return false;
        }

        asked.Put(index, connection);
        asked.Counters.Hedged++;
        return true;
    }

    /// <summary>Asks another backend, too.</summary>
    private bool TryHedge(int index, Backend other)
    {
        // What one backend refused another may bear.
        _table[index].Notes &= ~QueryNotes.IsUnedited;
        if (!other.TryPut(index))
        {
            return false;
        }

        other.Counters.Hedged++;
        return true;
    }

    /// <summary>Another connection of the same backend, else the same connection, when it answers others.</summary>
    private static BackendConnection? FindOnSame(int frameLength, BackendConnection silent, Backend asked) => asked.IsLeaving || !asked.IsUp ? null
        : asked.PickOther(frameLength, silent) ?? (!silent.IsSuspect && silent.HasRoom(frameLength) && silent.IsSpacious ? silent : null);
}
