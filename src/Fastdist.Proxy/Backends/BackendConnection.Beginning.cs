using System;
using System.Diagnostics;
using Fastdist.Dns;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Streams;

namespace Fastdist.Proxy.Backends;

/// <summary>The beginning of a connection, until it can take queries.</summary>
internal sealed partial class BackendConnection
{
    /// <summary>What a busy connection holds at once: what is sent, the next batch plain and sealed, and the beginning of an answer.</summary>
    private const int BuffersAtOnce = 4;

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
        int descriptor = _shard.Machine.OpenStream(in remote, _backend.Departure, options.TcpFastOpen);
        if (!isSpare && Descriptors.IsShortage(-descriptor) && _shard.Descriptors.TryGiveUp(-descriptor))
        {
            descriptor = _shard.Machine.OpenStream(in remote, _backend.Departure, options.TcpFastOpen);
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

    /// <summary>Whatever is about one connection begins anew; its place among those to flush is the shard's and stays.</summary>
    private void Reset()
    {
        _probe = default;
        _opening = StreamStatus.Dry;
        _answers = _carried = 0;
        _offersProtocol = IsLimited = IsSuspect = IsRetiring = IsSpare = IsForTrial = WasSpare = false;
        _attemptedAt = _activeAt = _heardAt = _askedAt = _checkedAt = _readyAt = _shard.Clock.Now;
        _allowance = Allowance.Unlimited;
        Ids.Reset();
        Order.Reset();
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

    private void Established()
    {
        Report(ConnectionEvent.Established);
        if (_stream.Session is not null && _backend.Batching == RecordBatching.Unknown && Ids.Size >= RecordProbe.Messages)
        {
            StartProbe();
        }
        else
        {
            BecomeReady();
        }
    }

    private void StartProbe()
    {
        State = ConnectionState.Probing;
        _probe.Begin(_shard.Clock.Now);

        // One piece, so they share a record whatever is known of the backend.
        _stream.TryReserve(StreamFraming.MaxFrame, out Span<byte> room);
        int filled = 0;
        for (int i = 0; i < RecordProbe.Messages; i++)
        {
            // Abandoned from the start: no query waits for these IDs, and none gets them until they are answered.
            ushort id = TakeId(entry: 0, isCheck: true);
            Ids.Abandon(id);
            Order.Put(id, _shard.Clock.Now);
            filled += RecordProbe.Write(room[filled..], id, _backend.Options);
        }

        _stream.TryAdd(filled);
        MarkDirty();
    }

    /// <summary>Ends the probe when it has found out what there is to find out.</summary>
    private void ConcludeProbe()
    {
        if (!_probe.TryConclude(_shard.Clock.Now, _backend.Options.CheckTimeout * 1000L, out RecordBatching result))
        {
            return;
        }

        if (result == RecordBatching.Fails)
        {
            _shard.Log.RecordsNotShared(_backend.Options.Name);
        }

        _backend.Batching = result;
        BecomeReady();
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
