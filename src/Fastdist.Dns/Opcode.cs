namespace Fastdist.Dns;

/// <summary>The kind of a message: the four OPCODE bits of the header (RFC 1035 4.1.1).</summary>
public enum Opcode : byte
{
    /// <summary>A standard query (RFC 1035), the only kind that fastdist forwards.</summary>
    Query = 0,

    /// <summary>An inverse query, obsolete (RFC 3425).</summary>
    InverseQuery = 1,

    /// <summary>A server status request (RFC 1035).</summary>
    Status = 2,

    /// <summary>A primary tells a secondary that a zone changed (RFC 1996).</summary>
    Notify = 4,

    /// <summary>A dynamic update (RFC 2136).</summary>
    Update = 5,

    /// <summary>DNS stateful operations (RFC 8490).</summary>
    StatefulOperations = 6,
}
