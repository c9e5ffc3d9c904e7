using System;
using System.Collections.Generic;
using System.Diagnostics;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Streams;

namespace Fastdist.Proxy.Backends;

/// <summary>Where a backend connection is in its life.</summary>
internal enum ConnectionState : byte
{
    /// <summary>No socket.</summary>
    Idle,

    /// <summary>TCP is connecting.</summary>
    Connecting,

    /// <summary>TLS is shaking hands.</summary>
    Handshaking,

    /// <summary>Two messages in one record are out, to see whether both are answered.</summary>
    Probing,

    /// <summary>Queries may go out.</summary>
    Ready,

    /// <summary>The ring was asked to close it.</summary>
    Closing,
}

/// <summary>
/// One connection of a shard to a backend: many queries in flight, each under an ID of this
/// connection. What a turn gathers leaves in one send. The object is used again for the next connection.
/// </summary>
internal sealed partial class BackendConnection : IDisposable
{
    /// <summary>Frames one turn may gather, bytes; room for one of the largest besides a full batch.</summary>
    public const int BatchCapacity = 64 * 1024 + StreamFraming.MaxFrame + QueryEdits.MaxGrowth;

    /// <summary>What a busy connection holds at once: what is sent, the next batch plain and sealed, and the beginning of an answer.</summary>
    private const int BuffersAtOnce = 4;

    /// <summary>What happens before its backend hears of it.</summary>
    private const int ReportsAtOnce = 4;

    private const long OrdinaryLifeMicroseconds = 1_000_000;

    /// <summary>A connection that ends this soon after an answer closes because it answered, and not for being idle. Microseconds.</summary>
    private const long SoonMicroseconds = 100_000;

    /// <summary>Silence after which a session gives its record buffers back.</summary>
    private const long IdleMicroseconds = 1_000_000;

    private readonly ShardContext _shard;
    private readonly KnownBackend _backend;
    private readonly BackendCounters _counters;
    private readonly StreamMemory _streams;
    private readonly RingStream _stream;
    private readonly Queue<BackendConnection> _touched;
    private readonly Queue<ConnectionReport> _reports = new(ReportsAtOnce);
    private bool _isDirty;
    private bool _hasBuffers;
    private bool _offersProtocol;
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

    /// <summary>Silent for so long that nothing is to be expected of it any more, though some of what is on it can still be answered in time.</summary>
    public bool IsDead => Silence(_shard.Clock.Now) * 2 > _backend.Options.QueryTimeout * 1000L;

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

    /// <summary>Silent for so long that clients' queries on it are asked elsewhere, too.</summary>
    public bool IsOverdue => State == ConnectionState.Ready && Silence(_shard.Clock.Now) > _backend.Options.SilenceTimeout * 1000L;

    /// <summary>Tells what has happened to it, in order; to be asked after whatever is done to it.</summary>
    /// <returns>False when nothing has.</returns>
    public bool TryTakeReport(out ConnectionReport report) => _reports.TryDequeue(out report);

    /// <summary>Starts connecting; it reports when not even a socket could be had.</summary>
    public void Open(bool isSpare)
    {
        Debug.Assert(State == ConnectionState.Idle);
        BackendOptions options = _backend.Options;
        Reset();
        IsSpare = isSpare;
        _counters.NewConnections++;

        // The interface of a link-local address may be another one of the same name by now.
        SocketAddress remote = SocketAddress.From(NetworkInterfaces.Resolve(options.Address));
        int descriptor = _shard.Machine.OpenStream(in remote, options.SourceAddress, options.SourceInterface, options.TcpFastOpen);
        if (!isSpare && Descriptors.IsShortage(-descriptor) && _shard.Descriptors.TryGiveUp(-descriptor))
        {
            descriptor = _shard.Machine.OpenStream(in remote, options.SourceAddress, options.SourceInterface, options.TcpFastOpen);
        }

        if (descriptor < 0)
        {
            FailToOpen($"no socket{Source(options)}: {Sockets.Describe(-descriptor)}", isOurs: Descriptors.IsShortage(-descriptor));
            return;
        }

        StreamHandle stream = _shard.Ring.Connect(descriptor, in remote, StreamTags.ForBackend(Index), StreamClass.Backend);
        if (!stream.IsValid)
        {
            FailToOpen("no room for another stream");
            return;
        }

        PrepareBuffers();
        _stream.Begin(_shard.Ring, stream);
        State = ConnectionState.Connecting;
    }

    /// <summary>Gives its memory back; it will not be opened again.</summary>
    public void Dispose() => _stream.Release();

    /// <summary>Takes a spare into use.</summary>
    public void Use()
    {
        IsSpare = false;
        WasSpare = true;
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
        query.Traits |= length != asked ? QueryTraits.IsEdited : QueryTraits.None;
        StreamFraming.WritePrefix(target, length);
        _stream.TryAdd(StreamFraming.PrefixSize + length);
        _counters.Queries++;
        _counters.CheckQueries += isCheck ? 1 : 0;
        _counters.ReusedConnections += _carried++ > 0 ? 1 : 0;
        Order.Put(id, _shard.Clock.Now);
        MarkDirty();
        return new Leg { Connection = Index, Id = id };
    }

    /// <summary>Whatever is about one connection begins anew; its place among those to flush is the shard's and stays.</summary>
    private void Reset()
    {
        _probesOpen = 0;
        _opening = StreamStatus.Dry;
        _answers = _carried = 0;
        _offersProtocol = IsLimited = IsSuspect = IsRetiring = IsSpare = IsForTrial = WasSpare = false;
        _attemptedAt = _activeAt = _heardAt = _askedAt = _checkedAt = _probedAt = _readyAt = _shard.Clock.Now;
        _allowance = Allowance.Unlimited;
        Ids.Reset();
        Order.Reset();
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

    /// <summary>TCP connected, or did not.</summary>
    public void Connected(int errno)
    {
        if (State != ConnectionState.Connecting)
        {
            return;
        }

        if (errno != 0)
        {
            _counters.ConnectFailures++;
            Fail($"connect: {Sockets.Describe(errno)}", ConnectionEnd.Broken);
            return;
        }

        if (_backend.Tls is not { } context)
        {
            Established();
            return;
        }

        _offersProtocol = context.OffersProtocol = !_backend.Shared.RefusesProtocol;
        _stream.Secure(context.CreateSession());
        State = ConnectionState.Handshaking;
        ReadOnlySpan<byte> nothing = default;
        Shake(ref nothing);
    }

    /// <summary>Checks this connection's clocks.</summary>
    public void Tick()
    {
        long now = _shard.Clock.Now;
        BackendOptions options = _backend.Options;
        if (State == ConnectionState.Probing)
        {
            TickProbe(now);
        }
        else if (IsStarting && options.TcpConnectTimeout > 0 && now - _attemptedAt > options.TcpConnectTimeout * 1_000_000L)
        {
            _counters.ConnectTimeouts++;
            _counters.HandshakesTimedOut += State == ConnectionState.Handshaking ? 1 : 0;
            TimeOut(State == ConnectionState.Connecting ? "connect: timed out" : "TLS handshake: timed out", ConnectionEnd.GivenUp);
        }
        else if (State == ConnectionState.Ready)
        {
            TickReady(now, options);
        }
    }

    private void TickReady(long now, BackendOptions options)
    {
        if (_stream.IsSending && options.TcpSendTimeout > 0 && now - _stream.SendingSince > options.TcpSendTimeout * 1_000_000L)
        {
            _counters.WriteTimeouts++;
            TimeOut("send timed out", ConnectionEnd.GivenUp);
            return;
        }

        IsLimited &= now - _readyAt < Allowance.LimitedMicroseconds;
        IsRetiring |= Ids.AbandonedCount * 2 >= Ids.Size;
        if (IsRetiring && Ids.InFlightCount == 0)
        {
            _shard.Log.ConnectionRetired(options.Name, Ids.AbandonedCount);
            Retire();
            return;
        }

        if (Owed == 0)
        {
            IsSuspect = false;
            ReleaseIfIdle(now);
            return;
        }

        if (!HasTimedOut(now, options) && IsOverdue && !IsSuspect)
        {
            IsSuspect = true;
            _backend.Batching = RecordBatching.Unknown;
            _counters.SuspectConnections++;
            _shard.Log.ConnectionSilent(options.Name, OwedToClients);
        }
    }

    /// <summary>How long clients' queries have waited with nothing coming, microseconds.</summary>
    private long Silence(long now) => OwedToClients > 0 ? now - Math.Max(_heardAt, _askedAt) : 0;

    /// <summary>
    /// Gives the connection up when nothing comes any more. A query of our own has a time of its own: a backend that is slow to
    /// answer it is judged by the health check, not by its connection.
    /// </summary>
    private bool HasTimedOut(long now, BackendOptions options)
    {
        long silence = Silence(now);
        if (silence <= options.QueryTimeout * 1000L)
        {
            silence = Ids.CheckCount > 0 ? now - Math.Max(_heardAt, _checkedAt) : 0;
            if (silence <= Math.Max(options.QueryTimeout, options.CheckTimeout) * 1000L)
            {
                return false;
            }
        }

        // One that never answered at all was no connection, and the next comes after a pause.
        _counters.ReadTimeouts++;
        bool isNeededNoLonger = Ids.InFlightCount == 0 && _heardAt > _attemptedAt;
        TimeOut($"silent for {silence / 1000} ms with {Owed} answers due", isNeededNoLonger ? ConnectionEnd.Retired : ConnectionEnd.GivenUp);
        return true;
    }

    private void ReleaseIfIdle(long now)
    {
        if (_backend.Options.ReleaseBuffers && now - _activeAt > IdleMicroseconds)
        {
            _stream.TryRest();
        }
    }

    /// <summary>Sees to it, once, that its share of buffers is there, so that none is made under load.</summary>
    private void PrepareBuffers()
    {
        if (!_hasBuffers)
        {
            _hasBuffers = true;
            _streams.Prepare(BuffersAtOnce);
        }
    }

    private void Report(ConnectionEvent happened) => _reports.Enqueue(new ConnectionReport(happened));

    private void Established()
    {
        Report(ConnectionEvent.Established);
        if (_stream.Session is not null && _backend.Batching == RecordBatching.Unknown && Ids.Size >= ProbeMessages)
        {
            StartProbe();
        }
        else
        {
            BecomeReady();
        }
    }

    private void BecomeReady()
    {
        State = ConnectionState.Ready;
        _readyAt = _shard.Clock.Now;
        _allowance = _backend.NextAllowance;
        IsLimited = _allowance.IsLimited;
        _counters.CurrentConnections++;
        Report(ConnectionEvent.Ready);
    }
}
