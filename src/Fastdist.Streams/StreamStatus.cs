namespace Fastdist.Streams;

/// <summary>How a stream stands after it was asked for bytes.</summary>
public enum StreamStatus : byte
{
    /// <summary>There may be more at once: ask again.</summary>
    More,

    /// <summary>There is no more until the peer sends some.</summary>
    Dry,

    /// <summary>The peer ended its session in order (close_notify, RFC 8446 section 6.1), and what came before it was given.</summary>
    Ended,

    /// <summary>The session is dead; what it has yet to say, an alert, leaves with the next flush.</summary>
    Failed,
}
