using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>The bare C programs of perf/floor: what the kernel and OpenSSL themselves cost.</summary>
internal sealed class Floor : Peer
{
    public const string PeerName = "floor";

    private Dictionary<QueryPath, string> _forwarders = [];
    private string _tlsServer = "";

    public override string Name => PeerName;

    public override bool CountsTurns => true;

    public override string? Version(Settings settings) => FirstLine("gcc", "--version");

    // HTTP/2 is nothing that a bare program does in passing; of those that ask over UDP one says what the others have in common.
    public override bool Takes(QueryPath path) =>
        path.From == ClientTransport.Udp || (path.To == UpstreamTransport.Dot && path.From != ClientTransport.Doh);

    public override void Prepare(Settings settings)
    {
        _forwarders = settings.Paths.Where(Takes).ToDictionary(path => path, path => FloorPrograms.Build(settings, path.FloorProgram));
        _tlsServer = FloorPrograms.Build(settings, "tlsaccept");
    }

    public override Child Start(Settings settings, Backend backend, Frontend frontend)
    {
        var number = CultureInfo.InvariantCulture;
        string[] certificate = frontend.Path.NeedsCertificate ? [frontend.Certificate.File, frontend.Certificate.KeyFile] : [];
        return Child.Start(_forwarders[frontend.Path], [frontend.Port.ToString(number), backend.ForwardPortOf(frontend.Path).ToString(number), .. certificate]);
    }

    public override Child StartForSessions(Settings settings, Backend backend, Frontend frontend) => Child.Start(_tlsServer,
        frontend.Port.ToString(CultureInfo.InvariantCulture), frontend.Certificate.File, frontend.Certificate.KeyFile);
}
