using System.Linq;
using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>
/// unbound as a forwarder only: nothing cached, its upstream connections kept. Each thread has sockets of its own, and connections
/// of its own to the backend, of which fewer carry more queries each.
/// </summary>
internal sealed class Unbound(Release release) : Peer
{
    private static readonly UnboundTuning[] s_tunings =
        [.. from threads in (int[])[1, 2] from connections in (int[])[100, 10, 2] select new UnboundTuning(threads, connections)];

    public override string Name => "unbound" + release.Suffix;

    public override string Remedy => release.Remedy;

    public override bool IsAskedFor(Settings settings) => release.IsAskedFor(settings);

    public override string? Version(Settings settings) => release.Command(settings, "unbound") is [var first, .. var rest]
        && FirstLine(first, [.. rest, "-V"]) is { } version ? version.Replace("Version", "unbound") : null;

    // Over UDP each query has a socket of its own.
    public override Tuning[] Tunings(QueryPath path) =>
        path.To == UpstreamTransport.Dot ? s_tunings : [.. s_tunings.DistinctBy(tuning => tuning.Threads).Select(tuning => tuning with { Text = tuning.ThreadsText })];

    public override Child Start(Settings settings, Backend backend, Frontend frontend)
    {
        var (tuning, path) = ((UnboundTuning)(frontend.Tuning ?? s_tunings[0]), frontend.Path);
        var tls = path.NeedsCertificate
            ? $"""
                {(path.From == ClientTransport.Dot ? "tls" : "https")}-port: {frontend.Port}
                  tls-service-pem: "{frontend.Certificate.File}"
                  tls-service-key: "{frontend.Certificate.KeyFile}"
                """
            : "";
        var configuration = settings.Write("unbound.conf", $"""
            server:
              num-threads: {tuning.Threads}
              so-reuseport: yes
              outgoing-range: 8192
              num-queries-per-thread: 4096
              module-config: "iterator"
              interface: 127.0.0.1@{frontend.Port}
              {tls}
              do-daemonize: no
              use-syslog: no
              pidfile: ""
              username: ""
              chroot: ""
              directory: "{settings.Scratch}"
              do-not-query-localhost: no
              cache-max-ttl: 0
              cache-max-negative-ttl: 0
              incoming-num-tcp: 1000
              outgoing-num-tcp: {tuning.Connections}
              max-reuse-tcp-queries: 100000
              tls-cert-bundle: "{backend.AuthorityFile}"
            remote-control:
              control-enable: no
            forward-zone:
              name: "."
              forward-tls-upstream: {(path.To == UpstreamTransport.Dot ? "yes" : "no")}
              forward-addr: 127.0.0.1@{backend.ForwardPortOf(path)}{(path.To == UpstreamTransport.Dot ? $"#{Backend.HostName}" : "")}

            """);
        string[] command = [.. release.Command(settings, "unbound")!, "-d", "-c", configuration];
        return Child.Start(command[0], command[1..]);
    }

    private sealed record UnboundTuning(int Threads, int Connections)
        : Tuning($"{Threads} {(Threads == 1 ? "thread" : "threads")}, outgoing-num-tcp {Connections}")
    {
        public string ThreadsText => Text.Split(',')[0];
    }
}
