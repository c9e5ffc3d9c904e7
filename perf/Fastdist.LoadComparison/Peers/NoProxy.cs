using System;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>The generator straight at the backend: what the two could do if the proxy cost nothing.</summary>
internal sealed class NoProxy : Peer
{
    public const string PeerName = "none";

    public override string Name => PeerName;

    public override string Version(Settings settings) => "generator and backend alone, with TLS only where clients use it";

    // The backend speaks no HTTP.
    public override bool Takes(QueryPath path) => path.From != ClientTransport.Doh;

    public override Child Start(Settings settings, Backend backend, Frontend frontend) => throw new NotSupportedException();
}
