using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Backends;

/// <summary>The end of a connection that had been established: what it means for the next one, and for the queries on it.</summary>
internal sealed partial class Backend
{
    /// <summary>What the next connection may carry at once.</summary>
    public Allowance NextAllowance => _known.NextAllowance;

    /// <summary>What was lost with a connection has gone elsewhere or come back: those that wait come next.</summary>
    public void Settle()
    {
        RoomFreed();
        KeepSpares();
        FlushIfUnavailable();
        OfferElsewhere();
    }

    /// <summary>An established connection ended; its queries go elsewhere.</summary>
    private void ConnectionLost(BackendConnection connection, BackendFailure failure, ConnectionEnd end)
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

        _known.NextAllowance = connection.AllowanceAfter(end);
        Replace(mayReplace, isOrdinary, isTakenForGranted);
        _news.Enqueue(new BackendNews(NewsKind.ConnectionEnded, Index, connection.Index, failure, end));
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
}
