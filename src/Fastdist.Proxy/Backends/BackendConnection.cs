using System;
using System.Collections.Generic;
using System.Diagnostics;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Streams;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// One connection of a shard to a backend: many queries in flight, each under an ID of this
/// connection. What a turn gathers leaves in one send. The object is used again for the next connection.
/// </summary>
internal sealed partial class BackendConnection : IDisposable
{
    /// <summary>Frames one turn may gather, bytes; room for one of the largest besides a full batch.</summary>
    public const int BatchCapacity = 64 * 1024 + StreamFraming.MaxFrame + QueryEdits.MaxGrowth;

    private const long OrdinaryLifeMicroseconds = 1_000_000;

    /// <summary>A connection that ends this soon after an answer closes because it answered, and not for being idle. Microseconds.</summary>
    private const long SoonMicroseconds = 100_000;

    private readonly ShardContext _shard;
    private readonly KnownBackend _backend;
    private readonly BackendCounters _counters;
    private readonly StreamMemory _streams;
    private readonly RingStream _stream;
    private readonly Queue<BackendConnection> _touched;
    private bool _isDirty;
    private bool _hasBuffers;
    private bool _offersProtocol;
    private RecordProbe _probe;
    private long _attemptedAt;
    private long _activeAt;

    /// <summary>When the backend last answered, or the connection was begun.</summary>
    private long _heardAt;

    /// <summary>When a client's query came to wait where none did before, and when a query of our own.</summary>
    private long _askedAt;
    private long _checkedAt;
    private long _carried;
    private long _answers;
    private long _readyAt;
    private Allowance _allowance;

    /// <param name="shard">Its shard.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="streams">What the streams of a shard's connections share.</param>
    /// <param name="touched">Takes those that have something to send at the end of the turn.</param>
    /// <param name="index">Its number among them.</param>
    public BackendConnection(ShardContext shard, KnownBackend backend, StreamMemory streams, Queue<BackendConnection> touched, int index)
    {
        _shard = shard;
        _backend = backend;
        _counters = backend.Counters;
        _streams = streams;
        _stream = new RingStream(streams);
        _touched = touched;
        Index = index;
        Ids = new IdTable(backend.Options.MaxInFlight);
        Order = new SendOrder(Ids.Size);
    }

    /// <summary>Number among the shard's backend connections, all backends together.</summary>
    public int Index { get; }

    /// <summary>Slot of its backend.</summary>
    public int Slot => _backend.Slot;

    public ConnectionState State
    {
        get;
        private set
        {
            field = value;
            Stand();
        }
    }

    /// <summary>What it counts for at its backend.</summary>
    public ConnectionStanding Standing { get; private set; }

    public IdTable Ids { get; }

    /// <summary>The order in which what is in flight was sent.</summary>
    public SendOrder Order { get; }

    /// <summary>Silent for too long with queries in flight: new ones avoid it.</summary>
    public bool IsSuspect
    {
        get;
        private set
        {
            field = value;
            Stand();
        }
    }

    /// <summary>No new queries: too many of its IDs wait for answers that may never come.</summary>
    public bool IsRetiring
    {
        get;
        private set
        {
            field = value;
            Stand();
        }
    }

    /// <summary>Kept for later: no queries until it is taken into use.</summary>
    public bool IsSpare
    {
        get;
        private set
        {
            field = value;
            Stand();
        }
    }

    /// <summary>It is made for one query, which may have ended the connection it was on.</summary>
    public bool IsForTrial { get; set; }

    /// <summary>It was a spare and is one no longer.</summary>
    public bool WasSpare { get; private set; }

    /// <summary>It was a spare and has answered nothing since it is one no longer.</summary>
    public bool IsUntriedSpare => WasSpare && _answers == 0;

    public bool IsStarting => State is ConnectionState.Connecting or ConnectionState.Handshaking or ConnectionState.Probing;

    /// <summary>Answers the backend has not given, whether or not somebody still waits for them.</summary>
    private int Owed => Ids.InFlightCount + Ids.AbandonedCount;

    /// <summary>Those to clients' queries.</summary>
    private int OwedToClients => Owed - Ids.CheckCount;

    /// <summary>Whether half of its IDs are free: what is asked twice is not to take the room of others.</summary>
    public bool IsSpacious => Ids.FreeCount * 2 >= Ids.Size;

    /// <summary>True when a frame of this length can be taken now.</summary>
    public bool HasRoom(int frameLength) =>
        State == ConnectionState.Ready && !IsRetiring && Ids.FreeCount > 0 && _stream.Gathered + frameLength + QueryEdits.MaxGrowth <= BatchCapacity
        && (!IsLimited || Owed < _allowance.Most(_answers, _shard.Clock.Now - _readyAt, _shard.Clock.Now - _heardAt));

    /// <summary>Whether it is given less than it could carry, since the one before it ended with an answer.</summary>
    public bool IsLimited
    {
        get;
        private set
        {
            field = value;
            _backend.Board.RoomChanged();
        }
    }

    /// <summary>When it has more room or less though nothing happens, microseconds of the shard's clock.</summary>
    public long RoomChangesAt
    {
        get
        {
            long now = _shard.Clock.Now;
            return IsLimited ? now + _allowance.NextChange(_answers, now - _readyAt, now - _heardAt) : long.MaxValue;
        }
    }

    /// <summary>Gives its memory back; it will not be opened again.</summary>
    public void Dispose() => _stream.Release();

    /// <summary>Takes a spare into use.</summary>
    public void Use()
    {
        IsSpare = false;
        WasSpare = true;
        _backend.Shared.Limit.UseSpare();
    }

    /// <summary>
    /// Puts a query into the turn's batch, edited for this backend; the caller has checked <see cref="HasRoom"/>. The
    /// query that is kept stays as it was, since it may be sent again to a backend with other settings.
    /// </summary>
    public Leg Add(int entry, ref InFlightEntry query, ReadOnlySpan<byte> frame)
    {
        bool isCheck = query.IsPinned;
        ushort id = TakeId(entry, isCheck);
        if (_stream.Gathered == 0)
        {
            _stream.Coalesces = _backend.Batching == RecordBatching.Works;
        }

        int most = Math.Min(frame.Length + QueryEdits.MaxGrowth, StreamFraming.MaxFrame);
        _stream.TryReserve(most, out Span<byte> target);
        frame.CopyTo(target);
        Span<byte> message = target[StreamFraming.PrefixSize..most];
        Header.SetId(message, id);
        int asked = frame.Length - StreamFraming.PrefixSize;
        int length = _backend.Refusals.IsRemembered(_shard.Clock.Now) ? asked : _backend.Edits.Apply(message, asked, in query);
        query.Notes |= length != asked ? QueryNotes.IsEdited : QueryNotes.None;
        StreamFraming.WritePrefix(target, length);
        _stream.TryAdd(StreamFraming.PrefixSize + length);
        _counters.Queries++;
        _counters.CheckQueries += isCheck ? 1 : 0;
        _counters.ReusedConnections += _carried++ > 0 ? 1 : 0;
        Order.Put(id, _shard.Clock.Now);
        MarkDirty();
        return new Leg { Connection = Index, Id = id };
    }

    /// <summary>Has the backend know what it counts for.</summary>
    private void Stand()
    {
        ConnectionStanding before = Standing;
        Standing = IsSpare ? ConnectionStanding.None
            : IsStarting ? ConnectionStanding.Starting
            : State != ConnectionState.Ready || IsRetiring ? ConnectionStanding.None
            : IsSuspect ? ConnectionStanding.Silent : ConnectionStanding.Working;
        if (Standing != before)
        {
            _backend.Board.Move(before, Standing);
        }
    }

    /// <summary>An ID for a query, which from now on is waited for.</summary>
    private ushort TakeId(int entry, bool isCheck)
    {
        bool taken = Ids.TryTake(entry, out ushort id, isCheck);
        Debug.Assert(taken);
        if (isCheck && Ids.CheckCount == 1)
        {
            _checkedAt = _shard.Clock.Now;
        }
        else if (!isCheck && OwedToClients == 1)
        {
            _askedAt = _shard.Clock.Now;
        }

        return id;
    }

    private void Report(ConnectionEvent happened, BackendFailure failure = default, ConnectionEnd end = default) =>
        _backend.Reports.Enqueue(new ConnectionReport(Index, happened, failure, end));
}
