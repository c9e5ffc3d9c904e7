namespace Fastdist.LoadComparison.Peers;

/// <summary>What a proxy is to listen on; the certificate counts for DoT only.</summary>
internal sealed record Frontend(QueryPath Path, int Port, ServerCertificate Certificate)
{
    /// <summary>Connections that will be held without a word for an hour at most; 0 when every client keeps asking.</summary>
    public int IdleConnections { get; init; }

    /// <summary>The peer's settings; null for the first of its <see cref="Peer.Tunings"/>.</summary>
    public Tuning? Tuning { get; init; }
}
