using System;

namespace Fastdist.LoadComparison.Backends;

/// <summary>
/// NSD as an independent backend. Two things in it limit a proxy that batches: it answers the first query of a TLS record
/// and looks at the others only when more bytes arrive, and it leaves Nagle's algorithm on.
/// </summary>
internal static class Nsd
{
    public static Backend Start(Settings settings, ServerCertificate certificate)
    {
        var (dot, plain) = (Loopback.FreePort(), Loopback.FreePort());
        settings.Write("zone", NameSet.ZoneFile());
        var configuration = settings.Write("nsd.conf", $"""
            server:
              server-count: 1
              ip-address: 127.0.0.1@{plain}
              ip-address: 127.0.0.1@{dot}
              tls-port: {dot}
              tls-service-key: "{certificate.KeyFile}"
              tls-service-pem: "{certificate.File}"
              tcp-query-count: 0
              tcp-count: 1000
              username: ""
              chroot: ""
              zonesdir: "{settings.Scratch}"
              database: ""
              pidfile: "{settings.Scratch}/nsd.pid"
              xfrdfile: "{settings.Scratch}/xfrd.state"
              zonelistfile: "{settings.Scratch}/zone.list"
            remote-control:
              control-enable: no
            zone:
              name: {NameSet.Zone}
              zonefile: zone

            """);
        var version = Child.Output("nsd", "-v").Split('\n')[0].Replace("version ", "", StringComparison.Ordinal);
        return new Backend(version, Child.Start("nsd", "-d", "-c", configuration), dot, plain, certificate.File);
    }
}
