namespace Fastdist.Proxy.Frontends;

/// <summary>How far a protocol came with the bytes it was given, and what that means for the connection.</summary>
internal enum Uptake : byte
{
    /// <summary>There is nothing more to take until the client sends more; what was not taken is the beginning of a message.</summary>
    Dry,

    /// <summary>The client has its share of queries in flight, or leaves answers untaken: the rest waits until that has changed.</summary>
    Busy,

    /// <summary>There is no room for another query, in the proxy or where the client's queries go: the rest waits until there is.</summary>
    Full,

    /// <summary>The client had its share of the turn: the rest waits for the next one.</summary>
    Yield,

    /// <summary>The client is not to ask any more; what it asked is answered.</summary>
    Over,

    /// <summary>An answer cannot be sent: the session is dead, or too much lies untaken.</summary>
    Unsendable,
}
