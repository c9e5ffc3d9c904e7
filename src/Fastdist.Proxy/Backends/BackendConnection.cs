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

    public bool IsStarting => State is ConnectionState.Connecting or ConnectionState.Handshaking;

    /// <summary>True when a frame of this length can be taken now.</summary>
    public bool HasRoom(int frameLength) =>
        State == ConnectionState.Ready && !IsRetiring && Ids.FreeCount > 0 && _batchLength + frameLength <= BatchCapacity;

    /// <summary>Starts connecting.</summary>
    /// <returns>False when not even a socket could be had.</returns>
    public bool Open()
    {
        Debug.Assert(State == ConnectionState.Idle);
        _counters.NewConnections++;
        SocketAddress remote = SocketAddress.From(_backend.Options.Address);
        int descriptor = Sockets.OpenStream(in remote);
        if (descriptor < 0)
        {
            _counters.ConnectFailures++;
            _backend.AttemptFailed(this, $"no socket: {Sockets.Describe(-descriptor)}");
            return false;
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
        State = ConnectionState.Connecting;
        return true;
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
        if (Ids.InFlightCount == 1)
        {
            _waitingSince = _shard.Clock.Now;
        }

        _counters.Queries++;
        MarkDirty();
        return new Leg { Connection = Index, Id = id };
    }

    /// <summary>TCP connected, or did not.</summary>
    public void Connected(int errno)
    {
        if (errno != 0)
        {
            _counters.ConnectFailures++;
            Fail($"connect: {Sockets.Describe(errno)}", isClean: false);
            return;
        }

        if (_backend.Tls is not { } context)
        {
            BecomeReady();
            return;
        }

        _tls = new TlsSession(context);
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

        // A close before any answer is no ordinary end of an idle connection.
        Fail(errno == 0 ? "closed by the backend" : Sockets.Describe(errno), isClean: errno == 0 && State == ConnectionState.Ready && (_answers > 0 || Ids.InFlightCount == 0));
    }

    /// <summary>Checks this connection's clocks.</summary>
    public void Tick()
    {
        long now = _shard.Clock.Now;
        BackendOptions options = _backend.Options;
        if (IsStarting && now - _attemptedAt > options.TcpConnectTimeout * 1_000_000L)
        {
            _counters.ConnectTimeouts++;
            Fail(State == ConnectionState.Connecting ? "connect: timed out" : "TLS handshake: timed out", isClean: false);
        }
        else if (State == ConnectionState.Ready)
        {
            TickReady(now, options);
        }
    }

    /// <summary>Ends the connection in order; nothing is in flight.</summary>
    public void Retire()
    {
        if (State == ConnectionState.Ready)
        {
            Fail("retired", isClean: true);
        }
    }

    private void TickReady(long now, BackendOptions options)
    {
        if (_sending && now - _sendingSince > options.TcpSendTimeout * 1_000_000L)
        {
            Fail("send timed out", isClean: false);
            return;
        }

        if (IsRetiring && Ids.InFlightCount == 0)
        {
            Fail("retired: too many of its queries were never answered", isClean: true);
            return;
        }

        if (Ids.InFlightCount == 0)
        {
            IsSuspect = false;
            return;
        }

        long silence = now - _waitingSince;
        if (silence > options.QueryTimeout * 1000L)
        {
            Fail($"silent for {silence / 1000} ms with queries in flight", isClean: false);
        }
        else if (silence > options.SilenceTimeout * 1000L)
        {
            if (!IsSuspect)
            {
                IsSuspect = true;
                _counters.SuspectConnections++;
                _shard.Log.Verbose($"backend {options.Name}: a connection is silent with {Ids.InFlightCount} queries in flight");
            }

            _backend.AskElsewhere(this);
        }
    }

    private void BecomeReady()
    {
        State = ConnectionState.Ready;
        _backend.ConnectionReady(this);
    }

    private void Fail(string reason, bool isClean)
    {
        if (State is ConnectionState.Closing or ConnectionState.Idle)
        {
            return;
        }

        bool wasReady = State == ConnectionState.Ready;
        State = ConnectionState.Closing;
        _shard.Ring.Close(_stream);
        _batchLength = 0;
        if (wasReady)
        {
            _backend.ConnectionLost(this, reason, isClean);
        }
        else
        {
            _backend.AttemptFailed(this, reason);
        }
    }
}
