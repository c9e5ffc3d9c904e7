using System;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Streams;
using Fastdist.Tls;

namespace Fastdist.Responder;

/// <summary>
/// One client on TCP or DoT. Its queries are answered where they lie, and the answers of a turn leave together when it ends. A client
/// that does not read is paused.
/// </summary>
internal sealed class Connection
{
    /// <summary>Bytes of answers at which a connection's queries wait until some were sent.</summary>
    private const int BatchBound = 64 * 1024;

    /// <summary>Nobody is judged by time here.</summary>
    private const long NoClock = 0;

    private readonly RingStream _stream;
    private bool _isShaking;
    private bool _isEnding;
    private bool _isClosed;

    public Connection(StreamMemory memory, TlsContext? tls)
    {
        _stream = new RingStream(memory) { Coalesces = true };
        if (tls is not null)
        {
            _isShaking = true;
            _stream.Secure(tls.CreateSession());
        }
    }

    /// <summary>Waits for the end of the turn in the loop's list.</summary>
    public bool IsTouched { get; set; }

    /// <summary>What connections share: below the bound one more answer of any size is admitted, so it fits behind the bound.</summary>
    public static StreamMemory CreateMemory() => new(BatchBound + StreamFraming.MaxFrame, StreamFraming.MaxFrame);

    /// <summary>It has its stream.</summary>
    public void Begin(Ring.Ring ring, StreamHandle stream) => _stream.Begin(ring, stream);

    /// <summary>Bytes arrived.</summary>
    /// <returns>How many were taken; fewer than all when the stream was paused.</returns>
    public int Received(ReadOnlySpan<byte> data)
    {
        int given = data.Length;
        if (_isShaking && !_isEnding)
        {
            StreamStatus status = _stream.Handshake(ref data);
            _isEnding = status == StreamStatus.Failed;
            _isShaking = status != StreamStatus.More;
        }

        if (!_isShaking)
        {
            Take(ref data);
        }

        return _stream.IsPaused ? given - data.Length : given;
    }

    /// <summary>Nothing more comes: what is answered is still sent, then the connection ends.</summary>
    public void ReceiveEnded(int errno)
    {
        _isEnding = true;
        if (errno != 0)
        {
            Close();
        }
    }

    public void Sent(int errno)
    {
        _stream.Sent(errno, NoClock);
        if (errno != 0)
        {
            Close();
        }
    }

    /// <summary>The end of a turn: sends what gathered in it.</summary>
    public void Flush()
    {
        if (_isClosed)
        {
            return;
        }

        bool canSend = _stream.TryFlush(NoClock, out _);
        if (_stream.IsPaused && _stream.Gathered < BatchBound)
        {
            ReadOnlySpan<byte> nothing = default;
            _stream.Unpause();
            Take(ref nothing);
            _stream.Resume();
        }

        if (!canSend || (_isEnding && !_stream.IsPaused && _stream.TryFinish(NoClock)))
        {
            Close();
        }
    }

    /// <summary>The ring let go of it.</summary>
    public void Closed() => _stream.Release();

    private void Take(ref ReadOnlySpan<byte> data)
    {
        StreamStatus status = StreamStatus.More;
        while (status == StreamStatus.More && !_isEnding && !_stream.IsPaused)
        {
            status = _stream.Open(ref data, out ReadOnlySpan<byte> opened);
            _stream.Keep(opened[Answer(opened)..]);

            // What ended is told again when what came before it has been answered.
            _isEnding |= status is StreamStatus.Ended or StreamStatus.Failed && !_stream.IsPaused;
        }
    }

    /// <summary>Answers the whole messages among the bytes, as many as there is room for.</summary>
    /// <returns>Bytes of them.</returns>
    private int Answer(ReadOnlySpan<byte> data)
    {
        int used = 0;
        while (StreamFraming.TryRead(data[used..], out ReadOnlySpan<byte> message))
        {
            if (_stream.Gathered >= BatchBound || !_stream.TryReserve(StreamFraming.MaxFrame, out Span<byte> room))
            {
                _stream.Pause();
                break;
            }

            used += StreamFraming.PrefixSize + message.Length;
            int length = Answers.Write(message, isDatagram: false, room[StreamFraming.PrefixSize..]);
            if (length > 0)
            {
                StreamFraming.WritePrefix(room, length);
                _stream.TryAdd(StreamFraming.PrefixSize + length);
            }
        }

        return used;
    }

    private void Close()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _stream.Close();
        }
    }
}
