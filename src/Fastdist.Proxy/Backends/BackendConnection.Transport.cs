using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Tls;

namespace Fastdist.Proxy.Backends;

/// <summary>Bytes to answers and queries to bytes, through TLS or without.</summary>
internal sealed partial class BackendConnection
{
    private static readonly BackendFailure s_cutHeader = new(HealthCheckFailure.Parsing, "health check was answered with less than a header");
    private static readonly BackendFailure s_noAnswer = new(HealthCheckFailure.Invalid, "health check was answered with a query");
    private static readonly BackendFailure s_otherQuestion = new(HealthCheckFailure.Mismatch, "health check was answered for another question");

    private bool CanReceive => State is ConnectionState.Ready or ConnectionState.Probing;

    /// <summary>Bytes arrived.</summary>
    /// <returns>All of them: a backend is never paused, its answers are what we live on.</returns>
    public int Received(ReadOnlySpan<byte> data)
    {
        int length = data.Length;
        _activeAt = _shard.Clock.Now;
        _isReleased = false;
        if (State == ConnectionState.Handshaking)
        {
            Shake(data, out int consumed);
            data = data[consumed..];
        }

        if (CanReceive)
        {
            if (_tls is null)
            {
                ReceivePlain(data);
            }
            else
            {
                ReceiveSealed(data);
            }
        }

        return length;
    }

    /// <summary>The send in flight ended.</summary>
    public void Sent(int errno)
    {
        _sending = false;
        if (errno != 0)
        {
            SendFailed(errno);
        }
        else if (State == ConnectionState.Handshaking)
        {
            Shake(default, out _);
            if (CanReceive)
            {
                // OpenSSL may have taken over what followed the handshake with it.
                ReceiveSealed(default);
            }
        }
        else if (_batchLength > 0 || _tls?.HasPendingOutput == true)
        {
            MarkDirty();
        }
    }

    /// <summary>Sends what the turn gathered, unless the last send is still on its way.</summary>
    public void Flush()
    {
        _isDirty = false;
        if (_sending || !CanReceive)
        {
            return;
        }

        _backend.RoomChanged();

        if (_tls is null)
        {
            if (_batchLength > 0)
            {
                (_batch, _cipher) = (_cipher, _batch);
                StartSend(_batchLength);
                _batchLength = 0;
                Order.Left(kept: 0);
            }

            return;
        }

        Span<byte> batch = _batch!.Span[.._batchLength];
        int consumed;
        int written;
        TlsStatus status = _backend.Batching == RecordBatching.Works || State == ConnectionState.Probing
            ? Seal(batch, out consumed, out written)
            : SealEach(batch, out consumed, out written);
        batch[consumed..].CopyTo(batch);
        _batchLength -= consumed;
        Order.Left(StreamFraming.Count(_batch.Span[.._batchLength]));
        if (written > 0)
        {
            StartSend(written);
        }

        if (status == TlsStatus.Failed)
        {
            FailTls();
        }
    }

    /// <summary>Seals the whole batch, as many messages to a record as fit.</summary>
    private TlsStatus Seal(ReadOnlySpan<byte> batch, out int consumed, out int written)
    {
        TlsStatus status = _tls!.Send(batch, out consumed, _cipher!.Span, out written);
        _counters.RecordsSent += (consumed + TlsContext.MaxRecordPayload - 1) / TlsContext.MaxRecordPayload;
        return status;
    }

    /// <summary>Seals each message into a record of its own, for backends that read no further.</summary>
    private TlsStatus SealEach(ReadOnlySpan<byte> batch, out int consumed, out int written)
    {
        TlsStatus status = _tls!.Send(default, out consumed, _cipher!.Span, out written);
        while (status == TlsStatus.Ok && StreamFraming.TryRead(batch[consumed..], out ReadOnlySpan<byte> message))
        {
            int frame = StreamFraming.PrefixSize + message.Length;
            if (_cipher.Length - written < frame + ((frame / TlsContext.MaxRecordPayload) + 1) * TlsSession.RecordOverhead)
            {
                break;
            }

            status = _tls.Send(batch.Slice(consumed, frame), out int sealedBytes, _cipher.Span[written..], out int more);
            _counters.RecordsSent++;
            consumed += sealedBytes;
            written += more;
        }

        return status;
    }

    private void MarkDirty()
    {
        if (!_isDirty)
        {
            _isDirty = true;
            _shard.Dispatcher.Touched(this);
        }
    }

    private void StartSend(int length)
    {
        _sending = true;
        _sendingSince = _activeAt = _shard.Clock.Now;
        _isReleased = false;
        _counters.Sends++;
        Order.Sent(length);
        _shard.Ring.Send(_stream, _cipher!, 0, length);
    }

    /// <summary>Drives the handshake as far as the bytes at hand allow.</summary>
    private void Shake(ReadOnlySpan<byte> data, out int consumed)
    {
        // While a flight is being sent its buffer is the kernel's; what OpenSSL writes meanwhile waits in the session.
        Span<byte> output = _sending ? default : _cipher!.Span;
        TlsStatus status = _tls!.Handshake(data, out consumed, output, out int written);
        if (status is TlsStatus.Failed or TlsStatus.Closed)
        {
            _shard.Ring.SendLast(_stream, output[..written]);
        }
        else if (written > 0)
        {
            StartSend(written);
        }

        switch (status)
        {
            case TlsStatus.Ok:
                if (_tls.IsResumed)
                {
                    _counters.TlsResumptions++;
                }
                else
                {
                    _counters.TlsNewSessions++;
                    _backend.View.CertificateEnd = _tls.CertificateEnd?.ToUnixTimeSeconds() ?? long.MaxValue;
                }

                Established();
                if (_tls.HasPendingOutput)
                {
                    MarkDirty();
                }

                break;
            case TlsStatus.Failed or TlsStatus.Closed:
                FailTls();
                break;
            default:
                break;
        }
    }

    private void ReceivePlain(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty && CanReceive)
        {
            int count = Math.Min(data.Length, ReceiveCapacity - _receivedLength);
            data[..count].CopyTo(_received!.Span[_receivedLength..]);
            _receivedLength += count;
            data = data[count..];
            TakeAnswers();
        }
    }

    private void ReceiveSealed(ReadOnlySpan<byte> data)
    {
        while (CanReceive)
        {
            TlsStatus status = _tls!.Receive(data, out int consumed, _received!.Span[_receivedLength..], out int written);
            data = data[consumed..];
            _receivedLength += written;
            if (written > 0)
            {
                TakeAnswers();
            }

            switch (status)
            {
                case TlsStatus.NeedOutput:
                    continue;
                case TlsStatus.Closed:
                    ReceiveEnded(0);
                    return;
                case TlsStatus.Failed:
                    FailTls();
                    return;
                default:
                    if (_tls.HasPendingOutput)
                    {
                        MarkDirty();
                    }

                    return;
            }
        }
    }

    /// <summary>Takes whole messages from what was received and moves the beginning of the next to the front.</summary>
    private void TakeAnswers()
    {
        Span<byte> received = _received!.Span[.._receivedLength];
        int taken = 0;
        while (CanReceive && StreamFraming.TryRead(received[taken..], out ReadOnlySpan<byte> message))
        {
            int start = taken + StreamFraming.PrefixSize;
            taken = start + message.Length;
            TakeAnswer(received[start..taken]);
        }

        received[taken..].CopyTo(received);
        _receivedLength -= taken;
    }

    private void TakeAnswer(Span<byte> message)
    {
        _heardAt = _shard.Clock.Now;
        _backend.RoomChanged();
        IsSuspect = false;
        if (State == ConnectionState.Probing)
        {
            TakeProbeAnswer(message);
            return;
        }

        if (message.Length < Header.Size || !Header.IsResponse(message))
        {
            _counters.NoncompliantResponses++;
            TakeNoAnswer(message);
            return;
        }

        ushort id = Header.Id(message);
        switch (Ids.Find(id, out int entry))
        {
            case IdState.Unknown:
                _counters.UnknownIdResponses++;
                break;
            case IdState.Abandoned:
                _counters.LateResponses += IsProbe(id) ? 0 : 1;
                Ids.Release(id);
                CountAnswer(id);
                _backend.RoomFreed();
                break;
            default:
                if (Answer.Match(message, Question(entry)) != AnswerMatch.Matches)
                {
                    _counters.MismatchedResponses++;
                    _shard.Dispatcher.Misanswered(entry, s_otherQuestion);
                    break;
                }

                CountAnswer(id);
                _counters.Responses++;
                _counters.CheckResponses += _shard.Table[entry].IsPinned ? 1 : 0;
                _shard.Dispatcher.Answered(entry, this, message);
                break;
        }
    }

    private void CountAnswer(ushort id)
    {
        Order.Answered(id);
        if (_answers++ == 0)
        {
            _backend.Proven(this);
        }

        if (EndsAsExpected)
        {
            _shard.TickWithin(Allowance.EndMicroseconds);
        }
    }

    private void TakeNoAnswer(ReadOnlySpan<byte> message)
    {
        if (message.Length >= sizeof(ushort) && Ids.Find(Header.Id(message), out int entry) == IdState.InFlight)
        {
            _shard.Dispatcher.Misanswered(entry, message.Length < Header.Size ? s_cutHeader : s_noAnswer);
        }
    }

    private ReadOnlySpan<byte> Question(int entry) =>
        _shard.Table.Message(entry)[Header.Size.._shard.Table[entry].QuestionEnd];
}
