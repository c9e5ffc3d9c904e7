using Fastdist.Settings;

namespace Fastdist.Proxy.Frontends;

/// <summary>What a connection's clocks say.</summary>
internal enum Punctuality : byte
{
    /// <summary>Nothing is overdue.</summary>
    InTime,

    /// <summary>A message takes too long to arrive, or an answer to be taken.</summary>
    Late,

    /// <summary>The same of a handshake.</summary>
    LateHandshake,

    /// <summary>Nothing was asked for too long.</summary>
    Idle,

    /// <summary>It has lasted as long as a connection may.</summary>
    Old,

    /// <summary>It is over, and the client does not end it.</summary>
    Overdue,
}

/// <summary>Judges connections by their clocks.</summary>
/// <param name="options">The proxy's settings.</param>
internal sealed class ClientClocks(ProxyOptions options)
{
    private const long LingerMicroseconds = 2_000_000;

    /// <summary>Silence after which a session's record buffers are given back, microseconds.</summary>
    private const long RestMicroseconds = 250_000;

    /// <summary>Whether a connection is overdue.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="protocol">Its protocol.</param>
    /// <param name="now">Microseconds of the shard's clock.</param>
    public Punctuality Judge(ClientConnection client, StreamProtocol protocol, long now) => client.State switch
    {
        ClientState.Open or ClientState.Finishing when protocol.IsLate(client, now) => Punctuality.Late,
        ClientState.Open or ClientState.Finishing or ClientState.Handshaking when client.Stream.IsSending
            && now - client.Stream.SendingSince > Seconds(options.TcpSendTimeout) => Punctuality.Late,
        ClientState.Handshaking when now - client.OpenedAt > Seconds(options.TlsHandshakeTimeout) => Punctuality.LateHandshake,
        ClientState.AwaitingProxyHeader when now - client.PartialSince > Seconds(options.TcpReceiveTimeout) => Punctuality.Late,
        ClientState.Open when client.Stream.Kept > 0 && !client.Stream.IsPaused
            && now - client.PartialSince > Seconds(options.TcpReceiveTimeout) => Punctuality.Late,
        ClientState.Open when client.InFlight == 0 && !client.Stream.IsSending && !client.Stream.IsPaused && client.Http is not { OpenStreams: > 0 }
            && now - client.LastActive > protocol.IdleTimeout(client) => Punctuality.Idle,
        ClientState.Open when options.MaxTcpConnectionDuration > 0
            && now - client.OpenedAt > Seconds(options.MaxTcpConnectionDuration) => Punctuality.Old,
        ClientState.Finishing when client.Http is { OpenStreams: 0 } && client.InFlight == 0 && !client.Stream.IsSending
            && now - client.FinishingSince > Seconds(options.TcpSendTimeout) => Punctuality.Overdue,
        ClientState.Lingering when now - client.LingeringSince > LingerMicroseconds => Punctuality.Overdue,
        _ => Punctuality.InTime,
    };

    /// <summary>Whether a session has been silent for so long that it does without its record buffers.</summary>
    /// <param name="client">The connection.</param>
    /// <param name="frontend">Settings of its frontend.</param>
    /// <param name="now">Microseconds of the shard's clock.</param>
    public static bool MayRest(ClientConnection client, FrontendOptions frontend, long now) => client.IsIdle && now - client.LastActive > RestMicroseconds
        && frontend.Tls is { ReleaseBuffers: true };

    /// <summary>A timeout in microseconds; one of 0 is never over, as with dnsdist.</summary>
    public static long Seconds(int seconds) => seconds == 0 ? long.MaxValue : seconds * 1_000_000L;
}
