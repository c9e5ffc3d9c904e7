namespace Fastdist.Http;

/// <summary>Why a session takes no more requests; <see cref="Http2Ends.NameOf"/> has the names.</summary>
public enum Http2End : byte
{
    /// <summary>It does.</summary>
    None,

    /// <summary>The peer speaks HTTP/1.x.</summary>
    Http1,

    /// <summary>The peer speaks something that is not HTTP.</summary>
    NotHttp,

    /// <summary>The peer said that it will ask no more (GOAWAY), or was told so.</summary>
    Finished,

    /// <summary>The peer broke the protocol (RFC 9113 section 5.4.1).</summary>
    ProtocolError,

    /// <summary>Too many frames that carry no request: SETTINGS, PING, WINDOW_UPDATE, CONTINUATION and the like.</summary>
    ControlFlood,

    /// <summary>Too many streams were reset, by the peer or for the peer's errors.</summary>
    ResetFlood,
}

/// <summary>Names of <see cref="Http2End"/>.</summary>
public static class Http2Ends
{
    /// <summary>The name to count by, in lower case with hyphens.</summary>
    public static string NameOf(Http2End end) => end switch
    {
        Http2End.Http1 => "http1",
        Http2End.NotHttp => "not-http",
        Http2End.ProtocolError => "protocol-error",
        Http2End.ControlFlood => "control-flood",
        Http2End.ResetFlood => "reset-flood",
        Http2End.Finished => "finished",
        _ => "none",
    };
}
