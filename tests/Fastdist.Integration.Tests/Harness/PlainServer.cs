using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>A server of plain DNS that others wrote, over UDP and TCP, with the <see cref="RootZone"/> or what is most like it.</summary>
internal sealed class PlainServer : Daemon
{
    /// <summary>A program whose answers to queries with DO are signed.</summary>
    public const string Signing = "signing-knotd";

    /// <summary>Whom unbound refuses, with the reason.</summary>
    public const string Refused = "127.0.0.99";

    private PlainServer(string name, IPEndPoint endPoint, string[] command, NetworkNamespace? network)
        : base(name, endPoint, command, network)
    {
    }

    public override string Transport => "udp";

    /// <param name="scratch">Where its files are.</param>
    /// <param name="program">nsd, unbound, named, knotd or <see cref="Signing"/>.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="address">Where it listens.</param>
    /// <param name="network">Where it runs; null is this host.</param>
    public static async Task<PlainServer> StartAsync(Scratch scratch, string program, string name, IPAddress address, NetworkNamespace? network)
    {
        // named listens on addresses that interfaces have, and no interface has each of 127.0.0.0/8.
        var listen = new IPEndPoint(program == "named" && network is null ? IPAddress.Loopback : address, Ports.NextNumber());
        string folder = Directory.CreateDirectory(scratch.PathOf($"{program}-{name}")).FullName;
        string zone = scratch.Write($"{program}-{name}.zone", RootZone.File(program == Signing ? 16_000 : RootZone.LargestText));
        string Configuration(string text) => scratch.Write($"{program}-{name}.conf", text);
        var server = new PlainServer(name, listen, program switch
        {
            "nsd" => ["nsd", "-d", "-c", Configuration(Nsd(listen, folder, zone))],
            "unbound" => ["unbound", "-d", "-c", Configuration(Unbound(listen))],
            "named" => ["named", "-g", "-n", "1", "-c", Configuration(Named(listen, folder, zone))],
            "knotd" => ["knotd", "-c", Configuration(Knot(listen, folder, zone))],
            Signing => ["knotd", "-c", Configuration($"{Knot(listen, folder, zone)}\n    dnssec-signing: on\n    zonefile-sync: -1\n")],
            _ => throw new ArgumentException($"no such program: {program}", nameof(program)),
        },
        network);
        await server.StartAsync();
        return server;
    }

    private static string Nsd(IPEndPoint listen, string folder, string zone) => $"""
        server:
            ip-address: {listen.Address}@{listen.Port}
            server-count: 1
            tcp-count: 1000
            username: ""
            zonesdir: ""
            database: ""
            pidfile: ""
            xfrdfile: "{folder}/xfrd"
            zonelistfile: "{folder}/zones"
            xfrdir: "{folder}"
            rrl-ratelimit: 0
        remote-control:
            control-enable: no
        zone:
            name: "."
            zonefile: "{zone}"
        """;

    /// <summary>Local zones only: unbound never asks anyone else.</summary>
    private static string Unbound(IPEndPoint listen) => UnboundFile.Of(listen, $"""
            access-control: 0.0.0.0/0 allow
            access-control: {Refused}/32 refuse
            incoming-num-tcp: 100
            local-zone: "." redirect
            local-data: ". 3600 IN A 192.0.2.1"
            nsid: ascii_one
            ede: yes
            local-zone: "t{RootZone.LargestText}.test." static
        {string.Join('\n', RootZone.TextRecords(RootZone.LargestText).Select(record => $"    local-data: '{record}'"))}
        """);

    private static string Named(IPEndPoint listen, string folder, string zone) => $$"""
        options {
            directory "{{folder}}";
            pid-file none;
            lock-file none;
            session-keyfile none;
            listen-on port {{listen.Port}} { {{listen.Address}}; };
            listen-on-v6 { none; };
            allow-query { any; };
            recursion no;
            server-id "one";
            dnssec-validation no;
            notify no;
            tcp-clients 1000;
            max-records-per-type 0;
        };
        controls { };
        zone "." { type primary; file "{{zone}}"; };
        """;

    private static string Knot(IPEndPoint listen, string folder, string zone) => $"""
        server:
            rundir: "{folder}"
            listen: {listen.Address}@{listen.Port}
            udp-workers: 1
            tcp-workers: 1
            background-workers: 1
        database:
            storage: "{folder}"
        log:
          - target: stderr
            any: warning
        zone:
          - domain: .
            file: "{zone}"
            journal-content: none
        """;
}
