using System;
using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Backends;

/// <summary>What a backend sent under the ID of a query that waits. Refers to the receive buffer and dies with the next thing asked of the connection.</summary>
internal ref struct ReceivedAnswer
{
    /// <summary>The query.</summary>
    public int Entry;

    /// <summary>The message, under the connection's ID.</summary>
    public ReadOnlySpan<byte> Message;

    /// <summary>Why it is no answer to the query; null when it is one.</summary>
    public BackendFailure? Fault;
}
