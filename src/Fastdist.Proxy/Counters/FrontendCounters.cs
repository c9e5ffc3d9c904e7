using System;

namespace Fastdist.Proxy;

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
        ("servfail", c => c.ServFail),
        ("truncated", c => c.Truncated),
        ("dropped-overload", c => c.DroppedOverload),
        ("new-connections", c => c.NewConnections),
        ("current-connections", c => c.CurrentConnections),
        ("max-connections", c => c.MaxConnections),
        ("refused-connections", c => c.RefusedConnections),
        ("client-timeouts", c => c.ClientTimeouts),
        ("died-reading-query", c => c.DiedReadingQuery),
        ("died-sending-response", c => c.DiedSendingResponse),
    ];

    /// <summary>Messages received from clients the ACL admits.</summary>
    public long Queries;

    /// <summary>Answers sent, our own included.</summary>
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

    /// <summary>Answered SERVFAIL by us: no backend, retries used up, or too late.</summary>
    public long ServFail;

    /// <summary>UDP answers sent with TC set because they were larger than the client takes.</summary>
    public long Truncated;

    /// <summary>Queries dropped because we had no room for them.</summary>
    public long DroppedOverload;

    /// <summary>Connections accepted.</summary>
    public long NewConnections;

    /// <summary>Connections open now.</summary>
    public long CurrentConnections;

    /// <summary>Most connections open at once.</summary>
    public long MaxConnections;

    /// <summary>Connections closed at accept by a limit.</summary>
    public long RefusedConnections;

    /// <summary>Connections closed because the client was silent or did not read.</summary>
    public long ClientTimeouts;

    /// <summary>Connections that ended inside a message, or whose framing made no sense.</summary>
    public long DiedReadingQuery;

    /// <summary>Connections that failed while an answer was being sent.</summary>
    public long DiedSendingResponse;
}
