using System;
using Fastdist.Dns;
using Fastdist.Proxy.InFlight;
using Fastdist.Streams;
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
    public int Received(Span<byte> data)
    {
        int length = data.Length;
        _activeAt = _shard.Clock.Now;
        if (State == ConnectionState.Handshaking)
        {
            Shake(ref data);
        }

        Take(ref data);
        return length;
    }

    /// <summary>The send in flight ended.</summary>
    public void Sent(int errno)
    {
        if (!_stream.Sent(errno, _shard.Clock.Now))
        {
            return;
        }

        if (errno != 0)
        {
            SendFailed(errno);
        }
        else if (_stream.HasOutput)
        {
            MarkDirty();
        }
    }

    /// <summary>Sends what the turn gathered, unless the last send is still on its way.</summary>
    public void Flush()
    {
        _isDirty = false;
        if (!CanReceive && State != ConnectionState.Handshaking)
        {
            return;
        }

        _backend.RoomChanged();
        bool canSend = _stream.TryFlush(_shard.Clock.Now, out int sent);
        if (sent > 0)
        {
            _activeAt = _shard.Clock.Now;
            _counters.Sends++;
            _counters.RecordsSent += _stream.Records;
            Order.Left();
            Order.Sent(sent);
        }

        if (!canSend || _stream.HasFailed)
        {
            FailTls();
        }
    }

    private void MarkDirty()
    {
        if (!_isDirty)
        {
            _isDirty = true;
            _shard.Dispatcher.Touched(this);
        }
    }

    /// <summary>Drives the handshake as far as the bytes at hand allow.</summary>
    private void Shake(ref Span<byte> data)
    {
        switch (_stream.Handshake(ref data))
        {
            case StreamStatus.Failed:
                FailTls();
                return;
            case StreamStatus.More:
                CountSession(_stream.Session!);
                Established();
                break;
            default:
                break;
        }

        if (_stream.HasOutput)
        {
            MarkDirty();
        }
    }

    private void CountSession(TlsSession session)
    {
        if (session.IsResumed)
        {
            _counters.TlsResumptions++;
        }
        else
        {
            _counters.TlsNewSessions++;
            _backend.Shared.CertificateEnd = session.CertificateEnd?.ToUnixTimeSeconds() ?? long.MaxValue;
        }
    }

    /// <summary>Takes what arrived, until the bytes end or the connection does.</summary>
    private void Take(ref Span<byte> data)
    {
        StreamStatus status = StreamStatus.More;
        while (status == StreamStatus.More && CanReceive)
        {
            status = _stream.Open(ref data, out Span<byte> opened);
            _stream.Keep(opened[TakeAnswers(opened)..]);
        }

        if (!CanReceive)
        {
            return;
        }

        switch (status)
        {
            case StreamStatus.Ended:
                ReceiveEnded(0);
                break;
            case StreamStatus.Failed:
                FailTls();
                break;
            default:
                if (_stream.HasOutput)
                {
                    MarkDirty();
                }

                break;
        }
    }

    /// <summary>Takes the whole messages among the bytes.</summary>
    /// <returns>Bytes of them.</returns>
    private int TakeAnswers(Span<byte> received)
    {
        int taken = 0;
        while (CanReceive && StreamFraming.TryRead(received[taken..], out ReadOnlySpan<byte> message))
        {
            int start = taken + StreamFraming.PrefixSize;
            taken = start + message.Length;
            TakeAnswer(received[start..taken]);
        }

        return taken;
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
