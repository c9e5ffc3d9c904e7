using Fastdist.LoadComparison.Backends;

namespace Fastdist.LoadComparison.Peers;

/// <summary>unbound as a forwarder only: one thread, nothing cached, its upstream connections kept.</summary>
internal sealed class Unbound : Peer
{
    public override string Name => "unbound";

    public override string? Version(Settings settings) => FirstLine("unbound", "-V") is { } version ? version.Replace("Version", "unbound") : null;

    public override Child Start(Settings settings, Backend backend, Frontend frontend)
    {
        var tls = frontend.Path == QueryPath.Dot || frontend.Path == QueryPath.Doh
            ? $"""
                {(frontend.Path == QueryPath.Dot ? "tls" : "https")}-port: {frontend.Port}
                  tls-service-pem: "{frontend.Certificate.File}"
                  tls-service-key: "{frontend.Certificate.KeyFile}"
                """
            : "";
        var configuration = settings.Write("unbound.conf", $"""
            server:
              num-threads: 1
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
              outgoing-num-tcp: 100
              max-reuse-tcp-queries: 100000
              tls-cert-bundle: "{backend.AuthorityFile}"
            remote-control:
              control-enable: no
            forward-zone:
              name: "."
              forward-tls-upstream: yes
              forward-addr: 127.0.0.1@{backend.DotPort}#{Backend.HostName}

            """);
        return Child.Start("unbound", "-d", "-c", configuration);
    }
}
