using System;
using System.IO;

namespace Fastdist.LoadComparison.Backends;

/// <summary>The server that every proxy forwards to, over TLS or in the clear.</summary>
internal sealed record Backend(string Version, Child Server, int DotPort, int PlainPort, string AuthorityFile) : IDisposable
{
    /// <summary>The name in the certificate.</summary>
    public const string HostName = "responder.fastdist.test";

    public static Backend Start(Settings settings, Certificates certificates)
    {
        var backend = settings.Backend switch
        {
            "responder" => StartResponder(settings),
            "nsd" => Nsd.Start(settings, certificates.P256),
            _ => throw new ComparisonException($"--backend {settings.Backend}: must be responder or nsd"),
        };
        Loopback.AwaitAnswer(backend.Server, QueryPath.Udp, backend.PlainPort);
        return backend;
    }

    /// <summary>Where a client of this path reaches it without a proxy.</summary>
    public int PortOf(QueryPath path) => path.From == ClientTransport.Dot ? DotPort : PlainPort;

    /// <summary>Where a proxy reaches it.</summary>
    public int ForwardPortOf(QueryPath path) => path.To == UpstreamTransport.Dot ? DotPort : PlainPort;

    public void Dispose() => Server.Dispose();

    private static Backend StartResponder(Settings settings)
    {
        var program = Path.Combine(settings.Artifacts, "fastdist-responder");
        if (!File.Exists(program))
        {
            throw new ComparisonException($"{program} is missing: run make, or choose --backend nsd");
        }
        var (dot, plain) = (Loopback.FreePort(), Loopback.FreePort());
        var authority = Path.Combine(settings.Scratch, "responder-ca.pem");
        var server = Child.Start(program, "--dot", $"127.0.0.1:{dot}", "--udp", $"127.0.0.1:{plain}", "--tcp", $"127.0.0.1:{plain}",
            "--ca-out", authority);
        return new Backend("fastdist-responder", server, dot, plain, authority);
    }
}
