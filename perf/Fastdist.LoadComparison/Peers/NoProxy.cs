using System;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>The generator straight at the backend, in the clear: what the two could do if the proxy cost nothing.</summary>
internal sealed class NoProxy : Peer
{
    public const string PeerName = "none";

    public override string Name => PeerName;

    public override string Version(Settings settings) => "generator and backend alone, without TLS";

    public override Child Start(Settings settings, Backend backend, QueryPath path, int port) => throw new NotSupportedException();
}
