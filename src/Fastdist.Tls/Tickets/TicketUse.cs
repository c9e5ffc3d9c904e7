namespace Fastdist.Tls.Tickets;

/// <summary>What became of the ticket that a client offered to resume with (RFC 5077, RFC 8446 section 4.2.11).</summary>
public enum TicketUse : byte
{
    /// <summary>It offered none, or one of the library's own keys.</summary>
    None,

    /// <summary>Resumed; the key still seals new tickets.</summary>
    Active,

    /// <summary>Resumed; a newer key seals by now, so the client got a new ticket.</summary>
    Inactive,

    /// <summary>No key of that name: a full handshake.</summary>
    Unknown,

    /// <summary>The key is known, but the ticket is forged, damaged, expired or of no use here: a full handshake.</summary>
    Refused,
}
