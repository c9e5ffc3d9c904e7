namespace Fastdist.Settings;

/// <summary>Which answers over TLS are padded to blocks (RFC 8467 section 4.1).</summary>
public enum ResponsePadding : byte
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those to queries that were padded: a client that was not asks to be spared the bytes (RFC 7830 section 4).</summary>
    Asked,

    /// <summary>Those to queries with EDNS, as dnsdist's padResponses has it.</summary>
    Edns,
}
