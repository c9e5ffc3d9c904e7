using System;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Machines;
using Fastdist.Ring;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Whether a backend answers over UDP, where no connection tells it: who says nothing for a while though it owes something, or of whom the
/// network says that it is not there, is avoided until it answers something, or for a pause that grows each time it was in vain.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="known">The backend.</param>
/// <param name="sockets">Its sockets.</param>
internal sealed class DatagramStanding(ShardContext shard, KnownBackend known, DatagramSockets sockets)
{
    /// <summary>Between two attempts to open a socket, and two words about one failure, microseconds.</summary>
    private const long OpenPauseMicroseconds = 250_000;
    private const long WordPauseMicroseconds = 10_000;

    /// <summary>As few datagrams as a bad line loses one after the other are no silence.</summary>
    private const int LeastUnanswered = 4;

    /// <summary>How long it is avoided at first and at the most, microseconds.</summary>
    private const long LeastPauseMicroseconds = 1_000_000;
    private const long MostPauseMicroseconds = 8_000_000;

    /// <summary>A moment without an answer in which there should be some, microseconds, and how many queries are sent again in it, to see whether it is over.</summary>
    private const long HoleMicroseconds = 100_000;
    private const int ProbesPerTick = 1;

    /// <summary>How long what is owed has to come by itself after a hole, as a backend that stood still answers all of it, microseconds.</summary>
    private const long CatchUpMicroseconds = 40_000;

    private const long Never = long.MaxValue;

    private static readonly BackendFailure s_silence = new(HealthCheckFailure.Timeout, "UDP: no answer");

    private int _owed;
    private int _probes = ProbesPerTick;

    /// <summary>When it answered last; and when a hole ended after which nobody was asked again yet.</summary>
    private long _heardAt;
    private long _holeEndedAt = Never;

    /// <summary>How often clients' queries were sent since it answered last, and when the first of them was, whether or not it was answered elsewhere meanwhile.</summary>
    private int _unanswered;
    private long _askedAt;
    private long _openAt;
    private long _failedAt;
    private long _avoidedUntil;
    private long _pause = LeastPauseMicroseconds;

    /// <summary>Whether it has answered since it was begun with, or avoided, and from when on it is dead if it has not.</summary>
    private bool _isProven;
    private long _deadFrom;
    private bool _isGivenUp;

    /// <summary>Whether nothing is to be expected of it: it never answered, or the network said so, or half of the time that a query has went by in silence.</summary>
    public bool IsDead => !_isProven && shard.Clock.Now >= _deadFrom;

    /// <summary>What it counts for: nothing without a socket.</summary>
    public ConnectionStanding Now
    {
        get => known.Board.Datagrams;
        private set => known.Board.Datagrams = value;
    }

    /// <summary>When a tick has to look at it though nothing is owed, microseconds of the shard's clock; the greatest number when it need not.</summary>
    public long DueAt => sockets.IsAnyMissing ? _openAt : Now == ConnectionStanding.Silent ? _avoidedUntil : long.MaxValue;

    /// <summary>A query is waited for from now on.</summary>
    public void Awaited() => _owed++;

    /// <summary>A query is no longer waited for.</summary>
    public void Released() => _owed--;

    /// <summary>A client's query was sent, for the first time or again.</summary>
    public void Asked()
    {
        if (_unanswered++ == 0)
        {
            _askedAt = shard.Clock.Now;
        }
    }

    /// <summary>
    /// Whether nothing was answered for a moment though there was something to answer: what is sent again into that is sent in vain, but for a few that tell
    /// when it is over.
    /// </summary>
    public bool IsInHole => Now == ConnectionStanding.Silent
        || (_unanswered >= LeastUnanswered && shard.Clock.Now - Math.Max(_heardAt, _askedAt) >= HoleMicroseconds);

    /// <summary>Takes one of the few queries that are sent again in a hole between two ticks.</summary>
    public bool TryProbe() => _probes-- > 0;

    /// <summary>Whether what was sent before a hole and is owed still was lost in it.</summary>
    /// <param name="before">When the hole ended, microseconds of the shard's clock.</param>
    public bool HasLostInHole(out long before)
    {
        before = _holeEndedAt;
        return _holeEndedAt != Never && shard.Clock.Now - _holeEndedAt >= CatchUpMicroseconds;
    }

    /// <summary>All of that was sent again.</summary>
    public void ForgetHole() => _holeEndedAt = Never;

    /// <summary>A query was answered: only that proves that the backend works.</summary>
    public void Answered()
    {
        if (IsInHole)
        {
            _holeEndedAt = shard.Clock.Now;
            shard.TickWithin(CatchUpMicroseconds);
        }

        _heardAt = shard.Clock.Now;
        _unanswered = 0;
        if (!_isProven || !known.Status.IsUp)
        {
            _isProven = true;
            _pause = LeastPauseMicroseconds;
            Now = ConnectionStanding.Working;
            Report(ConnectionEvent.DatagramAnswered);
        }
    }

    /// <summary>The network said that it is not there.</summary>
    public void Failed(int errno)
    {
        if (Now == ConnectionStanding.Working || shard.Clock.Now - _failedAt >= WordPauseMicroseconds)
        {
            _deadFrom = _failedAt = shard.Clock.Now;
            _isGivenUp = true;
            Avoid();
            Report(ConnectionEvent.DatagramFailed, new BackendFailure(HealthCheckFailure.Network, $"UDP: {Sockets.Describe(errno)}"));
        }
    }

    /// <summary>Opens the sockets that are missing.</summary>
    public void Open()
    {
        if (!sockets.IsAnyMissing || shard.Clock.Now < _openAt)
        {
            return;
        }

        sockets.OpenMissing();
        if (sockets.IsAny)
        {
            Now = Now == ConnectionStanding.None ? ConnectionStanding.Working : Now;
        }

        if (sockets.IsAnyMissing)
        {
            _openAt = shard.Clock.Now + OpenPauseMicroseconds;
            ReportMissing();
        }
    }

    /// <summary>Keeps its clocks.</summary>
    public void Tick()
    {
        _probes = ProbesPerTick;
        Open();
        long now = shard.Clock.Now;
        if (Now == ConnectionStanding.Working && _unanswered >= LeastUnanswered && now - _askedAt > known.Options.SilenceTimeout * 1000L)
        {
            known.Counters.SuspectConnections++;
            shard.Log.DatagramsUnanswered(known.Options.Name, _unanswered);
            _deadFrom = _askedAt + (known.Options.Deadline * 1000L / 2);
            _isGivenUp = false;
            Avoid();
            Report(ConnectionEvent.DatagramSilence, s_silence);
        }
        else if (Now == ConnectionStanding.Silent && IsDead && !_isGivenUp)
        {
            _isGivenUp = true;
            Report(ConnectionEvent.DatagramFailed, s_silence);
        }
        else if (Now == ConnectionStanding.Silent && _owed == 0 && now >= _avoidedUntil)
        {
            Now = ConnectionStanding.Working;
        }
    }

    private void Avoid()
    {
        if (Now != ConnectionStanding.Silent)
        {
            _avoidedUntil = shard.Clock.Now + _pause;
            _pause = Math.Min(_pause * 2, MostPauseMicroseconds);
        }

        _isProven = false;
        _unanswered = 0;
        Now = ConnectionStanding.Silent;
    }

    private void ReportMissing()
    {
        if (!sockets.IsAny)
        {
            Now = ConnectionStanding.None;
        }

        ConnectionEvent happened = Descriptors.IsShortage(sockets.Error) ? ConnectionEvent.DatagramShortage : ConnectionEvent.DatagramFailed;
        Report(happened, new BackendFailure(HealthCheckFailure.Network, $"no UDP socket: {Sockets.Describe(sockets.Error)}"));
    }

    private void Report(ConnectionEvent happened, BackendFailure failure = default) =>
        known.Reports.Enqueue(new ConnectionReport(ConnectionReport.NoConnection, happened, failure));
}
