using System.Globalization;
using System.IO;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>The bare C programs of perf/floor: what the kernel and OpenSSL themselves cost.</summary>
internal sealed class Floor : Peer
{
    public const string PeerName = "floor";

    public override string Name => PeerName;

    public override bool CountsTurns => true;

    public override string? Version(Settings settings) => FirstLine("gcc", "--version");

    public override void Prepare(Settings settings)
    {
        Directory.CreateDirectory(settings.Artifacts);
        foreach (var path in settings.Paths)
        {
            var source = Path.Combine(settings.Root, "perf", "floor", $"{path.Name}2dot.c");
            Child.Require("gcc", "-O2", source, "-o", Program(settings, path), "-luring", "-lssl", "-lcrypto");
        }
    }

    public override Child Start(Settings settings, Backend backend, QueryPath path, int port) => Child.Start(Program(settings, path),
        port.ToString(CultureInfo.InvariantCulture), backend.DotPort.ToString(CultureInfo.InvariantCulture));

    private static string Program(Settings settings, QueryPath path) => Path.Combine(settings.Artifacts, $"floor-{path.Name}2dot");
}
