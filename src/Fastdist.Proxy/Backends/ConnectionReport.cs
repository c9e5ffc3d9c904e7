using Fastdist.Proxy.Counters;

namespace Fastdist.Proxy.Backends;

/// <summary>What happened to a connection that its backend has to know.</summary>
internal enum ConnectionEvent : byte
{
    /// <summary>The backend let us in.</summary>
    Established,

    /// <summary>It can take queries.</summary>
    Ready,

    /// <summary>It answered for the first time: only that proves that the backend works.</summary>
    Proven,

    /// <summary>An answer came that nobody waited for any more, so there is room.</summary>
    RoomFreed,

    /// <summary>There was no descriptor for it, which is not held against the backend.</summary>
    CannotAttempt,

    /// <summary>It could not be made.</summary>
    AttemptFailed,

    /// <summary>It could not be made, since the backend does not know the protocol name that was offered.</summary>
    ProtocolRefused,

    /// <summary>The backend showed a certificate that may not be believed.</summary>
    CertificateRefused,

    /// <summary>It had been established, and ended.</summary>
    Lost,

    /// <summary>The ring let go of its stream.</summary>
    SlotFreed,

    /// <summary>The backend answers over UDP, as it has not before or not lately.</summary>
    DatagramAnswered,

    /// <summary>It cannot be reached over UDP, or was silent for so long that nothing is to be expected of it.</summary>
    DatagramFailed,

    /// <summary>There was no descriptor for a UDP socket, which is not held against the backend.</summary>
    DatagramShortage,

    /// <summary>It answers nothing over UDP, and may be slow.</summary>
    DatagramSilence,
}

/// <summary>One such event.</summary>
/// <param name="Connection">The connection's number; <see cref="NoConnection"/> for what is about UDP.</param>
/// <param name="Event">What happened.</param>
/// <param name="Failure">Why, where something failed.</param>
/// <param name="End">How it ended, when it was lost.</param>
internal readonly record struct ConnectionReport(int Connection, ConnectionEvent Event, BackendFailure Failure = default, ConnectionEnd End = default)
{
    /// <summary>In the place of a connection's number.</summary>
    public const int NoConnection = -1;
}
