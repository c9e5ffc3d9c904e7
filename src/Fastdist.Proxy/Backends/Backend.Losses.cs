using System;
using System.Buffers;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>The end of a connection that had been established: what it means for the next one, and for the queries on it.</summary>
internal sealed partial class Backend
{
    /// <summary>What the next connection may carry at once.</summary>
    public Allowance NextAllowance { get; private set; } = Allowance.Unlimited;

    /// <summary>An established connection ended; its queries go elsewhere.</summary>
    public void ConnectionLost(BackendConnection connection, BackendFailure failure, ConnectionEnd end)
    {
        if (connection.IsSpare)
        {
            SpareLost(connection, failure, end);
            return;
        }

        bool isOrdinary = end is ConnectionEnd.Retired or ConnectionEnd.Ordinary;
        bool mayReplace = isOrdinary || _backoff.IsClear;
        bool isTakenForGranted = isOrdinary || (mayReplace && end == ConnectionEnd.Broken);
        if (!isOrdinary)
        {
            failure = failure with { Reason = $"connection lost: {failure.Reason}" };
            Counters.LostConnections++;
            LastFailure = failure;
            Complain(failure.Reason);
            _backoff.Failed(_shard.Clock.Now);
        }

        NextAllowance = connection.AllowanceAfter(end);
        Replace(mayReplace, isOrdinary, isTakenForGranted);
        LoseQueries(connection, failure, end);
        RoomFreed();
        KeepSpares();
        FlushIfUnavailable();
        OfferElsewhere();
    }

    /// <summary>
    /// A replacement comes first, so that queries that have no other backend wait for it; a new one at once only after a first
    /// failure, or a backend that accepts and breaks would be called without a pause.
    /// </summary>
    private void Replace(bool mayReplace, bool isOrdinary, bool isTakenForGranted)
    {
        if (HasHealthyConnection())
        {
            return;
        }

        LastConnectionEnded(isOrdinary, isTakenForGranted);
        if (!TryUseSpare() && mayReplace)
        {
            OpenOne(isSpare: false);
        }
    }

    /// <summary>
    /// Each query of a connection that ended is asked again or given up. Those that may have ended it line up in the order they were
    /// sent, as the first is the likeliest; of the others each goes ahead of those that wait, so the latest comes first.
    /// </summary>
    private void LoseQueries(BackendConnection connection, BackendFailure failure, ConnectionEnd end)
    {
        int count = connection.Ids.InFlightCount;
        if (count == 0)
        {
            return;
        }

        ushort[] lost = ArrayPool<ushort>.Shared.Rent(count);
        connection.ListLatestFirst(lost.AsSpan(0, count));
        for (int i = count - 1; i >= 0; i--)
        {
            if (connection.MayHaveBeenEndedBy(lost[i], end) && connection.Ids.Find(lost[i], out int entry) == IdState.InFlight)
            {
                _shard.Dispatcher.SuspectLost(entry, connection, lost[i], end, failure);
            }
        }

        for (int i = 0; i < count; i++)
        {
            if (!connection.MayHaveBeenEndedBy(lost[i], end) && connection.Ids.Find(lost[i], out int entry) == IdState.InFlight)
            {
                _shard.Dispatcher.LegLost(entry, connection, lost[i], end, failure);
            }
        }

        ArrayPool<ushort>.Shared.Return(lost);
    }
}
