namespace Fastdist.Proxy.Backends;

/// <summary>Queries that are given to a backend, and those that wait until one of its connections has room for them.</summary>
internal sealed partial class Backend
{
    private const int NoEntry = -1;

    /// <summary>A health check that waits for a connection; there is one at most, and it goes ahead of whatever waits.</summary>
    private int _waitingCheck = NoEntry;

    /// <summary>The connection that took a query last, and how many more of the turn follow.</summary>
    private BackendConnection? _last;
    private Row _row;

    /// <summary>Whether one more query can go at once where the last one went.</summary>
    public bool HasRoomForNext => _queue.Count == 0 && HasLastRoom(SmallestFrame);

    private bool IsAnyoneWaiting => _queue.Count > 0 || _waitingCheck != NoEntry;

    /// <summary>Gives a query to a connection, or lets it wait for one.</summary>
    /// <param name="entry">The query, which is on no connection.</param>
    /// <param name="isResent">Whether it was on its way before: it goes ahead of what waits, and finds room where new ones do not.</param>
    /// <returns>False when there is no room at all.</returns>
    public bool TryAssign(int entry, bool isResent = false)
    {
        if (_queue.Count == 0 && Next(_shard.Table[entry].FrameLength) is { } connection)
        {
            Put(entry, connection);
            return true;
        }

        if ((_queue.IsFull && !isResent) || Reachability == Readiness.Unavailable)
        {
            return false;
        }

        if (isResent)
        {
            _queue.Prepend(entry);
        }
        else
        {
            _queue.Append(entry);
        }

        CountQueued(entry);
        if (TryOpenMore())
        {
            RoomFreed();
        }

        return true;
    }

    /// <summary>
    /// Sends a health check, ahead of whatever waits; it waits itself only for a connection being made.
    /// </summary>
    /// <returns>False when it could not be sent, which says something about the backend only when it is not full.</returns>
    public bool TryAssignCheck(int entry)
    {
        if (Pick(_shard.Table[entry].FrameLength, except: null) is { } connection)
        {
            Put(entry, connection);
            return true;
        }

        if (!IsConnectionExpected || _waitingCheck != NoEntry)
        {
            return false;
        }

        _waitingCheck = entry;
        CountQueued(entry);
        return true;
    }

    /// <summary>A query left one of the connections.</summary>
    public void LegEnded() => Outstanding--;

    /// <summary>Takes a query from those that wait: it was answered elsewhere or its time is up.</summary>
    public void Unqueue(int entry)
    {
        if (entry == _waitingCheck || entry == _tried)
        {
            _waitingCheck = entry == _waitingCheck ? NoEntry : _waitingCheck;
            _tried = entry == _tried ? NoEntry : _tried;
            _shard.Table[entry].QueuedAt = -1;
        }
        else
        {
            _queue.Remove(entry);
        }

        Outstanding--;
        Counters.Queued--;
    }

    /// <summary>Room appeared: waiting queries go out.</summary>
    public void RoomFreed()
    {
        Board.RoomChanged();
        CloseIdleTrial();
        do
        {
            while (TryPeek(out int entry) && Pick(_shard.Table[entry].FrameLength, except: null) is { } connection)
            {
                Unqueue(entry);
                Put(entry, connection);
            }
        }
        while (IsAnyoneWaiting && TryOpenMore());
    }

    /// <summary>When nobody here can serve the waiting queries, each tries elsewhere or is answered now.</summary>
    public void FlushIfUnavailable()
    {
        if (!IsAnyoneWaiting || Reachability != Readiness.Unavailable)
        {
            return;
        }

        FlushQueue();
        if (_waitingCheck is not NoEntry and int check)
        {
            Unqueue(check);
            _news.Enqueue(new BackendNews(NewsKind.Unserved, Index, check));
        }
    }

    /// <summary>Whoever waits for a backend that may take its time goes to one that is ready, once there is one.</summary>
    private void OfferElsewhere()
    {
        if (_queue.Count > 0 && Reachability < Readiness.Ready)
        {
            Tell(NewsKind.Offered);
        }
    }

    /// <summary>Has each waiting query choose again, the latest first, as each goes ahead of those that wait where it comes to.</summary>
    public void FlushQueue()
    {
        for (int count = _queue.Count; count > 0 && _queue.TryPeekLast(out int entry); count--)
        {
            Unqueue(entry);
            _news.Enqueue(new BackendNews(NewsKind.Unserved, Index, entry));
        }
    }

    /// <summary>
    /// A connection for a new query: of one turn's so many in a row the same, and the one with the fewest after that. So the look at all
    /// of them, some nanoseconds for each, is one for so many queries, and no connection has more than so many beyond the others.
    /// </summary>
    private BackendConnection? Next(int frameLength)
    {
        if (!_row.TryGoOn(_shard.Clock.Now) || !HasLastRoom(frameLength))
        {
            _last = Pick(frameLength, except: null);
            _row.Begin(_shard.Clock.Now, Options.MaxInFlight);
        }

        return _last;
    }

    private bool HasLastRoom(int frameLength) => _last is { Standing: ConnectionStanding.Working } && _last.HasRoom(frameLength);

    private bool TryPeek(out int entry)
    {
        entry = _waitingCheck;
        return entry != NoEntry || _queue.TryPeek(out entry);
    }
}
