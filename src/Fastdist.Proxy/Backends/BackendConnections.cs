using System;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// The connections of one shard to a backend: opened, kept as spares, taken into use, closed. There are places for its share and its spares, and one
/// more, so that a silent one can be replaced before it is given up. What comes of what is done here is in <see cref="KnownBackend.Reports"/>,
/// to be heard before the next thing is done.
/// </summary>
internal sealed class BackendConnections : IDisposable
{
    /// <summary>Pauses between attempts: an eighth of how long they have failed, so that an outage is prolonged by as much. Microseconds.</summary>
    public const long LeastPauseMicroseconds = 20_000;
    private const long MostPauseMicroseconds = 3_000_000;
    private const int PausePart = 8;

    private readonly ShardContext _shard;
    private readonly KnownBackend _known;
    private readonly ConnectionTable _table;
    private readonly LatestFailure _failure;
    private readonly BackendConnection[] _connections;
    private readonly Backoff _backoff;
    private readonly int _share;

    /// <summary>The process's limit stood in the way of the last connection that was wanted.</summary>
    private bool _isRefused;

    /// <summary>There was no descriptor for a connection in this tick.</summary>
    private bool _waitsForDescriptor;

    /// <param name="shard">The shard.</param>
    /// <param name="known">The backend.</param>
    /// <param name="share">Connections this shard may keep.</param>
    /// <param name="table">Gives a connection its number in the shard.</param>
    /// <param name="failure">Is told why there is none.</param>
    public BackendConnections(ShardContext shard, KnownBackend known, int share, ConnectionTable table, LatestFailure failure)
    {
        (_shard, _known, _share, _table, _failure) = (shard, known, share, table, failure);
        _backoff = new Backoff(shard.Random, LeastPauseMicroseconds, MostPauseMicroseconds, PausePart);
        _connections = new BackendConnection[PlacesFor(known.Options, share)];
        for (int i = 0; i < _connections.Length; i++)
        {
            _connections[i] = table.Add(number => new BackendConnection(shard, known, table.Streams, table.Touched, number));
        }

        Spares = new Spares(shard, known, _connections);
    }

    /// <summary>All of them, open or not.</summary>
    public BackendConnection[] All => _connections;

    /// <summary>Those that are kept for later.</summary>
    public Spares Spares { get; }

    /// <summary>Whether one is being made.</summary>
    public bool IsStarting => Array.Exists(_connections, static c => c.IsStarting);

    /// <summary>Whether none is left of them.</summary>
    public bool AreIdle => Array.TrueForAll(_connections, static c => c.State == ConnectionState.Idle);

    /// <summary>Whether no attempt has failed since the last one that came to something.</summary>
    public bool IsClear => _backoff.IsClear;

    /// <summary>Whether one takes all that fits.</summary>
    public bool IsAnyUnlimited => Array.Exists(_connections, static c => c is { IsSpare: false, IsRetiring: false, IsLimited: false, State: ConnectionState.Ready });

    /// <summary>Whether one will take queries, or more of them, before long.</summary>
    public bool IsRoomExpected => Array.Exists(_connections, static c =>
        c is { IsSpare: false } and ({ IsStarting: true } or { IsLimited: true, IsRetiring: false, State: ConnectionState.Ready }));

    /// <summary>
    /// When one is to be looked at, opened or closed though nothing happens, microseconds of the shard's clock: long past when that is to be tried in
    /// each tick, the greatest number when there is nothing to be done.
    /// </summary>
    public long DueAt
    {
        get
        {
            if (ReadyCount > _share)
            {
                return long.MinValue;
            }

            long due = Math.Min(IsOneWanted ? _backoff.OverAt : long.MaxValue, Spares.DueAt);
            foreach (BackendConnection connection in _connections)
            {
                due = Math.Min(due, connection.DueAt);
            }

            return due;
        }
    }

    /// <summary>Whether there is none that works and should be.</summary>
    private bool IsOneWanted => _known.IsConnectionWanted && _known.Status.Mode != HealthCheckMode.Down && !_known.Board.IsAnyHealthy;

    /// <summary>Those of its share, silent ones included.</summary>
    private int ReadyCount => _known.Board[ConnectionStanding.Working] + _known.Board[ConnectionStanding.Silent];

    /// <summary>One of them by its number.</summary>
    public BackendConnection this[int number] => _table[number];

    /// <summary>How many places there are.</summary>
    public static int PlacesFor(BackendOptions options, int share) => share + options.SpareConnections + 1;

    /// <summary>Starts one when there is none that works and the pause after a failure is over.</summary>
    public void EnsureOne()
    {
        if (IsOneWanted)
        {
            AddOne();
        }
    }

    /// <summary>All are full: adds one when the share allows.</summary>
    /// <returns>True when a spare was taken into use, which may have room at once.</returns>
    public bool TryRelieve() => _known.Board[ConnectionStanding.Starting] == 0 && ReadyCount < _share && AddOne();

    /// <summary>The last one ended: a spare takes its place, or else a new one.</summary>
    /// <param name="mayOpen">Whether that may be opened at once.</param>
    public void Replace(bool mayOpen)
    {
        if (!Spares.TryUse() && mayOpen)
        {
            Open(isSpare: false);
        }
    }

    /// <summary>Begins a connection where there is a place for it.</summary>
    /// <returns>The connection; null when none could be begun.</returns>
    public BackendConnection? Open(bool isSpare)
    {
        if (_known.Status.IsLeaving)
        {
            return null;
        }

        if (Array.Find(_connections, static c => c.State == ConnectionState.Idle) is not { } connection)
        {
            MakePlace();
            return null;
        }

        if (!(isSpare ? _known.Shared.Limit.TryEnterSpare() : _known.Shared.Limit.TryEnter()))
        {
            Refuse(isSpare);
            return null;
        }

        _isRefused = false;
        connection.Open(isSpare);
        return connection.IsStarting ? connection : null;
    }

    /// <summary>Opens the spares that are wanted.</summary>
    public void KeepSpares()
    {
        for (int missing = Spares.Missing; missing > 0 && Open(isSpare: true) is not null; missing--)
        {
        }
    }

    /// <summary>Once a silent connection's replacement is not needed, the share holds again.</summary>
    public void RetireSurplus()
    {
        if (ReadyCount <= _share)
        {
            return;
        }

        BackendConnection? idle = null;
        foreach (BackendConnection connection in _connections)
        {
            if (connection.Standing is ConnectionStanding.Working or ConnectionStanding.Silent)
            {
                idle = connection.Ids.InFlightCount == 0 && (idle is null || connection.IsSuspect) ? connection : idle;
            }
        }

        // A replacement that carries nothing yet is still needed, and would be opened again at once.
        if (idle is not null && (idle.IsSuspect || _known.Board[ConnectionStanding.Working] > _share))
        {
            idle.Retire();
        }
    }

    /// <summary>Closes what carries nothing.</summary>
    public void RetireUnused()
    {
        foreach (BackendConnection connection in _connections)
        {
            if (connection.IsStarting || (connection.State == ConnectionState.Ready && connection.Ids.InFlightCount == 0))
            {
                connection.Retire();
            }
        }
    }

    /// <summary>A connection could not be made, or broke: the next comes after a pause.</summary>
    public void Failed() => _backoff.Failed(_shard.Clock.Now);

    /// <summary>There was no descriptor for one, which is not held against the backend: the next tick tries again.</summary>
    public void WaitForDescriptor() => _waitsForDescriptor = true;

    /// <summary>Tries again, though there was no descriptor in the last tick.</summary>
    public void StopWaiting() => _waitsForDescriptor = false;

    /// <summary>One answered for the first time.</summary>
    public void Proven(BackendConnection connection)
    {
        _backoff.Succeeded();
        if (connection.WasSpare)
        {
            Spares.Proven();
        }
    }

    /// <summary>Ends the sessions in order; the shard ends, and the sockets with it.</summary>
    public void SayGoodbye() => Array.ForEach(_connections, static connection => connection.SayGoodbye());

    /// <summary>Lets go of their numbers and memory.</summary>
    public void Dispose()
    {
        foreach (BackendConnection connection in _connections)
        {
            _table.Remove(connection.Index);
            connection.Dispose();
        }
    }

    /// <summary>One more: a spare, or else a new one unless there is a pause to keep.</summary>
    /// <returns>True when it was a spare.</returns>
    private bool AddOne()
    {
        if (Spares.TryUse())
        {
            return true;
        }

        if (!_waitsForDescriptor && _backoff.IsOver(_shard.Clock.Now))
        {
            Open(isSpare: false);
        }

        return false;
    }

    /// <summary>The process has as many as it may. It is tried again in every tick, which says nothing new.</summary>
    private void Refuse(bool isSpare)
    {
        _known.Counters.TooManyConnections += _isRefused ? 0 : 1;
        _isRefused = true;
        _failure.Note(new BackendFailure(HealthCheckFailure.Network, $"the process has its {_known.Options.MaxConcurrentTcpConnections} connections"));
        if (isSpare)
        {
            Spares.Failed();
        }
    }

    /// <summary>Places are for connections that can take queries: one that waits only for answers that may never come leaves its own.</summary>
    private void MakePlace()
    {
        if (!_known.Board.IsAnyHealthy && !Array.Exists(_connections, static c => c.State == ConnectionState.Closing))
        {
            Array.Find(_connections, static c => c is { State: ConnectionState.Ready, IsRetiring: true })?.Retire();
        }
    }
}
