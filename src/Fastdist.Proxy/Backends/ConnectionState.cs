namespace Fastdist.Proxy.Backends;

/// <summary>Where a backend connection is in its life.</summary>
internal enum ConnectionState : byte
{
    /// <summary>No socket.</summary>
    Idle,

    /// <summary>TCP is connecting.</summary>
    Connecting,

    /// <summary>TLS is shaking hands.</summary>
    Handshaking,

    /// <summary>Two messages in one record are out, to see whether both are answered.</summary>
    Probing,

    /// <summary>Queries may go out.</summary>
    Ready,

    /// <summary>The ring was asked to close it.</summary>
    Closing,
}
