namespace Fastdist.Tls;

/// <summary>How a session's verb ended.</summary>
public enum TlsStatus : byte
{
    /// <summary>Done: the handshake is complete, or bytes moved.</summary>
    Ok,

    /// <summary>Nothing more can be done until the peer sends more.</summary>
    NeedInput,

    /// <summary>The output span is full; call again with room.</summary>
    NeedOutput,

    /// <summary>The peer ended the session in order (close_notify, RFC 8446 section 6.1).</summary>
    Closed,

    /// <summary>The session is dead; <see cref="TlsSession.Error"/> says why. An alert may wait in the output.</summary>
    Failed,
}
