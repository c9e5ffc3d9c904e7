using System;
using System.Diagnostics.CodeAnalysis;
using Fastdist.Dns;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;

namespace Fastdist.Proxy.Backends;

/// <summary>
/// Queries of one shard to a backend over UDP, and its answers. A datagram may be lost and anybody may forge one: a query is sent again until it
/// is answered, and an answer counts when it comes from the backend to the socket that was asked from, under the ID and with the question
/// that were sent (RFC 5452 section 9.1). What does not is counted and changes nothing.
/// </summary>
internal sealed class DatagramExchange : IDisposable
{
    /// <summary>Longest query that is sent so; longer ones might be fragmented, and go over TCP.</summary>
    public const int MostMessage = 1232;

    private readonly ShardContext _shard;
    private readonly KnownBackend _known;
    private readonly BackendCounters _counters;
    private readonly NumberedTable<DatagramSocket> _table;
    private readonly DatagramSockets _sockets;
    private readonly DatagramStanding _standing;
    private readonly byte[] _message = new byte[MostMessage + QueryEdits.MaxGrowth];

    /// <param name="shard">The shard.</param>
    /// <param name="known">The backend.</param>
    /// <param name="table">The shard's datagram sockets.</param>
    public DatagramExchange(ShardContext shard, KnownBackend known, NumberedTable<DatagramSocket> table)
    {
        (_shard, _known, _counters, _table) = (shard, known, known.Counters, table);
        _sockets = new DatagramSockets(shard, known, table);
        _standing = new DatagramStanding(shard, known, _sockets);
        Reminders = new Reminders(shard.Table, known.Slot);
    }

    /// <summary>Those that were sent, by when they are sent again.</summary>
    public Reminders Reminders { get; }

    /// <summary>How long that is after.</summary>
    public AskIntervals Intervals { get; } = new();

    /// <summary>Whether it can be used, and answers.</summary>
    public DatagramStanding Standing => _standing;

    /// <summary>Its sockets, open or not.</summary>
    public ReadOnlySpan<DatagramSocket> Sockets => _sockets.All;

    /// <summary>Whether no socket is left of it.</summary>
    public bool IsClosed => _sockets.AreClosed;

    /// <summary>Whether a query goes this way.</summary>
    public bool Takes(in InFlightEntry query) => (query.Notes & QueryNotes.NeedsStream) == 0 && query.MessageLength <= MostMessage
        && !(query.IsPinned && _known.Options.CheckTcp);

    /// <summary>Sends a query, which from now on is waited for.</summary>
    /// <returns>False when there is no socket, or no ID.</returns>
    public bool TryPut(int index)
    {
        if (!TryDraw(out DatagramSocket? socket))
        {
            return false;
        }

        ushort id = Take(socket, index);
        if (!Reminders.Hold(in _shard.Table[index]))
        {
            // Who has it in a list already has it sent again wherever it was sent.
            Reminders.Add(index, list: 0);
        }

        Send(socket, id, index);
        return true;
    }

    /// <summary>
    /// Sends a query again as it was sent before: under another ID or from another port each time it would be asked under two at once, of which
    /// a forged answer need hit only one (RFC 5452 section 5).
    /// </summary>
    public void Repeat(Leg leg, int index)
    {
        _counters.Repeats++;
        if (_table[leg.Socket].IsStranded && TryDraw(out DatagramSocket? socket))
        {
            // What never left cannot be answered.
            _shard.Table[index].TakeLeg(leg);
            Release(leg);
            Send(socket, Take(socket, index), index);
            return;
        }

        Send(_table[leg.Socket], leg.Id, index);
    }

    /// <summary>Looks at what came.</summary>
    /// <param name="socket">From where.</param>
    /// <param name="message">The message.</param>
    /// <param name="answer">The answer it is.</param>
    /// <returns>False when it is none to a query that waits.</returns>
    public bool TryTake(DatagramSocket socket, ReadOnlySpan<byte> message, out ReceivedAnswer answer)
    {
        answer = default;
        if (message.Length < Header.Size || !Header.IsResponse(message))
        {
            _counters.NoncompliantResponses++;
            return false;
        }

        if (!socket.Ids.TryFind(Header.Id(message), out int index))
        {
            _counters.UnknownIdResponses++;
            return false;
        }

        ref InFlightEntry query = ref _shard.Table[index];
        if (Answer.Match(message, _shard.Table.Message(index)[Header.Size..query.QuestionEnd], _shard.Options.AllowEmptyResponse) != AnswerMatch.Matches)
        {
            _counters.MismatchedResponses++;
            return false;
        }

        _counters.Responses++;
        _counters.CheckResponses += query.IsPinned ? 1 : 0;
        _standing.Answered();
        if (!query.IsPinned && query.First == Leg.OnSocket(socket.Index, Header.Id(message)))
        {
            // What was asked elsewhere first has waited for that.
            Intervals.Answered(_shard.Clock.Now - query.Arrived);
        }

        answer = new ReceivedAnswer { Entry = index, Message = message };
        return true;
    }

    /// <summary>The network said that the backend cannot be reached.</summary>
    public void Failed(int errno)
    {
        _counters.Unreachable++;
        if (Ring.Sockets.IsOfThisHost(errno))
        {
            _sockets.Strand();
        }

        _standing.Failed(errno);
    }

    /// <summary>A query no longer waits for what it was sent with.</summary>
    public void Release(Leg leg)
    {
        DatagramSocket socket = _table[leg.Socket];
        socket.Ids.Release(leg.Id);
        _standing.Released();
        if (socket.Ids.Count == 0)
        {
            _sockets.CloseIfReplaced(socket);
        }
    }

    /// <summary>Who is first in a list of <see cref="Reminders"/>, when it is to be sent again.</summary>
    public bool TryGetDue(int list, out int index) => Reminders.TryPeek(list, out index)
        && _shard.Clock.Milliseconds - SentAt(in _shard.Table[index]) >= Intervals.After(list);

    /// <summary>Whether a query was sent before a moment of the shard's clock, microseconds, and not since.</summary>
    public bool WasSentBefore(int index, long moment) => (int)((uint)(moment / 1000) - SentAt(in _shard.Table[index])) > 0;

    /// <summary>Has a query that was due wait anew, for longer.</summary>
    /// <returns>How often it was sent again before.</returns>
    public int Remind(int index)
    {
        int list = Reminders.ListOf(in _shard.Table[index]);
        Remind(index, list + 1);
        return list;
    }

    /// <summary>Has a query that was due and is not sent wait as long as it did.</summary>
    public void PutOff(int index) => Remind(index, Reminders.ListOf(in _shard.Table[index]));

    /// <summary>Opens the sockets that are missing.</summary>
    public void Open() => _standing.Open();

    /// <summary>Opens all sockets anew.</summary>
    public void OpenAnew() => _sockets.ReplaceAll();

    /// <summary>Keeps its clocks.</summary>
    public void Tick() => _standing.Tick();

    /// <summary>Closes the sockets on which nothing is in flight; the backend is leaving.</summary>
    public void CloseUnused() => _sockets.CloseUnused();

    /// <summary>Lets go of its sockets' numbers; none is open.</summary>
    public void Dispose() => _sockets.Dispose();

    private void Remind(int index, int list)
    {
        ref InFlightEntry query = ref _shard.Table[index];
        Reminders.Remove(index);
        Reminders.Add(index, list);
        NoteSent(query.First);
        NoteSent(query.Second);
    }

    /// <summary>When a query was sent last, by whatever socket; milliseconds.</summary>
    private uint SentAt(in InFlightEntry query)
    {
        uint first = query.First.IsDatagram ? SentAt(query.First) : 0;
        uint second = query.Second.IsDatagram ? SentAt(query.Second) : 0;
        return !query.Second.IsDatagram ? first : !query.First.IsDatagram || (int)(second - first) > 0 ? second : first;
    }

    private void NoteSent(Leg leg)
    {
        if (leg.IsDatagram)
        {
            _table[leg.Socket].Ids.Sent(leg.Id, _shard.Clock.Milliseconds);
        }
    }

    private uint SentAt(Leg leg) => _table[leg.Socket].Ids.SentAt(leg.Id);

    private ushort Take(DatagramSocket socket, int index)
    {
        ushort id = socket.Ids.Take(index, _shard.Lots, _shard.Clock.Milliseconds);
        _shard.Table[index].AddLeg(Leg.OnSocket(socket.Index, id));
        _standing.Awaited();
        return id;
    }

    private bool TryDraw([NotNullWhen(true)] out DatagramSocket? socket)
    {
        socket = _sockets.IsAny ? _sockets.Draw() : null;
        if (socket is { Ids.IsFull: true })
        {
            socket = null;
            foreach (DatagramSocket other in _sockets.InUse)
            {
                socket = other.Ids.IsFull ? socket : other;
            }
        }

        return socket is not null;
    }

    private void Send(DatagramSocket socket, ushort id, int index)
    {
        ref InFlightEntry query = ref _shard.Table[index];
        Span<byte> message = _message;
        _shard.Table.Message(index).CopyTo(message);
        Header.SetId(message, id);
        int length = _known.Refusals.IsRemembered(_shard.Clock.Now) ? query.MessageLength : _known.Edits.Apply(message, query.MessageLength, in query);
        query.Notes |= length != query.MessageLength ? QueryNotes.IsEdited : QueryNotes.None;
        if ((query.Edns & EdnsTraits.HasOpt) != 0)
        {
            HopByHop.StatePayloadSize(message, length, _shard.Options.UdpMaxSize);
        }

        _shard.Ring.SendToPeer(socket.RingSocket, message[..length]);
        _counters.Queries++;
        if (query.IsPinned)
        {
            _counters.CheckQueries++;
        }
        else
        {
            _standing.Asked();
        }
    }
}
