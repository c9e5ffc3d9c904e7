using System;
using System.Collections.Generic;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The queries that a backend was given: each is on one of its connections, or waits until one has room. Who waits where nothing is to be
/// expected any more is given back as news.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="known">The backend.</param>
/// <param name="connections">Its connections.</param>
/// <param name="datagrams">Its exchange over UDP; null where it has none.</param>
/// <param name="waiting">Those that wait for room.</param>
/// <param name="readiness">Tells whether it is worth waiting.</param>
/// <param name="news">Takes what there is to tell.</param>
internal sealed class BackendQueries(
    ShardContext shard, KnownBackend known, BackendConnections connections, DatagramExchange? datagrams, WaitingQueries waiting, KeptReadiness readiness,
    Queue<BackendNews> news)
{
    private readonly InFlightTable _table = shard.Table;
    private readonly ConnectionChoice _choice = new(shard.Clock, connections.All, known.Options.MaxInFlight);
    private readonly Trial _trial = new(shard.Table, (short)known.Slot);
    private int _most = known.Options.OutstandingOf(shard.Options.Shards);

    /// <summary>How many there are, those counted twice that are on two connections.</summary>
    public int Outstanding
    {
        get;
        private set
        {
            field = value;
            known.Board.LoadChanged();
            known.Board.RoomChanged();
            known.Board.IsLimitReached = value >= _most;
        }
    }

    /// <summary>Goes by the backend's settings of now.</summary>
    public void LimitChanged()
    {
        _most = known.Options.OutstandingOf(shard.Options.Shards);
        known.Board.IsLimitReached = Outstanding >= _most;
    }

    /// <summary>Whether one more can go at once where the last one went.</summary>
    public bool HasRoomForNext => Outstanding < _most && (datagrams is not null || (waiting.Count == 0 && _choice.HasLastRoom));

    /// <summary>Whether as many wait as may.</summary>
    public bool IsFull => waiting.IsFull;

    /// <summary>Whether a client's query waits.</summary>
    public bool IsAnyWaiting => waiting.Count > 0;

    /// <summary>Whether a query goes over a connection here where others go over UDP.</summary>
    public bool NeedsConnection(in InFlightEntry query) => datagrams is not null && !datagrams.Takes(in query);

    /// <summary>Whether a query could be put somewhere by <see cref="TryPut"/>.</summary>
    public bool HasRoomFor(in InFlightEntry query) => Outstanding < _most
        && (GoesOverUdp(in query) ? known.Board.Datagrams == ConnectionStanding.Working : _choice.PickWorking(query.FrameLength) is not null);

    /// <summary>Begins a connection for a query that cannot go over UDP, where nobody else has needed one.</summary>
    /// <returns>Whether one is being made.</returns>
    public bool TryMakeRoomFor(in InFlightEntry query)
    {
        if (!NeedsConnection(in query) || Outstanding >= _most)
        {
            return false;
        }

        known.IsConnectionWanted = true;
        connections.EnsureOne();
        WantConnections();
        return known.Board[ConnectionStanding.Starting] > 0;
    }

    /// <summary>A connection that has room and is not silent, other than one that is; null when there is none.</summary>
    public BackendConnection? PickOther(int frameLength, BackendConnection silent) => _choice.PickOther(frameLength, silent);

    /// <summary>Puts a query on a connection that has room for it.</summary>
    public void Put(int entry, BackendConnection connection)
    {
        ref InFlightEntry query = ref _table[entry];
        query.AddLeg(connection.Add(entry, ref query, _table.Frame(entry)));
        Outstanding++;
    }

    /// <summary>Puts a query where it has room, at once or not at all, and not on a silent connection: it is asked elsewhere, too.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryPut(int entry)
    {
        if (Outstanding >= _most)
        {
            return false;
        }

        if (GoesOverUdp(in _table[entry]))
        {
            return known.Board.Datagrams == ConnectionStanding.Working && TryPutDatagram(entry);
        }

        if (_choice.PickWorking(_table[entry].FrameLength) is not { } connection)
        {
            return false;
        }

        Put(entry, connection);
        return true;
    }

    /// <summary>A query left one of the connections.</summary>
    public void LegEnded() => Outstanding--;

    /// <summary>Gives a query to a connection, or lets it wait for one.</summary>
    /// <param name="entry">The query, which is on no connection.</param>
    /// <param name="isResent">Whether it was on its way before: it goes ahead of what waits, and finds room where new ones do not.</param>
    /// <returns>False when there is no room at all.</returns>
    public bool TryAssign(int entry, bool isResent)
    {
        if (Outstanding >= _most && !isResent)
        {
            return false;
        }

        if (GoesOverUdp(in _table[entry]))
        {
            return TryPutDatagram(entry);
        }

        if (waiting.IsFull && !isResent)
        {
            // Connections may carry more than a moment ago, of which those that wait have not heard.
            Serve();
        }

        if (waiting.Count == 0 && _choice.Next(_table[entry].FrameLength) is { } connection)
        {
            Put(entry, connection);
            return true;
        }

        if ((waiting.IsFull && !isResent) || readiness.Reachability == Readiness.Unavailable)
        {
            return false;
        }

        waiting.Add(entry, isResent);
        CountWaiting();
        if (connections.TryRelieve())
        {
            Serve();
        }

        return true;
    }

    /// <summary>
    /// Sends a health check, ahead of whatever waits; it waits itself only for a connection being made, or for room that is to be expected.
    /// </summary>
    /// <returns>False when it could not be sent, which says something about the backend only when it is not full.</returns>
    public bool TryAssignCheck(int entry, bool mayWait)
    {
        if (GoesOverUdp(in _table[entry]))
        {
            return TryPutDatagram(entry);
        }

        if (_choice.Pick(_table[entry].FrameLength) is { } connection)
        {
            Put(entry, connection);
            return true;
        }

        if (!mayWait || waiting.HasCheck)
        {
            return false;
        }

        waiting.AddCheck(entry);
        CountWaiting();
        connections.EnsureOne();
        return true;
    }

    /// <summary>Has a query tried on a connection of its own.</summary>
    /// <returns>False when there is no place for one at present.</returns>
    public bool TryAlone(int entry)
    {
        if (GoesOverUdp(in _table[entry]))
        {
            // A datagram ends no connection.
            return TryPutDatagram(entry);
        }

        if (_trial.IsUnderWay || connections.Open(isSpare: true) is not { } connection)
        {
            return false;
        }

        _trial.Begin(connection, entry);
        CountWaiting();
        return true;
    }

    /// <summary>Takes a query from those that wait: it was answered elsewhere or its time is up.</summary>
    public void Unqueue(int entry)
    {
        if (!_trial.TryRemove(entry))
        {
            waiting.Remove(entry);
        }

        Outstanding--;
        known.Counters.Queued--;
        WantConnections();
    }

    /// <summary>Room appeared: waiting queries go out.</summary>
    public void Serve()
    {
        known.Board.RoomChanged();
        _trial.Finished?.Retire();
        do
        {
            while (waiting.TryPeek(out int entry) && _choice.Pick(_table[entry].FrameLength) is { } connection)
            {
                Unqueue(entry);
                Put(entry, connection);
            }
        }
        while (!waiting.IsEmpty && connections.TryRelieve());
    }

    /// <summary>Whether a connection was made for a single query.</summary>
    public bool IsTrial(BackendConnection connection) => _trial.IsOn(connection);

    /// <summary>A connection that was made for a single query is there.</summary>
    public void BeginTrial(BackendConnection connection)
    {
        if (_trial.TryPeek(out int entry))
        {
            Unqueue(entry);
            Put(entry, connection);
            known.Counters.Retries++;
        }
        else
        {
            connection.Retire();
        }
    }

    /// <summary>It has ended, or was never made, which says nothing about a query that still waits.</summary>
    public void EndTrial()
    {
        _trial.End();
        if (_trial.TryPeek(out int entry))
        {
            GiveBack(entry);
        }
    }

    /// <summary>When nobody here can serve the waiting queries, each tries elsewhere or is answered now.</summary>
    public void FlushIfUnavailable()
    {
        if (waiting.IsEmpty || readiness.Reachability != Readiness.Unavailable)
        {
            return;
        }

        Flush(static _ => true);
        if (waiting.TryPeekCheck(out int check))
        {
            GiveBack(check);
        }
    }

    /// <summary>Has waiting queries choose again, the latest first, as each goes ahead of those that wait where it comes to.</summary>
    /// <param name="isWanted">Which of them.</param>
    public void Flush(Predicate<int> isWanted)
    {
        for (bool isAny = waiting.TryPeekLast(out int entry); isAny && entry != EntryLinks.None;)
        {
            int latest = entry;
            entry = _table[latest].Queue.Previous;
            if (isWanted(latest))
            {
                GiveBack(latest);
            }
        }
    }

    private void GiveBack(int entry)
    {
        Unqueue(entry);
        news.Enqueue(new BackendNews(NewsKind.Unserved, known.Slot, entry));
    }

    private bool GoesOverUdp(in InFlightEntry query) => datagrams is not null && datagrams.Takes(in query);

    private bool TryPutDatagram(int entry)
    {
        if (!datagrams!.TryPut(entry))
        {
            return false;
        }

        Outstanding++;
        return true;
    }

    private void CountWaiting()
    {
        Outstanding++;
        known.Counters.Queued++;
        WantConnections();
    }

    private void WantConnections() => known.IsConnectionWanted = datagrams is null || !waiting.IsEmpty;
}
