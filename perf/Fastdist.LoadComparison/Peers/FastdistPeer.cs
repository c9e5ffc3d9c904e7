using System;
using System.Globalization;
using System.IO;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>The published binary: as it comes, or one shard on one of its rings.</summary>
internal sealed class FastdistPeer(string kind, params string[] flags) : Peer
{
    public override string Name => $"fastdist-{kind}";

    public override bool CountsTurns => true;

    public override string Remedy => "run make";

    public override string? Version(Settings settings) => File.Exists(Program(settings)) ? FirstLine(Program(settings), "--version") : null;

    public override Child Start(Settings settings, Backend backend, Frontend frontend) =>
        Child.Start(Program(settings), Arguments(backend, frontend));

    /// <summary>As <see cref="Start"/>, with its web server on a port of loopback.</summary>
    public Child StartWithWebServer(Settings settings, Backend backend, Frontend frontend, int port)
    {
        var password = settings.Write("web-password", Scraper.Password);
        File.SetUnixFileMode(password, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return Child.Start(Program(settings), [.. Arguments(backend, frontend), "--webserver", $"127.0.0.1:{port}", "--webserver-password-file", password]);
    }

    private string[] Arguments(Backend backend, Frontend frontend) =>
    [
        .. Listen(frontend), "--server", $"127.0.0.1:{backend.ForwardPortOf(frontend.Path)},{Transport(backend, frontend.Path)}",
        .. flags, .. Patience(frontend),
    ];

    private static string Transport(Backend backend, QueryPath path) =>
        path.To == UpstreamTransport.Udp ? "tls=udp" : $"subjectName={Backend.HostName},caStore={backend.AuthorityFile}";

    private static string[] Listen(Frontend frontend)
    {
        var (address, certificate) = ($"127.0.0.1:{frontend.Port}", frontend.Certificate);
        if (!frontend.Path.NeedsCertificate)
        {
            return ["--local", address];
        }
        // Without a --local of its own it could try port 53.
        var flag = frontend.Path.From == ClientTransport.Dot ? "--tls-local" : "--doh-local";
        return ["--local", $"127.0.0.1:{Loopback.FreePort()}", flag, $"{address},cert={certificate.File},key={certificate.KeyFile}"];
    }

    private static string[] Patience(Frontend frontend)
    {
        var connections = Math.Max(100_000, 2 * frontend.IdleConnections);
        return frontend.IdleConnections == 0
            ? []
            : ["--tls-idle-timeout", "3600", "--max-tcp-connections", connections.ToString(CultureInfo.InvariantCulture)];
    }

    private static string Program(Settings settings) => Path.Combine(settings.Artifacts, "fastdist");
}
