using System.Net;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>What every configuration of unbound says here: in the foreground, as whoever started it, on one thread, with nothing but what the test gives it.</summary>
internal static class UnboundFile
{
    /// <param name="listen">Where it listens.</param>
    /// <param name="server">More of its server clause.</param>
    /// <param name="more">Clauses of its own.</param>
    public static string Of(IPEndPoint listen, string server, string more = "") => $"""
        server:
            directory: ""
            chroot: ""
            username: ""
            pidfile: ""
            use-syslog: no
            logfile: ""
            do-daemonize: no
            interface: {listen.Address}@{listen.Port}
            num-threads: 1
            module-config: "iterator"
            local-zone: "test." nodefault
        {server}
        remote-control:
            control-enable: no
        {more}
        """;
}
