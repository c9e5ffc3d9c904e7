using System;
using System.Collections.Generic;
using Fastdist.Settings;

namespace Fastdist.Proxy.Counters;

/// <summary>
/// What one shard counted for one backend. Plain fields written by the shard alone; whoever asks sums
/// the shards and sees values a moment old.
/// </summary>
public sealed class BackendCounters
{
    /// <summary>Names as they are printed, with how each is read.</summary>
    public static readonly (string Name, Func<BackendCounters, long> Read)[] Table =
    [
        ("queries", c => c.Queries),
        ("responses", c => c.Responses),
        ("outstanding", c => c.Outstanding),
        ("queued", c => c.Queued),
        ("retries", c => c.Retries),
        ("hedged", c => c.Hedged),
        ("edits-refused", c => c.EditsRefused),
        ("timeouts", c => c.Timeouts),
        ("late-responses", c => c.LateResponses),
        ("mismatched-responses", c => c.MismatchedResponses),
        ("unknown-id-responses", c => c.UnknownIdResponses),
        ("noncompliant-responses", c => c.NoncompliantResponses),
        ("new-connections", c => c.NewConnections),
        ("current-connections", c => c.CurrentConnections),
        ("connect-failures", c => c.ConnectFailures),
        ("connect-timeouts", c => c.ConnectTimeouts),
        ("too-many-connections", c => c.TooManyConnections),
        ("reused-connections", c => c.ReusedConnections),
        ("died-sending-query", c => c.DiedSendingQuery),
        ("died-reading-response", c => c.DiedReadingResponse),
        ("read-timeouts", c => c.ReadTimeouts),
        ("write-timeouts", c => c.WriteTimeouts),
        ("gave-up", c => c.GaveUp),
        ("ended-connections", c => c.EndedConnections),
        ("ended-queries", c => c.EndedQueries),
        ("ended-milliseconds", c => c.EndedMilliseconds),
        ("tls-failures", c => c.TlsFailures),
        ("closed-by-peer", c => c.ClosedByPeer),
        ("lost-connections", c => c.LostConnections),
        ("suspect-connections", c => c.SuspectConnections),
        ("health-checks", c => c.HealthChecks),
        ("health-check-failures", c => c.HealthCheckFailures),
        .. HealthCheckFailureTable.Rows(),
        ("records-sent", c => c.RecordsSent),
        ("sends", c => c.Sends),
        ("latency-us", c => c.LatencyMicroseconds),
    ];

    /// <summary>Names of what only TLS backends count, with how each is read.</summary>
    public static readonly (string Name, Func<BackendCounters, long> Read)[] TlsTable =
    [
        ("tls-new-sessions", c => c.TlsNewSessions),
        ("tls-resumptions", c => c.TlsResumptions),
        .. HandshakeFailureTable.Rows<BackendCounters>("tls-handshake-", asksForCertificate: true, c => c.HandshakeFailures),
        ("tls-handshake-closed", c => c.HandshakesClosed),
        ("tls-handshake-reset", c => c.HandshakesReset),
        ("tls-handshake-timed-out", c => c.HandshakesTimedOut),
    ];

    /// <summary>Names of what only UDP backends count, with how each is read.</summary>
    public static readonly (string Name, Func<BackendCounters, long> Read)[] UdpTable =
    [
        ("udp-sockets", c => c.NewSockets),
        ("udp-repeats", c => c.Repeats),
        ("udp-truncated-responses", c => c.TruncatedResponses),
        ("udp-unreachable", c => c.Unreachable),
    ];

    /// <summary>Names of all that a backend counts, with how each is read.</summary>
    public static IEnumerable<(string Name, Func<BackendCounters, long> Read)> TableOf(BackendOptions options) =>
        [.. Table, .. options.IsTls ? TlsTable : [], .. options.HasDatagrams ? UdpTable : []];

    /// <summary>Queries put on a connection, re-sent ones each time, health checks included.</summary>
    public long Queries;

    /// <summary>Answers that matched a waiting query.</summary>
    public long Responses;

    /// <summary>Queries on connections or waiting for one.</summary>
    public long Outstanding;

    /// <summary>Queries waiting for a connection with room.</summary>
    public long Queued;

    /// <summary>Queries sent again because their connection was lost.</summary>
    public long Retries;

    /// <summary>Queries also sent here because a connection elsewhere fell silent.</summary>
    public long Hedged;

    /// <summary>Queries sent again as their client asked them, because of an error that may be about what was added.</summary>
    public long EditsRefused;

    /// <summary>Queries that reached their deadline unanswered.</summary>
    public long Timeouts;

    /// <summary>Answers to queries no longer waiting.</summary>
    public long LateResponses;

    /// <summary>Answers whose question was not the query's.</summary>
    public long MismatchedResponses;

    /// <summary>Answers with an ID that was not in use.</summary>
    public long UnknownIdResponses;

    /// <summary>Messages that were no answer at all: too short, or QR not set.</summary>
    public long NoncompliantResponses;

    /// <summary>Connections attempted.</summary>
    public long NewConnections;

    /// <summary>Connections ready for queries.</summary>
    public long CurrentConnections;

    /// <summary>Connection attempts the network refused.</summary>
    public long ConnectFailures;

    /// <summary>Connection attempts that took longer than tcpConnectTimeout, the handshake included.</summary>
    public long ConnectTimeouts;

    /// <summary>Times that no connection could be attempted because the process had as many to this backend as it may; counted again once one could.</summary>
    public long TooManyConnections;

    /// <summary>Queries put on a connection that had carried one before.</summary>
    public long ReusedConnections;

    /// <summary>Connections that broke while queries were being sent.</summary>
    public long DiedSendingQuery;

    /// <summary>Connections that broke while answers were due.</summary>
    public long DiedReadingResponse;

    /// <summary>Connections given up because answers were due and nothing came for queryTimeout.</summary>
    public long ReadTimeouts;

    /// <summary>Connections given up because a send made no progress for tcpSendTimeout.</summary>
    public long WriteTimeouts;

    /// <summary>Queries answered SERVFAIL because every try failed; their deadline was this backend's.</summary>
    public long GaveUp;

    /// <summary>Connections that were ready for queries and ended; the sums below are over these.</summary>
    public long EndedConnections;

    /// <summary>Queries that ended connections carried.</summary>
    public long EndedQueries;

    /// <summary>Milliseconds that ended connections lived.</summary>
    public long EndedMilliseconds;

    /// <summary>Full TLS handshakes completed.</summary>
    public long TlsNewSessions;

    /// <summary>TLS handshakes completed by resuming an earlier session.</summary>
    public long TlsResumptions;

    /// <summary>Handshakes that failed in TLS, by reason.</summary>
    public readonly long[] HandshakeFailures = HandshakeFailureTable.Create();

    /// <summary>Handshakes the backend broke off with a FIN.</summary>
    public long HandshakesClosed;

    /// <summary>Handshakes whose connection broke.</summary>
    public long HandshakesReset;

    /// <summary>Handshakes that took longer than they may, connecting included.</summary>
    public long HandshakesTimedOut;

    /// <summary>Handshakes that failed, refused certificates included, and sessions that broke later.</summary>
    public long TlsFailures;

    /// <summary>Connections the backend ended in order.</summary>
    public long ClosedByPeer;

    /// <summary>Connections that broke.</summary>
    public long LostConnections;

    /// <summary>Times a connection with queries in flight fell silent.</summary>
    public long SuspectConnections;

    /// <summary>UDP sockets opened.</summary>
    public long NewSockets;

    /// <summary>Queries sent again over UDP as they had been sent before, as no answer came; part of <see cref="Queries"/>.</summary>
    public long Repeats;

    /// <summary>Answers that did not fit a datagram, so that the query was asked over TCP; part of <see cref="Responses"/>.</summary>
    public long TruncatedResponses;

    /// <summary>Times the network said that the backend cannot be reached over UDP.</summary>
    public long Unreachable;

    /// <summary>Health checks sent.</summary>
    public long HealthChecks;

    /// <summary>Health checks put on a connection, each time; part of <see cref="Queries"/>.</summary>
    public long CheckQueries;

    /// <summary>Answers to health checks; part of <see cref="Responses"/>.</summary>
    public long CheckResponses;

    /// <summary>Health checks that reached their deadline unanswered; part of <see cref="Timeouts"/>.</summary>
    public long CheckTimeouts;

    /// <summary>Health checks that failed.</summary>
    public long HealthCheckFailures;

    /// <summary>The same by class.</summary>
    public readonly long[] CheckFailures = HealthCheckFailureTable.Create();

    /// <summary>Time from the start of the last health check that succeeded to its answer, microseconds; 0 before the first.</summary>
    public long LastCheckMicroseconds;

    /// <summary>TLS records of queries sent.</summary>
    public long RecordsSent;

    /// <summary>Sends of queries, each with what one turn gathered.</summary>
    public long Sends;

    /// <summary>Smoothed time from a query's arrival to its answer, microseconds.</summary>
    public long LatencyMicroseconds;

    /// <summary>How long clients' queries took that it answered, from their arrival here.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>How long health checks took that succeeded.</summary>
    public LatencyHistogram CheckLatency { get; } = new();

    /// <summary>Queries of clients put on a connection, re-sent ones each time.</summary>
    public long ClientQueries => Queries - CheckQueries;

    /// <summary>Answers to queries of clients.</summary>
    public long ClientResponses => Responses - CheckResponses;

    /// <summary>Queries of clients that it left unanswered: late, or lost with their connections.</summary>
    public long ClientDrops => Timeouts - CheckTimeouts + GaveUp;

    /// <summary>Counts how long an answer took.</summary>
    /// <param name="microseconds">From the query's arrival.</param>
    /// <param name="isOfClient">Whether a client waited for it.</param>
    internal void CountLatency(long microseconds, bool isOfClient)
    {
        LatencyMicroseconds += (microseconds - LatencyMicroseconds) / 16;
        if (isOfClient)
        {
            Latency.Record(microseconds);
        }
    }
}
