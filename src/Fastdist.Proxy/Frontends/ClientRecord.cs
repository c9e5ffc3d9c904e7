using System.Collections.Generic;
using Fastdist.Proxy.Limits;

namespace Fastdist.Proxy.Frontends;

/// <summary>What is known of one client. The object is used again for another one when it has been forgotten.</summary>
internal sealed class ClientRecord
{
    public ClientKey Key;

    /// <summary>Connections open now.</summary>
    public int Connections;

    /// <summary>Connections it opened lately.</summary>
    public TokenBucket Opened;

    /// <summary>TLS sessions it began lately with a full handshake.</summary>
    public TokenBucket NewSessions;

    /// <summary>TLS sessions it resumed lately.</summary>
    public TokenBucket ResumedSessions;

    /// <summary>Until then its connections are refused, microseconds.</summary>
    public long BannedUntil;

    /// <summary>Without connections, there is nothing to remember of it from then on, microseconds.</summary>
    public long ForgetAt;

    public ClientRecord() => Idle = new LinkedListNode<ClientRecord>(this);

    /// <summary>Its place among the clients without connections, made once so that moving it allocates nothing.</summary>
    public LinkedListNode<ClientRecord> Idle { get; }

    /// <summary>Makes it that of a client nothing is known of.</summary>
    public void Reset(in ClientKey key)
    {
        Key = key;
        Connections = 0;
        Opened = NewSessions = ResumedSessions = default;
        BannedUntil = ForgetAt = 0;
    }
}
