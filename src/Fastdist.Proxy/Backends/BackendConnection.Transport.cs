using System;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
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

    /// <summary>What the stream said when it was asked for more last.</summary>
    private StreamStatus _opening;

    private bool CanReceive => State is ConnectionState.Ready or ConnectionState.Probing;

    /// <summary>
    /// Bytes arrived; what comes of them is taken by <see cref="TryOpen"/>. A backend is never paused: its answers are what we live on.
    /// </summary>
    /// <param name="data">What arrived; what is left of it afterwards is to be opened.</param>
    public void Receive(ref ReadOnlySpan<byte> data)
    {
        NoteActivity();
        _opening = StreamStatus.More;
        if (State == ConnectionState.Handshaking)
        {
            Shake(ref data);
        }
    }

    /// <summary>Opens more of what arrived.</summary>
    /// <param name="data">What is left of it.</param>
    /// <param name="opened">Opened bytes, of which <see cref="TryTake"/> takes answers and <see cref="Keep"/> keeps the rest.</param>
    /// <returns>False when that was all, or the connection has ended.</returns>
    public bool TryOpen(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> opened)
    {
        opened = default;
        if (!CanReceive)
        {
            return false;
        }

        if (_opening == StreamStatus.More)
        {
            _opening = _stream.Open(ref data, out opened);
            return true;
        }

        FinishReceiving();
        return false;
    }

    /// <summary>Takes the next whole answer of opened bytes.</summary>
    /// <param name="opened">The bytes; what is left of them afterwards is to be looked at next.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>False when there is none.</returns>
    public bool TryTake(ref ReadOnlySpan<byte> opened, out ReceivedAnswer answer)
    {
        while (CanReceive && StreamFraming.TryRead(opened, out ReadOnlySpan<byte> message))
        {
            ReadOnlySpan<byte> taken = opened.Slice(StreamFraming.PrefixSize, message.Length);
            opened = opened[(StreamFraming.PrefixSize + message.Length)..];
            if (IsAwaited(taken, out answer))
            {
                return true;
            }
        }

        answer = default;
        return false;
    }

    /// <summary>Keeps the beginning of an answer whose end has not come.</summary>
    public void Keep(ReadOnlySpan<byte> rest) => _stream.Keep(rest);

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

        bool canSend = _stream.TryFlush(_shard.Clock.Now, out int sent);
        if (sent > 0)
        {
            NoteActivity();
            _counters.Sends++;
            _counters.RecordsSent += _stream.Records;
            Order.Left();
            Order.Sent(sent);
            _backend.Board.RoomChanged();
        }

        if (!canSend || _stream.HasFailed)
        {
            FailTls();
        }
    }

    /// <summary>Bytes come or go: buffers are in use, and whoever does not take them is to be given up.</summary>
    private void NoteActivity()
    {
        _activeAt = _shard.Clock.Now;
        _backend.Board.Wake();
    }

    private void MarkDirty()
    {
        if (!_isDirty)
        {
            _isDirty = true;
            _touched.Enqueue(this);
        }
    }

    /// <summary>Drives the handshake as far as the bytes at hand allow.</summary>
    private void Shake(ref ReadOnlySpan<byte> data)
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

    /// <summary>Everything that arrived was opened: what the stream says of its end comes after that.</summary>
    private void FinishReceiving()
    {
        switch (_opening)
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

    /// <summary>Looks at what came; what answers our own questions, or comes too late, is done with here.</summary>
    private bool IsAwaited(ReadOnlySpan<byte> message, out ReceivedAnswer answer)
    {
        answer = default;
        _heardAt = _shard.Clock.Now;
        _backend.Board.RoomChanged();
        IsSuspect = false;
        if (State == ConnectionState.Probing)
        {
            TakeProbeAnswer(message);
            return false;
        }

        if (message.Length < Header.Size || !Header.IsResponse(message))
        {
            _counters.NoncompliantResponses++;
            return IsNoAnswer(message, ref answer);
        }

        ushort id = Header.Id(message);
        switch (Ids.Find(id, out int entry))
        {
            case IdState.Unknown:
                _counters.UnknownIdResponses++;
                return false;
            case IdState.Abandoned:
                _counters.LateResponses += _probe.IsOf(id) ? 0 : 1;
                Ids.Release(id);
                CountAnswer(id);
                Report(ConnectionEvent.RoomFreed);
                return false;
            default:
                answer = new ReceivedAnswer { Entry = entry, Message = message };
                Judge(ref answer);
                return true;
        }
    }

    private void TakeProbeAnswer(ReadOnlySpan<byte> message)
    {
        if (message.Length < Header.Size || Ids.Find(Header.Id(message), out _) != IdState.Abandoned)
        {
            _counters.UnknownIdResponses++;
            return;
        }

        Ids.Release(Header.Id(message));
        CountAnswer(Header.Id(message));
        _probe.Answered(_shard.Clock.Now);
        ConcludeProbe();
    }

    /// <summary>Whether what came is the answer to the question that has its ID.</summary>
    private void Judge(ref ReceivedAnswer answer)
    {
        if (Answer.Match(answer.Message, Question(answer.Entry), _shard.Options.AllowEmptyResponse) != AnswerMatch.Matches)
        {
            _counters.MismatchedResponses++;
            answer.Fault = s_otherQuestion;
            return;
        }

        CountAnswer(Header.Id(answer.Message));
        _counters.Responses++;
        _counters.CheckResponses += _shard.Table[answer.Entry].IsPinned ? 1 : 0;
    }

    private void CountAnswer(ushort id)
    {
        Order.Answered(id);
        if (_answers++ == 0)
        {
            Report(ConnectionEvent.Proven);
        }

        if (EndsAsExpected)
        {
            _shard.TickWithin(Allowance.EndMicroseconds);
        }
    }

    private bool IsNoAnswer(ReadOnlySpan<byte> message, ref ReceivedAnswer answer)
    {
        if (message.Length < sizeof(ushort) || Ids.Find(Header.Id(message), out int entry) != IdState.InFlight)
        {
            return false;
        }

        answer = new ReceivedAnswer { Entry = entry, Message = message, Fault = message.Length < Header.Size ? s_cutHeader : s_noAnswer };
        return true;
    }

    private ReadOnlySpan<byte> Question(int entry) =>
        _shard.Table.Message(entry)[Header.Size.._shard.Table[entry].QuestionEnd];
}
