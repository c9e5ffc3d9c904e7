using System;
using Fastdist.Dns;
using Fastdist.Ring;
using Fastdist.Tls;

namespace Fastdist.Responder;

/// <summary>
/// One client on TCP or DoT. Answers gather in a batch during a turn; <see cref="Flush"/> sends what
/// gathered, with one send in flight at a time. A client that does not read is paused at
/// <see cref="BufferPool.BatchBound"/> bytes.
/// </summary>
internal sealed class Connection : IDisposable
{
    private readonly ResponderLoop _loop;
    private readonly TlsSession? _tls;
    private ByteQueue _unanswered;
    private ByteQueue _batch;
    private ByteQueue _sealed;
    private NativeBuffer? _sending;
    private bool _established;
    private bool _paused;
    private bool _ending;
    private bool _closeNotified;
    private bool _closed;

    public Connection(ResponderLoop loop, TlsContext? tls)
    {
        _loop = loop;
        _tls = tls?.CreateSession();
        _established = tls is null;
        _unanswered = new ByteQueue(loop.Buffers);
        _batch = new ByteQueue(loop.Buffers);
        _sealed = new ByteQueue(loop.Buffers);
    }

    public StreamHandle Stream { get; set; }

    /// <summary>Waits for the end of the turn in the loop's list.</summary>
    public bool IsTouched { get; set; }

    private bool IsFull => _batch.Length >= BufferPool.BatchBound;

    /// <summary>Queries wait for room in the batch.</summary>
    private bool IsBehind => IsFull || StreamFraming.TryRead(_unanswered.Bytes, out _);

    public void Received(ReadOnlySpan<byte> data)
    {
        if (_ending)
        {
            return;
        }

        if (!_established)
        {
            data = data[Handshake(data)..];
        }

        if (_tls is null)
        {
            TakePlaintext(data);
        }
        else if (_established)
        {
            // Even without data: the handshake may have read ahead into the first queries.
            Open(data);
        }

        Throttle();
    }

    /// <summary>Nothing more comes: what is answered is still sent, then the connection ends.</summary>
    public void ReceiveEnded(int errno)
    {
        _ending = true;
        if (errno != 0)
        {
            Close();
        }
    }

    public void Sent(int errno)
    {
        _loop.Buffers.Return(_sending!);
        _sending = null;
        if (errno != 0)
        {
            Close();
        }
    }

    /// <summary>The end of a turn: sends what gathered in it.</summary>
    public void Flush()
    {
        if (_sending is not null || _closed)
        {
            Throttle();
            return;
        }

        AnswerWaiting();
        if (_tls is not null)
        {
            Seal();
        }

        ref ByteQueue output = ref _tls is null ? ref _batch : ref _sealed;
        if (output.Length > 0)
        {
            _sending = output.Detach(out int length);
            _loop.Ring.Send(Stream, _sending, 0, length);
        }
        else if (_ending)
        {
            Close();
        }

        Throttle();
    }

    public void Dispose()
    {
        _tls?.Dispose();
        _unanswered.Clear();
        _batch.Clear();
        _sealed.Clear();
        if (_sending is not null)
        {
            _loop.Buffers.Return(_sending);
            _sending = null;
        }
    }

    private int Handshake(ReadOnlySpan<byte> data)
    {
        TlsStatus status = _tls!.Handshake(data, out int consumed, _sealed.Room, out int written);
        _sealed.Added(written);
        _established = status == TlsStatus.Ok;

        // A flight never outgrows an empty buffer, so NeedOutput is a peer that does not read its answers.
        _ending = status is not (TlsStatus.Ok or TlsStatus.NeedInput);
        return consumed;
    }

    private void Open(ReadOnlySpan<byte> ciphertext)
    {
        TlsStatus status;
        do
        {
            status = _tls!.Receive(ciphertext, out int consumed, _loop.Plaintext, out int written);
            ciphertext = ciphertext[consumed..];
            TakePlaintext(_loop.Plaintext[..written]);
        }
        while (status == TlsStatus.NeedOutput);
        _ending |= status is TlsStatus.Closed or TlsStatus.Failed;
    }

    // Whole frames are answered where they lie; only the cut one at the end is copied.
    private void TakePlaintext(ReadOnlySpan<byte> data)
    {
        if (_unanswered.Length == 0)
        {
            data = data[Answer(data)..];
        }

        if (!data.IsEmpty)
        {
            _unanswered.Append(data);
            AnswerWaiting();
        }
    }

    private void AnswerWaiting()
    {
        if (_unanswered.Length > 0)
        {
            _unanswered.Taken(Answer(_unanswered.Bytes));
        }
    }

    private int Answer(ReadOnlySpan<byte> data)
    {
        int used = 0;
        while (!IsFull && StreamFraming.TryRead(data[used..], out ReadOnlySpan<byte> message))
        {
            used += StreamFraming.PrefixSize + message.Length;
            Span<byte> room = _batch.Room;
            int length = Answers.Write(message, isDatagram: false, room[StreamFraming.PrefixSize..]);
            if (length > 0)
            {
                StreamFraming.WritePrefix(room, length);
                length += StreamFraming.PrefixSize;
            }

            _batch.Added(length);
        }

        return used;
    }

    // What does not fit the send stays in the batch until the send is over.
    private void Seal()
    {
        if (_batch.Length > 0 || _tls!.HasPendingOutput)
        {
            _tls!.Send(_batch.Bytes, out int consumed, _sealed.Room, out int written);
            _sealed.Added(written);
            _batch.Taken(consumed);
        }

        if (_ending && _established && !_closeNotified && _batch.Length == 0 && !IsBehind)
        {
            _closeNotified = true;
            _tls!.Close(_sealed.Room, out int written);
            _sealed.Added(written);
        }
    }

    private void Throttle()
    {
        bool behind = IsBehind;
        if (behind != _paused && !_closed)
        {
            _paused = behind;
            if (_paused)
            {
                _loop.Ring.Pause(Stream);
            }
            else
            {
                _loop.Ring.Resume(Stream);
            }
        }
    }

    private void Close()
    {
        if (!_closed)
        {
            _closed = true;
            _loop.Ring.Close(Stream);
        }
    }
}
