using System;
using Fastdist.Simulation.Tls;
using Fastdist.Tls;

namespace Fastdist.Simulation.Network;

/// <summary>A connection as a client's or backend's program reads and writes it: in the clear, or through a TLS session.</summary>
/// <param name="socket">Its end.</param>
/// <param name="tls">The session; null for none.</param>
internal sealed class Channel(SimSocket socket, SimTlsSession? tls)
{
    private readonly ByteQueue _sealed = new();
    private readonly ByteQueue _output = new();
    private readonly ByteQueue _held = new();
    private readonly byte[] _room = new byte[tls is null ? 0 : 20_000];
    private bool _isOver;
    private bool _saidGoodbye;

    /// <summary>What was read and is in the clear.</summary>
    public ByteQueue Plain { get; } = new();

    /// <summary>When the first of what was read last was sent, microseconds: what it completes was not sent before that.</summary>
    public long SentAt { get; private set; }

    /// <summary>Bytes that found no room yet, or wait for the handshake.</summary>
    public int Waiting => _output.Length + _held.Length;

    /// <summary>Whether nothing more can be read: FIN or a reset with nothing before it, close_notify, or the session's failure.</summary>
    public bool IsOver => _isOver || socket.IsReset || (socket.HasEnd && socket.Received.Length == 0);

    /// <summary>Whether it may carry messages.</summary>
    public bool IsOpen => tls is null || tls.IsEstablished;

    /// <summary>Lets a client say hello.</summary>
    public void Begin()
    {
        if (tls is not null)
        {
            Work();
        }
    }

    /// <summary>Reads what is there.</summary>
    /// <param name="most">Bytes at most.</param>
    /// <returns>False when there was nothing.</returns>
    public bool Fill(int most)
    {
        int count = Math.Min(most, socket.Received.Length);
        if (count == 0 || _isOver)
        {
            return false;
        }

        SentAt = socket.FirstSentAt;
        (tls is null ? Plain : _sealed).Append(socket.Received.Span[..count]);
        socket.Read(count);
        if (tls is not null)
        {
            Work();
        }

        return true;
    }

    /// <summary>What would be read, as it goes to nobody any more: the session is over after this.</summary>
    public byte[] Peek()
    {
        var seen = new ByteQueue();
        seen.Append(Plain.Span);
        if (tls is null)
        {
            seen.Append(socket.Received.Span);
        }
        else if (tls.IsEstablished && !_isOver)
        {
            _sealed.Append(socket.Received.Span);
            TlsStatus status = TlsStatus.NeedOutput;
            while (status is TlsStatus.Ok or TlsStatus.NeedOutput)
            {
                status = tls.Receive(_sealed.Span, out int consumed, _room, out int written);
                _sealed.Drop(consumed);
                seen.Append(_room.AsSpan(0, written));
            }
        }

        return seen.Span.ToArray();
    }

    /// <summary>Writes, as soon as the handshake allows and there is room.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (tls is null)
        {
            _output.Append(bytes);
        }
        else if (!_saidGoodbye)
        {
            _held.Append(bytes);
            Seal();
        }

        Flush();
    }

    /// <summary>Sends what found no room before.</summary>
    public void Flush()
    {
        if (_output.Length > 0 && socket.Send(_output.Span) is > 0 and int sent)
        {
            _output.Drop(sent);
        }
    }

    /// <summary>Says that nothing more will be written, as far as TLS has a word for it.</summary>
    public void SayGoodbye()
    {
        _saidGoodbye = true;
        if (tls is not null)
        {
            tls.Close(_room, out int written);
            _output.Append(_room.AsSpan(0, written));
            Flush();
        }
    }

    /// <summary>Has the session work on what was read.</summary>
    private void Work()
    {
        TlsStatus status = tls!.IsEstablished ? TlsStatus.Ok : Shake();
        while (status is TlsStatus.Ok or TlsStatus.NeedOutput)
        {
            status = tls.Receive(_sealed.Span, out int consumed, _room, out int written);
            _sealed.Drop(consumed);
            Plain.Append(_room.AsSpan(0, written));
        }

        _isOver = status is TlsStatus.Failed or TlsStatus.Closed;
        Seal();
        Flush();
    }

    private TlsStatus Shake()
    {
        TlsStatus status;
        do
        {
            status = tls!.Handshake(_sealed.Span, out int consumed, _room, out int written);
            _sealed.Drop(consumed);
            _output.Append(_room.AsSpan(0, written));
        }
        while (status == TlsStatus.NeedOutput);
        return status;
    }

    private void Seal()
    {
        TlsStatus status = TlsStatus.NeedOutput;
        while (tls!.IsEstablished && !_isOver && (status == TlsStatus.NeedOutput || tls.HasPendingOutput))
        {
            status = tls.Send(_held.Span, out int consumed, _room, out int written);
            _held.Drop(consumed);
            _output.Append(_room.AsSpan(0, written));
        }

        for (int count = 1; !tls.IsEstablished && count > 0;)
        {
            count = tls.FlushPending(_room);
            _output.Append(_room.AsSpan(0, count));
        }
    }
}
