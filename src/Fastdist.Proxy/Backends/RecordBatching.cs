namespace Fastdist.Proxy.Backends;

/// <summary>Whether a backend reads every message of a TLS record, or stops after the first.</summary>
internal enum RecordBatching : byte
{
    /// <summary>Not tried yet: one message a record until it was.</summary>
    Unknown,

    /// <summary>Many messages may share a record.</summary>
    Works,

    /// <summary>Each message needs a record of its own, as NSD 4.6 does.</summary>
    Fails,
}
