using System;
using Fastdist.Dns;

namespace Fastdist.Proxy.Counters;

/// <summary>
/// What one shard counted for one frontend and protocol. Plain fields written by the shard alone;
/// whoever asks sums the shards and sees values a moment old.
/// </summary>
public sealed class FrontendCounters
{
    /// <summary>Names as they are printed, with how each is read.</summary>
    public static readonly (string Name, Func<FrontendCounters, long> Read)[] Table =
    [
        ("queries", c => c.Queries),
        ("responses", c => c.Responses),
        ("noncompliant-queries", c => c.NoncompliantQueries),
        ("acl-drops", c => c.AclDrops),
        ("formerr", c => c.FormErr),
        ("notimp", c => c.NotImp),
        ("refused-xfr", c => c.RefusedXfr),
        ("resolver-arpa", c => c.ResolverArpa),
        ("servfail", c => c.ServFail),
        ("no-backend", c => c.NoBackend),
        ("empty-queries", c => c.EmptyQueries),
        ("recursion-desired", c => c.RecursionDesired),
        ("cache-hits", c => c.CacheHits),
        ("cache-misses", c => c.CacheMisses),
        ("noerror-answers", c => c.NoErrorAnswers),
        ("nxdomain-answers", c => c.NXDomainAnswers),
        ("servfail-answers", c => c.ServFailAnswers),
        ("truncation-failures", c => c.TruncationFailures),
        ("truncated", c => c.Truncated),
        ("rule-drop", c => c.RuleDrops),
        ("rule-answers", c => c.RuleAnswers),
        ("rule-nxdomain", c => c.RuleNXDomain),
        ("rule-refused", c => c.RuleRefused),
        ("rule-servfail", c => c.RuleServFail),
        ("rule-truncated", c => c.RuleTruncated),
        ("rule-script-errors", c => c.RuleScriptErrors),
        ("dyn-blocked", c => c.DynamicallyBlocked),
        ("block-drop", c => c.BlockDrops),
        ("block-answers", c => c.BlockAnswers),
        ("dropped-overload", c => c.DroppedOverload),
        ("dropped-no-backend", c => c.DroppedNoBackend),
        ("lost-responses", c => c.LostResponses),
        ("new-connections", c => c.NewConnections),
        ("current-connections", c => c.CurrentConnections),
        ("reset-before-accept", c => c.ResetBeforeAccept),
        ("refused-connections", c => c.RefusedConnections),
        ("refused-full", c => c.RefusedFull),
        ("refused-per-client", c => c.RefusedPerClient),
        ("refused-rate", c => c.RefusedRate),
        ("refused-banned", c => c.RefusedBanned),
        ("evicted-idle", c => c.EvictedIdle),
        ("evicted-busy", c => c.EvictedBusy),
        ("too-many-read-ios", c => c.TooManyReadIos),
        ("invalid-proxy-headers", c => c.InvalidProxyHeaders),
        ("client-timeouts", c => c.ClientTimeouts),
        ("died-reading-query", c => c.DiedReadingQuery),
        ("died-sending-response", c => c.DiedSendingResponse),
        ("gave-up", c => c.GaveUp),
        ("downstream-timeouts", c => c.DownstreamTimeouts),
        ("ended-connections", c => c.EndedConnections),
        ("ended-queries", c => c.EndedQueries),
        ("ended-read-ios", c => c.EndedReadIos),
        ("ended-milliseconds", c => c.EndedMilliseconds),
    ];

    /// <summary>Names of what only TLS frontends count, with how each is read.</summary>
    public static readonly (string Name, Func<FrontendCounters, long> Read)[] TlsTable =
    [
        ("tls-new-sessions", c => c.TlsNewSessions),
        ("tls-resumptions", c => c.TlsResumptions),
        ("tls-unknown-ticket-keys", c => c.TlsUnknownTicketKeys),
        ("tls-inactive-ticket-keys", c => c.TlsInactiveTicketKeys),
        ("tls-refused-tickets", c => c.TlsRefusedTickets),
        ("tls10-queries", c => c.Tls10Queries),
        ("tls11-queries", c => c.Tls11Queries),
        ("tls12-queries", c => c.Tls12Queries),
        ("tls13-queries", c => c.Tls13Queries),
        ("tls-errors", c => c.TlsErrors),
        ("handshakes-deferred", c => c.HandshakesDeferred),
        .. HandshakeFailureTable.Rows<FrontendCounters>("handshake-", asksForCertificate: false, c => c.HandshakeFailures),
        ("handshake-closed", c => c.HandshakesClosed),
        ("handshake-reset", c => c.HandshakesReset),
        ("handshake-timed-out", c => c.HandshakesTimedOut),
        ("handshake-rate-limited", c => c.HandshakesRateLimited),
    ];

    /// <summary>How long queries took that a backend answered, from arrival to answer.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>What only DNS-over-HTTPS counts; null for the others.</summary>
    public DohCounters? Doh { get; init; }

    /// <summary>
    /// Messages received from clients the ACL admits. Each ends as one of <see cref="Responses"/>, <see cref="NoncompliantQueries"/>,
    /// <see cref="RuleDrops"/>, <see cref="BlockDrops"/>, <see cref="DroppedOverload"/>, <see cref="DroppedNoBackend"/>, <see cref="TruncationFailures"/> or <see cref="LostResponses"/>, or is still
    /// in flight.
    /// </summary>
    public long Queries;

    /// <summary>Queries in flight now.</summary>
    public long InFlight;

    /// <summary>Answers sent, our own included; on a connection, given to it to be sent.</summary>
    public long Responses;

    /// <summary>Messages dropped because they were no query: QR set, shorter than a header, cut by the kernel.</summary>
    public long NoncompliantQueries;

    /// <summary>Datagrams and connections from clients the ACL does not admit.</summary>
    public long AclDrops;

    /// <summary>Answered FORMERR by us.</summary>
    public long FormErr;

    /// <summary>Answered NOTIMP by us.</summary>
    public long NotImp;

    /// <summary>Zone transfers answered REFUSED by us.</summary>
    public long RefusedXfr;

    /// <summary>Queries for resolver.arpa and below, answered by us.</summary>
    public long ResolverArpa;

    /// <summary>Answered SERVFAIL by us: no backend, retries used up, or too late.</summary>
    public long ServFail;

    /// <summary>Queries for whose pool no backend was up; part of those answered SERVFAIL, or of <see cref="DroppedNoBackend"/>.</summary>
    public long NoBackend;

    /// <summary>Queries without a question; part of those answered FORMERR or NOTIMP.</summary>
    public long EmptyQueries;

    /// <summary>Queries sent on to a backend that want recursion (RD).</summary>
    public long RecursionDesired;

    /// <summary>Queries answered from a packet cache.</summary>
    public long CacheHits;

    /// <summary>Queries that their pool's packet cache had no answer for.</summary>
    public long CacheMisses;

    /// <summary>Answers of backends with NOERROR.</summary>
    public long NoErrorAnswers;

    /// <summary>Answers of backends with NXDOMAIN.</summary>
    public long NXDomainAnswers;

    /// <summary>Answers of backends with SERVFAIL.</summary>
    public long ServFailAnswers;

    /// <summary>Queries, and answers, that a rule, a limit or a block had dropped.</summary>
    public long RuleDrops;

    /// <summary>Queries that a rule said to drop that then had the next one asked.</summary>
    public long RuleDropsContinued;

    /// <summary>Rules written in a language that failed, or were not asked since their world was in use.</summary>
    public long RuleScriptErrors;

    /// <summary>Answers that rules, limits and blocks made.</summary>
    public long RuleAnswers;

    /// <summary>Those of them that say NXDOMAIN.</summary>
    public long RuleNXDomain;

    /// <summary>Those that say REFUSED.</summary>
    public long RuleRefused;

    /// <summary>Those that say SERVFAIL.</summary>
    public long RuleServFail;

    /// <summary>Those that send the client to TCP, and answers of backends that a rule had do so.</summary>
    public long RuleTruncated;

    /// <summary>Queries that a dynamic block stopped, or sent on past the rules.</summary>
    public long DynamicallyBlocked;

    /// <summary>Those of them that got no answer.</summary>
    public long BlockDrops;

    /// <summary>Those that were answered here.</summary>
    public long BlockAnswers;

    /// <summary>UDP answers too large to send that could not be cut either, and were dropped.</summary>
    public long TruncationFailures;

    /// <summary>UDP answers sent with TC set because they were larger than the client takes.</summary>
    public long Truncated;

    /// <summary>UDP queries dropped because we had no room for them.</summary>
    public long DroppedOverload;

    /// <summary>Queries left without an answer because their pool had no backend that was up, and none was wanted then.</summary>
    public long DroppedNoBackend;

    /// <summary>
    /// Answers that nobody was left to take: the client's connection, or its HTTP/2 stream, had ended meanwhile, or was given up
    /// because so many of its answers waited already.
    /// </summary>
    public long LostResponses;

    /// <summary>Connections accepted.</summary>
    public long NewConnections;

    /// <summary>Connections open now.</summary>
    public long CurrentConnections;

    /// <summary>Connections closed at accept because the process had as many as it may.</summary>
    public long RefusedFull;

    /// <summary>Connections that their clients had reset before we accepted them.</summary>
    public long ResetBeforeAccept;

    /// <summary>Connections closed at accept because their client had as many as one client may.</summary>
    public long RefusedPerClient;

    /// <summary>Connections closed at accept because their client opened them too fast.</summary>
    public long RefusedRate;

    /// <summary>Connections closed at accept because their client was banned a short while ago.</summary>
    public long RefusedBanned;

    /// <summary>Connections closed because the client was silent or did not read.</summary>
    public long ClientTimeouts;

    /// <summary>Connections that ended inside a message, or whose TLS failed there.</summary>
    public long DiedReadingQuery;

    /// <summary>Connections that failed while an answer was being sent.</summary>
    public long DiedSendingResponse;

    /// <summary>Idle connections ended to make room for a new one when the process was full.</summary>
    public long EvictedIdle;

    /// <summary>Connections ended, although they were not idle, because the process had no descriptor left and no other was.</summary>
    public long EvictedBusy;

    /// <summary>Connections closed because one query took too many reads.</summary>
    public long TooManyReadIos;

    /// <summary>Connections of load balancers that did not begin with a PROXY header.</summary>
    public long InvalidProxyHeaders;

    /// <summary>Queries answered SERVFAIL because every try at a backend failed.</summary>
    public long GaveUp;

    /// <summary>Queries answered SERVFAIL because no backend answered in time.</summary>
    public long DownstreamTimeouts;

    /// <summary>Connections that ended; the sums below are over these.</summary>
    public long EndedConnections;

    /// <summary>Queries of ended connections.</summary>
    public long EndedQueries;

    /// <summary>Reads from the sockets of ended connections.</summary>
    public long EndedReadIos;

    /// <summary>Milliseconds that ended connections lived.</summary>
    public long EndedMilliseconds;

    /// <summary>Full TLS handshakes completed.</summary>
    public long TlsNewSessions;

    /// <summary>TLS handshakes completed by resuming an earlier session.</summary>
    public long TlsResumptions;

    /// <summary>Tickets whose key we do not have.</summary>
    public long TlsUnknownTicketKeys;

    /// <summary>Tickets of a key that is kept but not the active one.</summary>
    public long TlsInactiveTicketKeys;

    /// <summary>Tickets of a key we have that opened nothing good: forged, damaged, expired, or of another kind of session.</summary>
    public long TlsRefusedTickets;

    /// <summary>Queries over TLS 1.0.</summary>
    public long Tls10Queries;

    /// <summary>Queries over TLS 1.1.</summary>
    public long Tls11Queries;

    /// <summary>Queries over TLS 1.2.</summary>
    public long Tls12Queries;

    /// <summary>Queries over TLS 1.3.</summary>
    public long Tls13Queries;

    /// <summary>Established sessions that ended in a TLS error.</summary>
    public long TlsErrors;

    /// <summary>Handshakes that had to wait for longer than a turn because others came before them.</summary>
    public long HandshakesDeferred;

    /// <summary>Handshakes that failed, by reason.</summary>
    public readonly long[] HandshakeFailures = HandshakeFailureTable.Create();

    /// <summary>Handshakes the client broke off with a FIN.</summary>
    public long HandshakesClosed;

    /// <summary>Handshakes whose connection broke.</summary>
    public long HandshakesReset;

    /// <summary>Handshakes that took longer than they may.</summary>
    public long HandshakesTimedOut;

    /// <summary>Handshakes completed by a client that was over its rate, and closed for it.</summary>
    public long HandshakesRateLimited;

    /// <summary>Connections closed at accept by a limit, whichever.</summary>
    public long RefusedConnections => RefusedFull + RefusedPerClient + RefusedRate + RefusedBanned;

    /// <summary>Queries that we answered ourselves.</summary>
    public long SelfAnswered => FormErr + NotImp + RefusedXfr + ResolverArpa + ServFail + RuleAnswers + BlockAnswers;

    /// <summary>Adds what was counted elsewhere and is over.</summary>
    internal void Add(FrontendCounters other)
    {
        Latency.Add(other.Latency);
        if (other.Doh is { } doh)
        {
            Doh!.Add(doh);
        }

        for (int i = 0; i < HandshakeFailures.Length; i++)
        {
            HandshakeFailures[i] += other.HandshakeFailures[i];
        }

        Queries += other.Queries;
        Responses += other.Responses;
        NoncompliantQueries += other.NoncompliantQueries;
        AclDrops += other.AclDrops;
        FormErr += other.FormErr;
        NotImp += other.NotImp;
        RefusedXfr += other.RefusedXfr;
        ResolverArpa += other.ResolverArpa;
        ServFail += other.ServFail;
        NoBackend += other.NoBackend;
        EmptyQueries += other.EmptyQueries;
        RecursionDesired += other.RecursionDesired;
        CacheHits += other.CacheHits;
        CacheMisses += other.CacheMisses;
        NoErrorAnswers += other.NoErrorAnswers;
        NXDomainAnswers += other.NXDomainAnswers;
        ServFailAnswers += other.ServFailAnswers;
        RuleDrops += other.RuleDrops;
        RuleDropsContinued += other.RuleDropsContinued;
        RuleAnswers += other.RuleAnswers;
        RuleScriptErrors += other.RuleScriptErrors;
        RuleNXDomain += other.RuleNXDomain;
        RuleRefused += other.RuleRefused;
        RuleServFail += other.RuleServFail;
        RuleTruncated += other.RuleTruncated;
        DynamicallyBlocked += other.DynamicallyBlocked;
        BlockDrops += other.BlockDrops;
        BlockAnswers += other.BlockAnswers;
        TruncationFailures += other.TruncationFailures;
        Truncated += other.Truncated;
        DroppedOverload += other.DroppedOverload;
        DroppedNoBackend += other.DroppedNoBackend;
        LostResponses += other.LostResponses;
        NewConnections += other.NewConnections;
        RefusedFull += other.RefusedFull;
        ResetBeforeAccept += other.ResetBeforeAccept;
        RefusedPerClient += other.RefusedPerClient;
        RefusedRate += other.RefusedRate;
        RefusedBanned += other.RefusedBanned;
        ClientTimeouts += other.ClientTimeouts;
        DiedReadingQuery += other.DiedReadingQuery;
        DiedSendingResponse += other.DiedSendingResponse;
        EvictedIdle += other.EvictedIdle;
        EvictedBusy += other.EvictedBusy;
        TooManyReadIos += other.TooManyReadIos;
        InvalidProxyHeaders += other.InvalidProxyHeaders;
        GaveUp += other.GaveUp;
        DownstreamTimeouts += other.DownstreamTimeouts;
        EndedConnections += other.EndedConnections;
        EndedQueries += other.EndedQueries;
        EndedReadIos += other.EndedReadIos;
        EndedMilliseconds += other.EndedMilliseconds;
        TlsNewSessions += other.TlsNewSessions;
        TlsResumptions += other.TlsResumptions;
        TlsUnknownTicketKeys += other.TlsUnknownTicketKeys;
        TlsInactiveTicketKeys += other.TlsInactiveTicketKeys;
        TlsRefusedTickets += other.TlsRefusedTickets;
        Tls10Queries += other.Tls10Queries;
        Tls11Queries += other.Tls11Queries;
        Tls12Queries += other.Tls12Queries;
        Tls13Queries += other.Tls13Queries;
        TlsErrors += other.TlsErrors;
        HandshakesDeferred += other.HandshakesDeferred;
        HandshakesClosed += other.HandshakesClosed;
        HandshakesReset += other.HandshakesReset;
        HandshakesTimedOut += other.HandshakesTimedOut;
        HandshakesRateLimited += other.HandshakesRateLimited;
    }

    /// <summary>Counts an answer of a backend.</summary>
    internal void CountAnswer(Rcode rcode)
    {
        switch (rcode)
        {
            case Rcode.NoError:
                NoErrorAnswers++;
                break;
            case Rcode.NXDomain:
                NXDomainAnswers++;
                break;
            case Rcode.ServFail:
                ServFailAnswers++;
                break;
        }
    }

    /// <summary>Counts a connection that was refused under the reason for it.</summary>
    internal void CountRefusal(Admission refusal)
    {
        switch (refusal)
        {
            case Admission.TooMany:
                RefusedFull++;
                break;
            case Admission.TooManyOfClient:
                RefusedPerClient++;
                break;
            case Admission.TooFast:
                RefusedRate++;
                break;
            case Admission.Banned:
                RefusedBanned++;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(refusal), refusal, "no refusal");
        }
    }
}
