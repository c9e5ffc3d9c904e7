using System;
using System.Collections.Generic;
using System.Threading;
using Fastdist.Ring;
using Fastdist.Streams;
using Fastdist.Tls;

namespace Fastdist.Responder;

/// <summary>What listeners are for; the tag they carry in the ring.</summary>
internal enum ListenerKind
{
    /// <summary>DNS over TCP (RFC 7766).</summary>
    Tcp,

    /// <summary>DNS over TLS (RFC 7858).</summary>
    Dot,
}

/// <summary>One thread of the responder: its ring, its sockets, its connections. Shares nothing with the others.</summary>
internal sealed class ResponderLoop : IRingHandler, IDisposable
{
    private const int CompletionsPerTurn = 256;

    private static readonly RingOptions s_options = new() { MaxDatagram = Answers.MaxDatagram, BackendBuffers = 256 };

    private readonly TlsContext? _tls;
    private readonly StreamMemory _memory = Connection.CreateMemory();
    private readonly List<Connection?> _connections = [];
    private readonly Stack<int> _freeTags = new();
    private readonly List<Connection> _touched = [];
    private readonly byte[] _datagram = new byte[Answers.MaxDatagram];
    private bool _stopping;

    /// <summary>Sets up the ring on the calling thread.</summary>
    public ResponderLoop(RingMode mode, TlsContext? tls, out string? reason)
    {
        _tls = tls;
        Ring = RingFactory.Create(mode, s_options, this, out reason);
    }

    public Ring.Ring Ring { get; }

    public void Run()
    {
        while (!Volatile.Read(ref _stopping))
        {
            Ring.Turn(CompletionsPerTurn, timeout: -1);
            FlushTouched();
        }
    }

    /// <summary>Ends <see cref="Run"/>; from any thread.</summary>
    public void Stop()
    {
        Volatile.Write(ref _stopping, true);
        Ring.Wake();
    }

    public void Accepted(int listenerTag, int descriptor)
    {
        var connection = new Connection(_memory, listenerTag == (int)ListenerKind.Dot ? _tls : null);
        if (!_freeTags.TryPop(out int tag))
        {
            tag = _connections.Count;
            _connections.Add(null);
        }

        _connections[tag] = connection;
        StreamHandle stream = Ring.Adopt(descriptor, (uint)tag, StreamClass.Backend);
        connection.Begin(Ring, stream);
        if (!stream.IsValid)
        {
            Forget(tag);
        }
    }

    public void DatagramReceived(int socketTag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated)
    {
        int length = truncated ? 0 : Answers.Write(payload, isDatagram: true, _datagram);
        if (length > 0)
        {
            Ring.SendDatagram(route.Socket, in route, _datagram.AsSpan(0, length));
        }
    }

    public int Received(uint tag, StreamHandle stream, ReadOnlySpan<byte> data) => Touch(tag).Received(data);

    public void ReceiveEnded(uint tag, StreamHandle stream, int errno) => Touch(tag).ReceiveEnded(errno);

    public void Sent(uint tag, StreamHandle stream, int errno) => Touch(tag).Sent(errno);

    public void Closed(uint tag) => Forget((int)tag);

    public void Connected(uint tag, StreamHandle stream, int errno)
    {
    }

    public void ListenerClosed(int listenerTag)
    {
    }

    public void Woken()
    {
    }

    public void Dispose()
    {
        Ring.Dispose();
        _connections.ForEach(connection => connection?.Closed());
        _memory.Dispose();
    }

    private Connection Touch(uint tag)
    {
        Connection connection = _connections[(int)tag]!;
        if (!connection.IsTouched)
        {
            connection.IsTouched = true;
            _touched.Add(connection);
        }

        return connection;
    }

    private void FlushTouched()
    {
        foreach (Connection connection in _touched)
        {
            connection.IsTouched = false;
            connection.Flush();
        }

        _touched.Clear();
    }

    private void Forget(int tag)
    {
        _connections[tag]!.Closed();
        _connections[tag] = null;
        _freeTags.Push(tag);
    }
}
