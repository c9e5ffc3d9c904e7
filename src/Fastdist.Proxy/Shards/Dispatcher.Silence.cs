using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Shards;

/// <summary>What becomes of queries that are not answered although the connection stands: somebody else is asked, too.</summary>
internal sealed partial class Dispatcher
{
    /// <summary>Asks a second time for a query on a connection that is silent, or answers only others.</summary>
    /// <returns>False when nobody else can be asked.</returns>
    public bool TryAskElsewhere(int index, BackendConnection silent)
    {
        ref InFlightEntry entry = ref _table[index];
        if (entry.Second.IsUsed || entry.IsPinned || IsChange(index) || HasUsedUpRetries(in entry))
        {
            return true;
        }

        if (FindElsewhere(index, silent) is not { } connection || !silent.Backend.MayAskAgain(silent))
        {
            return false;
        }

        // What one backend refused another may bear.
        entry.Traits &= connection.Backend == silent.Backend ? entry.Traits : ~QueryTraits.IsUnedited;
        connection.Backend.Put(index, connection);
        connection.Backend.Counters.Hedged++;
        return true;
    }

    /// <summary>Another backend, else another connection of the same one, else the same connection, when it answers others.</summary>
    private BackendConnection? FindElsewhere(int index, BackendConnection silent)
    {
        int frameLength = _table[index].FrameLength;
        return PoolOf(index).FindRoom(frameLength, silent)
            ?? (silent.Backend.IsLeaving || !silent.Backend.IsUp ? null
                : silent.Backend.Pick(frameLength, silent) ?? (!silent.IsSuspect && silent.HasRoom(frameLength) && silent.IsSpacious ? silent : null));
    }
}
