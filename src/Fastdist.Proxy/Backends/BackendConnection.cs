using System;
using System.Diagnostics;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Shards;
using Fastdist.Ring;
using Fastdist.Tls;

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
/// connection. What a turn gathers leaves in one send. The object and its buffers are used again for
/// the next connection.
/// </summary>
internal sealed partial class BackendConnection
{
    /// <summary>Frames one turn may gather, bytes; room for one of the largest besides a full batch.</summary>
    private const int BatchCapacity = 64 * 1024 + StreamFraming.MaxFrame;

    private const int CipherCapacity = BatchCapacity + (BatchCapacity / TlsContext.MaxRecordPayload * TlsSession.RecordOverhead) + 32768;

    private const int ReceiveCapacity = StreamFraming.MaxFrame + 16384;

    private const long OrdinaryLifeMicroseconds = 1_000_000;

    private readonly ShardContext _shard;
    private readonly Backend _backend;
    private readonly BackendCounters _counters;
    private NativeBuffer? _batch;
    private NativeBuffer? _cipher;
    private NativeBuffer? _received;
    private TlsSession? _tls;
    private StreamHandle _stream;
    private int _batchLength;
    private int _receivedLength;
    private bool _sending;
    private bool _isDirty;
    private long _attemptedAt;
    private long _sendingSince;
    private long _waitingSince;
    private long _answers;

    public BackendConnection(ShardContext shard, Backend backend, int index)
    {
        _shard = shard;
        _backend = backend;
        _counters = backend.Counters;
        Index = index;
        Ids = new IdTable(backend.Options.MaxInFlight);
    }

    /// <summary>Number among the shard's backend connections, all backends together.</summary>
    public int Index { get; }

    public Backend Backend => _backend;

    public ConnectionState State { get; private set; }

    public IdTable Ids { get; }

    /// <summary>Silent for too long with queries in flight: new ones avoid it.</summary>
    public bool IsSuspect { get; private set; }

    /// <summary>No new queries: too many of its IDs wait for answers that may never come.</summary>
    public bool IsRetiring { get; private set; }

    public bool IsStarting => State is ConnectionState.Connecting or ConnectionState.Handshaking or ConnectionState.Probing;

    /// <summary>Answers the backend has not given, whether or not somebody still waits for them.</summary>
    private int Owed => Ids.InFlightCount + Ids.AbandonedCount;

    /// <summary>True when it answered something since a query was put on it.</summary>
    public bool HasAnsweredSince(Leg leg) => (ushort)_answers != leg.AnswersBefore;

    /// <summary>True when a frame of this length can be taken now.</summary>
    public bool HasRoom(int frameLength) =>
        State == ConnectionState.Ready && !IsRetiring && Ids.FreeCount > 0 && _batchLength + frameLength <= BatchCapacity;

    /// <summary>Starts connecting; the backend is told when not even a socket could be had.</summary>
    public void Open()
    {
        Debug.Assert(State == ConnectionState.Idle);
        _counters.NewConnections++;
        SocketAddress remote = SocketAddress.From(_backend.Options.Address);
        int descriptor = Sockets.OpenStream(in remote);
        if (descriptor < 0)
        {
            _counters.ConnectFailures++;
            _backend.AttemptFailed($"no socket: {Sockets.Describe(-descriptor)}");
            return;
        }

        _batch ??= new NativeBuffer(BatchCapacity);
        _cipher ??= new NativeBuffer(CipherCapacity);
        _received ??= new NativeBuffer(ReceiveCapacity);
        _batchLength = _receivedLength = 0;
        _answers = 0;
        _sending = IsSuspect = IsRetiring = false;
        _attemptedAt = _shard.Clock.Now;
        Ids.Reset();
        _stream = _shard.Ring.Connect(descriptor, in remote, StreamTags.ForBackend(Index), StreamClass.Backend);
        if (!_stream.IsValid)
        {
            _counters.ConnectFailures++;
            _backend.AttemptFailed("no room for another stream");
            return;
        }

        State = ConnectionState.Connecting;
    }

    /// <summary>Puts a query into the turn's batch; the caller has checked <see cref="HasRoom"/>.</summary>
    public Leg Add(int entry, ReadOnlySpan<byte> frame)
    {
        bool taken = Ids.TryTake(entry, out ushort id);
        Debug.Assert(taken);
        Span<byte> target = _batch!.Span.Slice(_batchLength, frame.Length);
        frame.CopyTo(target);
        Header.SetId(target[StreamFraming.PrefixSize..], id);
        _batchLength += frame.Length;
        if (Owed == 1)
        {
            _waitingSince = _shard.Clock.Now;
        }

        _counters.Queries++;
        MarkDirty();
        return new Leg { Connection = Index, Id = id, AnswersBefore = (ushort)_answers };
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
            Fail($"connect: {Sockets.Describe(errno)}", isClean: false);
            return;
        }

        if (_backend.Tls is not { } context)
        {
            Established();
            return;
        }

        _tls = context.CreateSession();
        State = ConnectionState.Handshaking;
        Shake(default, out _);
    }

    /// <summary>The ring let go of the stream: the slot is free for the next attempt.</summary>
    public void Closed()
    {
        _tls?.Dispose();
        _tls = null;
        _stream = StreamHandle.None;
        State = ConnectionState.Idle;
        _backend.SlotFreed();
    }

    /// <summary>The backend's side ended, or reading failed.</summary>
    public void ReceiveEnded(int errno)
    {
        if (errno == 0)
        {
            _counters.ClosedByPeer++;
        }

        if (State == ConnectionState.Handshaking)
        {
            _counters.TlsFailures++;
            Fail(errno == 0 ? "TLS handshake: closed by the backend" : $"TLS handshake: {Sockets.Describe(errno)}", isClean: false);
            return;
        }

        if (State == ConnectionState.Probing && errno == 0 && IsProbeAnswered)
        {
            // It closes after every answer, so there is never a second message to share a record with.
            _backend.Batching = RecordBatching.Fails;
            Fail("closed by the backend", isClean: true);
            return;
        }

        // A close before any answer, soon after the start, is no ordinary end of an idle connection.
        bool isOld = _shard.Clock.Now - _attemptedAt > OrdinaryLifeMicroseconds;
        bool isClean = errno == 0 && State == ConnectionState.Ready && (_answers > 0 || (isOld && Ids.InFlightCount == 0));
        Fail(errno == 0 ? "closed by the backend" : Sockets.Describe(errno), isClean);
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
        else if (IsStarting && now - _attemptedAt > options.TcpConnectTimeout * 1_000_000L)
        {
            _counters.ConnectTimeouts++;
            Fail(State == ConnectionState.Connecting ? "connect: timed out" : "TLS handshake: timed out", isClean: false);
        }
        else if (State == ConnectionState.Ready)
        {
            TickReady(now, options);
        }
    }

    /// <summary>Ends a connection that is no longer needed; nothing is in flight on it.</summary>
    public void Retire() => Fail("retired", isClean: true);

    private void TickReady(long now, BackendOptions options)
    {
        if (_sending && now - _sendingSince > options.TcpSendTimeout * 1_000_000L)
        {
            Fail("send timed out", isClean: false);
            return;
        }

        IsRetiring |= Ids.AbandonedCount * 2 >= Ids.Size;
        if (IsRetiring && Ids.InFlightCount == 0)
        {
            _shard.Log.Verbose($"backend {options.Name}: a connection is retired, {Ids.AbandonedCount} of its queries were never answered");
            Retire();
            return;
        }

        if (Owed == 0)
        {
            IsSuspect = false;
            return;
        }

        long silence = now - _waitingSince;
        if (silence > options.QueryTimeout * 1000L)
        {
            Fail($"silent for {silence / 1000} ms with {Owed} answers due", isClean: Ids.InFlightCount == 0);
        }
        else if (silence > options.SilenceTimeout * 1000L)
        {
            if (!IsSuspect)
            {
                IsSuspect = true;
                _backend.Batching = RecordBatching.Unknown;
                _counters.SuspectConnections++;
                _shard.Log.Verbose($"backend {options.Name}: a connection is silent with {Owed} answers due");
            }

            _backend.AskElsewhere(this);
        }
    }

    private void Established()
    {
        if (_tls is not null && _backend.Batching == RecordBatching.Unknown && Ids.Size >= ProbeMessages)
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
        _counters.CurrentConnections++;
        _backend.ConnectionReady(this);
    }

    private void Fail(string reason, bool isClean)
    {
        if (State is ConnectionState.Closing or ConnectionState.Idle)
        {
            return;
        }

        bool wasUseful = State == ConnectionState.Ready || (State == ConnectionState.Probing && isClean);
        _counters.CurrentConnections -= State == ConnectionState.Ready ? 1 : 0;
        State = ConnectionState.Closing;
        _shard.Ring.Close(_stream);
        _batchLength = 0;
        if (wasUseful)
        {
            _backend.ConnectionLost(this, reason, isClean);
        }
        else
        {
            _backend.AttemptFailed(reason);
        }
    }
}
