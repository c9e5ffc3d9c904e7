using System.IO;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>The published binary, one shard, on one of its rings.</summary>
internal sealed class FastdistPeer(string ring) : Peer
{
    public override string Name => $"fastdist-{ring}";

    public override bool CountsTurns => true;

    public override string Remedy => "run make";

    public override string? Version(Settings settings) => File.Exists(Program(settings)) ? FirstLine(Program(settings), "--version") : null;

    public override Child Start(Settings settings, Backend backend, QueryPath path, int port) => Child.Start(Program(settings),
        "--local", $"127.0.0.1:{port}", "--server", $"127.0.0.1:{backend.DotPort},subjectName={Backend.HostName},caStore={backend.AuthorityFile}",
        "--io", ring, "--shards", "1");

    private static string Program(Settings settings) => Path.Combine(settings.Artifacts, "fastdist");
}
