using System;
using System.Collections.Generic;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Frontends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Pools;

namespace Fastdist.Proxy.Shards;

/// <summary>
/// The way of a query through a shard: from a frontend to a backend, back again, or to another
/// backend when the first one is lost. Every entry of the in-flight table ends here, exactly once.
/// </summary>
internal sealed partial class Dispatcher
{
    private readonly ShardContext _shard;
    private readonly InFlightTable _table;
    private readonly BackendSet _backends;
    private readonly Pool _pool;
    private readonly Queue<BackendConnection> _touched = new(64);
    private readonly byte[] _errorAnswer = new byte[ErrorAnswer.MaxSize];

    public Dispatcher(ShardContext shard, BackendSet backends, Pool pool)
    {
        _shard = shard;
        _table = shard.Table;
        _suspects = new WaitingQueue(_table, SuspectMark, int.MaxValue);
        _backends = backends;
        _pool = pool;
    }

    public UdpFrontends Udp { get; set; } = null!;

    public TcpClients Tcp { get; set; } = null!;

    public HealthChecks Health { get; set; } = null!;

    /// <summary>Called when there is a reason to check a backend, for the worse or the better, for the shard that does.</summary>
    public Action<int, bool> ReportChange { get; set; } = null!;

    /// <summary>Called when a backend answers that had been lost, for the shard that checks it.</summary>
    public Action<int> ReportReturn { get; set; } = null!;

    /// <summary>Whether a further query can be taken: the table has a slot and some backend has room.</summary>
    public bool HasRoom => !_table.IsFull && !_pool.IsSaturated;

    /// <summary>Keeps a client's query; the caller adds the route, then calls <see cref="Start"/>.</summary>
    /// <returns>False when there is no room for it.</returns>
    public bool TryAdd(in Query query, QuerySource source, int frontend, out int index)
    {
        if (!_table.TryAdd(query.Message, out index))
        {
            return false;
        }

        ref InFlightEntry entry = ref _table[index];
        entry.Source = source;
        entry.Frontend = (short)frontend;
        entry.Traits = query.Traits;
        entry.OriginalId = query.Id;
        entry.QuestionEnd = (ushort)query.QuestionEnd;
        entry.Arrived = _shard.Clock.Now;
        CountersOf(in entry).RecursionDesired += Header.RecursionDesired(query.Message) ? 1 : 0;
        if (query.HasHopByHopOptions)
        {
            // Keepalive and padding are for the next hop only (RFC 7828, RFC 7830), and that was us.
            Span<byte> message = _table.Message(index);
            _table.Shorten(index, HopByHop.Strip(message, message.Length));
        }

        return true;
    }

    /// <summary>Sends a kept query on its way.</summary>
    public void Start(int index)
    {
        Backend? backend = Choose(index, out bool isFull);

        // A stream is left unread when there is no room; one that was read before that was known finds room where those do that come back.
        bool isAdmitted = isFull && _table[index].Source == QuerySource.Stream;
        backend ??= isAdmitted ? _pool.FindFull() : null;
        if (backend is null)
        {
            Refuse(index, isFull);
            return;
        }

        backend.QueryDeadlines.Append(index);
        if (!backend.TryAssign(index, isAdmitted))
        {
            Refuse(index, isFull: true);
        }
    }

    /// <summary>Sends a health check over one backend's own connection, up or down.</summary>
    public bool TrySendCheck(Backend backend, ReadOnlySpan<byte> message)
    {
        if (!_table.TryAdd(message, out int index))
        {
            return false;
        }

        ref InFlightEntry entry = ref _table[index];
        entry.Source = QuerySource.HealthCheck;
        entry.CheckedBackend = (short)backend.Index;
        entry.Traits = QueryTraits.None;
        entry.OriginalId = Header.Id(message);
        entry.QuestionEnd = (ushort)message.Length;
        entry.Arrived = _shard.Clock.Now;
        backend.CheckDeadlines.Append(index);
        backend.EnsureConnected();
        if (backend.TryAssignCheck(index))
        {
            return true;
        }

        End(index);
        return false;
    }

    /// <summary>A backend answered.</summary>
    public void Answered(int index, BackendConnection connection, Span<byte> message)
    {
        ref InFlightEntry entry = ref _table[index];
        Backend backend = connection.Backend;
        ushort id = Header.Id(message);
        connection.Ids.Release(id);
        entry.TakeLeg(connection.Index, id);
        backend.LegEnded();
        if (backend.Edits.Concern(in entry) && MustAskUnedited(index, backend, message))
        {
            backend.RoomFreed();
            return;
        }

        long latency = _shard.Clock.Now - entry.Arrived;
        backend.Counters.LatencyMicroseconds += (latency - backend.Counters.LatencyMicroseconds) / 16;
        if (entry.Source != QuerySource.HealthCheck)
        {
            backend.Counters.Latency.Record(latency);
            FrontendCounters counters = CountersOf(in entry);
            counters.Latency.Record(_shard.Clock.Since(entry.Arrived));
            counters.CountAnswer(Header.Rcode(message));
        }

        Header.SetId(message, entry.OriginalId);
        int length = backend.Edits.Undo(message, HopByHop.Restate(message, message.Length, _shard.Options.UdpMaxSize), in entry);
        Deliver(in entry, message[..length]);
        End(index);
        backend.RoomFreed();
    }

    /// <summary>A connection has something to send at the end of the turn.</summary>
    public void Touched(BackendConnection connection) => _touched.Enqueue(connection);

    /// <summary>Sends what the turn gathered, one send a connection.</summary>
    public void Flush()
    {
        TrySuspects();
        while (_touched.TryDequeue(out BackendConnection? connection))
        {
            connection.Flush();
        }
    }

    /// <summary>Whether some backend can take queries at once.</summary>
    public bool IsAnyReady => _pool.IsAnyReady;

    private Backend? Choose(int index, out bool isFull)
    {
        const int TypeAndClass = 4;
        ReadOnlySpan<byte> name = _table.Message(index)[Header.Size..(_table[index].QuestionEnd - TypeAndClass)];
        return _pool.Choose(name, out isFull);
    }

    private void Deliver(in InFlightEntry entry, ReadOnlySpan<byte> message)
    {
        switch (entry.Source)
        {
            case QuerySource.Datagram:
                Udp.Answer(in entry, message);
                break;
            case QuerySource.Stream:
                Tcp.Answer(in entry, message);
                break;
            default:
                Health.Answered(entry.CheckedBackend, message);
                break;
        }
    }

    /// <summary>Frees an entry and everything that points at it.</summary>
    private void End(int index)
    {
        ref InFlightEntry entry = ref _table[index];
        Abandon(entry.First);
        Abandon(entry.Second);
        _onTrial = _onTrial == index ? None : _onTrial;
        if (entry.QueuedAt == SuspectMark)
        {
            _suspects.Remove(index);
        }
        else if (entry.QueuedAt >= 0)
        {
            _backends[entry.QueuedAt].Unqueue(index);
        }

        if (entry.DeadlineClass >= 0)
        {
            Backend home = _backends[entry.DeadlineClass / Backend.ClassesPerBackend];
            (entry.Source == QuerySource.HealthCheck ? home.CheckDeadlines : home.QueryDeadlines).Remove(index);
        }

        _table.Remove(index);
    }

    private void Abandon(Leg leg)
    {
        if (leg.IsUsed)
        {
            BackendConnection connection = _backends.Connections[leg.Connection];
            connection.Ids.Abandon(leg.Id);
            connection.Backend.LegEnded();
        }
    }
}
