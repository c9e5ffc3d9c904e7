using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Ring;
using Fastdist.Settings.Rules;

namespace Fastdist.Settings.Tables;

/// <summary>The options of the process, which on the command line are its flags.</summary>
public static class ProcessOptionTable
{
    private static readonly (string, RingMode)[] s_rings = [("auto", RingMode.Auto), ("io_uring", RingMode.IoUring), ("epoll", RingMode.Epoll)];

    private static readonly (string, LogFormat)[] s_formats = [("text", LogFormat.Text), ("bare", LogFormat.Bare), ("json", LogFormat.Json), ("systemd", LogFormat.Systemd)];

    /// <summary>As help lists them.</summary>
    public static readonly OptionTable<ProcessOptions> Table = new(
    [
        new OptionEntry<ProcessOptions>("config", "FILE", "", "", "read this configuration of dnsdist's language (Lua) first; flags prevail over it: --local replaces its plain listeners, --acl its access list, others add to it",
            s => Values.Text(s.ConfigurationFile), (s, v) => s with { ConfigurationFile = Values.NotEmpty(v) })
        { Short = 'C' },
        new OptionEntry<ProcessOptions>("ignore-unsupported", "", "", "", "leave out what the configuration says and is not supported, with a warning each, instead of ending", s => s.IgnoreUnsupported, (s, _) => s with { IgnoreUnsupported = true }) { IsSwitch = true },
        new OptionEntry<ProcessOptions>("lua-unsafe", "", "", "", "let the configuration run commands and native code: os.execute, io.popen, package.loadlib, ffi, debug.sethook, bytecode", s => s.LuaUnsafe, (s, _) => s with { LuaUnsafe = true }) { IsSwitch = true },
        new OptionEntry<ProcessOptions>("lua-jit", "", "", "", "compile the configuration to machine code, which takes memory that can be written and run, and cannot be interrupted when it runs for ever", s => s.LuaJit, (s, _) => s with { LuaJit = true }) { IsSwitch = true },
        new OptionEntry<ProcessOptions>("local", "ADDR[:PORT][,option=value...]", "127.0.0.1:53", "", "answer on this address, over UDP and TCP",
            s => Shown(s, FrontendOptionTable.Table, f => f.HasDatagrams), (s, v) => With(s, p => p with { Frontends = [.. p.Frontends, FrontendOptionTable.Parse(v)] }))
        { Short = 'l', IsRepeatable = true },
        new OptionEntry<ProcessOptions>("tls-local", "ADDR[:PORT],cert=FILE,key=FILE[,option=value...]", "", "", "answer on this address, over TLS; port 853",
            s => Shown(s, TlsFrontendOptionTable.Table, f => f is { Tls: not null, Doh: null }), (s, v) => With(s, p => p with { Frontends = [.. p.Frontends, TlsFrontendOptionTable.Parse(v)] }))
        { IsRepeatable = true },
        new OptionEntry<ProcessOptions>("doh-local", "ADDR[:PORT][,cert=FILE,key=FILE][,option=value...]", "", "", "answer on this address, over HTTPS, or over HTTP/2 in the clear without a certificate; port 443",
            s => Shown(s, DohFrontendOptionTable.Table, f => f.Doh is not null), (s, v) => With(s, p => p with { Frontends = [.. p.Frontends, DohFrontendOptionTable.Parse(v)] }))
        { IsRepeatable = true },
        new OptionEntry<ProcessOptions>("server", "ADDR[:PORT][,option=value...]", "", "", "ask this backend; port 853, DNS over TLS",
            s => s.Proxy.Backends.Select(BackendOptionTable.Table.Shown), (s, v) => With(s, p => p with { Backends = [.. p.Backends, BackendOptionTable.Parse(v)] }))
        { IsRepeatable = true },
        new OptionEntry<ProcessOptions>("acl", "NETMASK", "loopback and private networks", "", "serve these clients only; the first one replaces the default list",
            s => s.Proxy.Acl.Unless(s.Acl), (s, v) => s with { Acl = [.. s.Acl, .. v.Split(',')] })
        { Short = 'a', IsRepeatable = true },
        new("policy", "NAME", "leastOutstanding", "", $"how a backend is chosen: {PolicyNames.All}", s => PolicyNames.Of(s.Proxy.Policy), (s, v) => With(s, p => p with { Policy = PolicyNames.Read(v) })),
        new OptionEntry<ProcessOptions>("pool", "NAME[,option=value...]", "", "", "set up this pool, which servers and frontends name with pool=NAME",
            s => s.Proxy.Pools.Where(static pool => pool.Name != PoolOptions.Default || pool.Policy is not null).Select(pool => PoolOptionTable.Table.Shown(pool).Prepend(new("name", pool.Name))), (s, v) => With(s, p => p with { Pools = [.. p.Pools, PoolOptionTable.Parse(v)] }))
        { IsRepeatable = true },
        .. CacheFlags.All,
        new("servfail-when-no-server", "true|false", "true", "", "whether queries are answered SERVFAIL whose pool has no server, or none that is up; else UDP gets no answer, HTTP 403, and TCP and TLS connections end",
            s => s.Proxy.ServFailWhenNoServer, (s, v) => With(s, p => p with { ServFailWhenNoServer = Values.Boolean(v) })),
        new("weighted-balancing-factor", "FACTOR", "0", "", "times its share by weight that a server may have of all queries with wrandom and whashed, at least 1; 0 is no limit",
            s => s.Proxy.Balancing.WeightedFactor, (s, v) => Balance(s, b => b with { WeightedFactor = Values.BalancingFactor(v) })),
        new("consistent-hashing-balancing-factor", "FACTOR", "0", "", "the same with chashed", s => s.Proxy.Balancing.ConsistentHashingFactor, (s, v) => Balance(s, b => b with { ConsistentHashingFactor = Values.BalancingFactor(v) })),
        new("whashed-perturbation", "SEED", "at random", "", "number from 0 to 4294967295 that whashed begins to hash with: with the same one, processes with the same servers send a name to the same server",
            s => s.Proxy.Balancing.IsPerturbationDrawn ? null : s.Proxy.Balancing.WHashedPerturbation, (s, v) => Balance(s, b => b with { WHashedPerturbation = Values.Unsigned(v) })),
        new OptionEntry<ProcessOptions>("free-bind", "", "", "", "listen also on addresses that this host does not have, or not yet (IP_FREEBIND)", s => s.Proxy.FreeBind, (s, _) => With(s, p => p with { FreeBind = true })) { IsSwitch = true },
        new("shards", "N", "the processors usable", "", "threads, each with its own sockets and sessions", s => Values.Number(s.Proxy.Shards, 0), (s, v) => With(s, p => p with { Shards = Values.Integer(v, 1, 1024) })),
        new("io", "auto|io_uring|epoll", "auto", "", "how the kernel is asked for IO", s => Values.NameOf(s.Proxy.Io, s_rings), (s, v) => With(s, p => p with
        {
            Io = Values.OneOf(v, s_rings),
        })),
        new("udp-max-size", "N", "1232", "bytes", "of the largest UDP answer, whatever the client's EDNS allows, and what our OPT says we receive", s => s.Proxy.UdpMaxSize, (s, v) => With(s, p => p with { UdpMaxSize = Values.Integer(v, 512, 65507) })),
        new("forward-updates", "true|false", "false", "", "whether backends are sent NOTIFY and UPDATE messages; else they are answered NOTIMP, like other opcodes", s => s.Proxy.ForwardUpdates, (s, v) => With(s, p => p with { ForwardUpdates = Values.Boolean(v) })),
        new("forward-resolver-arpa", "true|false", "false", "", "whether backends are asked for resolver.arpa, where clients look for their resolver's encrypted transports; else it is empty", s => s.Proxy.ForwardResolverArpa, (s, v) => With(s, p => p with { ForwardResolverArpa = Values.Boolean(v) })),
        new("udp-receive-buffer", "N", "4194304", "bytes", "of kernel receive buffer wanted for each UDP socket", s => s.Proxy.UdpReceiveBuffer, (s, v) => With(s, p => p with { UdpReceiveBuffer = Values.Integer(v, 4096, 1 << 30) })),
        new("udp-send-buffer", "N", "4194304", "bytes", "of kernel send buffer wanted for each UDP socket", s => s.Proxy.UdpSendBuffer, (s, v) => With(s, p => p with { UdpSendBuffer = Values.Integer(v, 4096, 1 << 30) })),
        new("tcp-fast-open-key", "KEY", "", "", "of the cookies of TCP Fast Open, as net.ipv4.tcp_fastopen_key writes it: the same on hosts behind one address; the kernel's own unless given",
            s => Values.Secret(s.Proxy.TcpFastOpenKey is not null), (s, v) => With(s, p => p with { TcpFastOpenKey = FastOpenKey.Parse(v) })),
        new("qps-per-client", "N[,answer=WHAT]", "", "queries/s", "that each client may ask, an IPv4 address or an IPv6 network of 64 bits; above it they get no answer (drop, unless given), REFUSED (refused), or, over UDP, are told to ask over TCP and otherwise refused (tc)",
            s => ClientRateText.Show(s.Proxy.ClientRate), (s, v) => With(s, p => p with { ClientRate = ClientRateText.Read(v) })),
        new("drop-empty-queries", "true|false", "false", "", "whether queries without a question get no answer; else NOTIMP or FORMERR", s => s.Proxy.DropEmptyQueries, (s, v) => With(s, p => p with { DropEmptyQueries = Values.Boolean(v) })),
        new("allow-empty-response", "true|false", "false", "", "whether NOERROR and NXDOMAIN without a question are taken for a backend's answer, though only its ID tells to which query", s => s.Proxy.AllowEmptyResponse, (s, v) => With(s, p => p with { AllowEmptyResponse = Values.Boolean(v) })),
        new("verbose-health-checks", "true|false", "false", "", "whether each health check that fails is logged; else only with --verbose", s => s.Proxy.VerboseHealthChecks, (s, v) => With(s, p => p with { VerboseHealthChecks = Values.Boolean(v) })),
        new("max-in-flight", "N", "262144", "queries", "waiting for answers, whole process", s => s.Proxy.MaxInFlight, (s, v) => With(s, p => p with { MaxInFlight = Values.Integer(v, 1, 1 << 24) })),
        new("max-tcp-connections", "N", "100000", "connections", "of clients, whole process; fewer when the limit of open files leaves no room for them", s => s.Proxy.ClientLimits.MaxConnections, (s, v) => Limit(s, c => c with { MaxConnections = Values.Integer(v, 1, 1 << 20) })),
        new("max-tcp-connections-per-client", "N", "0", "connections", "of one client; 0 is no limit", s => s.Proxy.ClientLimits.MaxConnectionsPerClient, (s, v) => Limit(s, c => c with { MaxConnectionsPerClient = Values.Integer(v, 0, 1 << 20) })),
        new("max-tcp-connection-rate-per-client", "N", "0", "connections/s", "of one client; over it, the client is banned; 0 is no limit", s => s.Proxy.ClientLimits.MaxConnectionRatePerClient, (s, v) => Limit(s, c => c with { MaxConnectionRatePerClient = Values.Integer(v, 0, 1 << 20) })),
        new("max-tls-new-session-rate-per-client", "N", "0", "sessions/s", "with a full handshake of one client; over it, the client is banned; 0 is no limit", s => s.Proxy.ClientLimits.MaxTlsNewSessionRatePerClient, (s, v) => Limit(s, c => c with { MaxTlsNewSessionRatePerClient = Values.Integer(v, 0, 1 << 20) })),
        new("max-tls-resumed-session-rate-per-client", "N", "0", "sessions/s", "resumed by one client; over it, the client is banned; 0 is no limit", s => s.Proxy.ClientLimits.MaxTlsResumedSessionRatePerClient, (s, v) => Limit(s, c => c with { MaxTlsResumedSessionRatePerClient = Values.Integer(v, 0, 1 << 20) })),
        new("tcp-rate-burst", "N", "10", "s", "worth of its rates a client may use at once", s => s.Proxy.ClientLimits.RateBurstSeconds, (s, v) => Limit(s, c => c with { RateBurstSeconds = Values.Integer(v, 1, 3600) })),
        new("ban-duration-for-exceeding-tcp-tls-rate", "N", "10", "s", "in which a client over a rate gets no new connection; 0 is no ban", s => s.Proxy.ClientLimits.BanSecondsForRate, (s, v) => Limit(s, c => c with { BanSecondsForRate = Values.Integer(v, 0, 86400) })),
        new("max-tcp-read-ios-per-query", "N", "50", "reads", "that one query may take; over it, the client is banned; 0 is no limit", s => s.Proxy.ClientLimits.MaxReadIosPerQuery, (s, v) => Limit(s, c => c with { MaxReadIosPerQuery = Values.Integer(v, 0, 65535) })),
        new("ban-duration-for-exceeding-max-read-ios-per-query", "N", "60", "s", "in which a client over it gets no new connection; 0 is no ban", s => s.Proxy.ClientLimits.BanSecondsForReadIos, (s, v) => Limit(s, c => c with { BanSecondsForReadIos = Values.Integer(v, 0, 86400) })),
        new("tcp-connections-mask-v4", "N", "32", "bits", "of an IPv4 address that tell clients apart", s => s.Proxy.ClientLimits.MaskV4, (s, v) => Limit(s, c => c with { MaskV4 = Values.Integer(v, 0, 32) })),
        new("tcp-connections-mask-v6", "N", "128", "bits", "of an IPv6 address that tell clients apart", s => s.Proxy.ClientLimits.MaskV6, (s, v) => Limit(s, c => c with { MaskV6 = Values.Integer(v, 0, 128) })),
        new("tcp-connections-mask-v4-port", "N", "0", "bits", "of the port that tell IPv4 clients apart too, for carrier-grade NAT", s => s.Proxy.ClientLimits.MaskV4Port, (s, v) => Limit(s, c => c with { MaskV4Port = Values.Integer(v, 0, 16) })),
        new("max-tcp-queries-per-connection", "N", "0", "queries", "after which a client connection is closed; 0 is no limit", s => s.Proxy.MaxTcpQueriesPerConnection, (s, v) => With(s, p => p with { MaxTcpQueriesPerConnection = Values.Integer(v, 0, int.MaxValue) })),
        new("max-tcp-connection-duration", "N", "0", "s", "after which a client connection is closed; 0 is no limit", s => s.Proxy.MaxTcpConnectionDuration, (s, v) => With(s, p => p with { MaxTcpConnectionDuration = Values.Integer(v, 0, int.MaxValue) })),
        new("tcp-idle-timeout", "N", "30", "s", "a client connection may be idle; 0 is for ever", s => s.Proxy.TcpIdleTimeout, (s, v) => With(s, p => p with { TcpIdleTimeout = Values.Integer(v, 0, 86400) })),
        new("tls-idle-timeout", "N", "60", "s", "a client connection over TLS may be idle; 0 is for ever", s => s.Proxy.TlsIdleTimeout, (s, v) => With(s, p => p with { TlsIdleTimeout = Values.Integer(v, 0, 86400) })),
        new("tls-handshake-timeout", "N", "5", "s", "from a connection's begin to the end of its TLS handshake", s => s.Proxy.TlsHandshakeTimeout, (s, v) => With(s, p => p with { TlsHandshakeTimeout = Values.Integer(v, 1, 3600) })),
        new("max-handshake-time", "N", "1000", "us", "of a turn within which TLS handshakes may begin; queries of established sessions go before the others", s => s.Proxy.MaxHandshakeTime, (s, v) => With(s, p => p with { MaxHandshakeTime = Values.Integer(v, 1, 1_000_000) })),
        new("tcp-recv-timeout", "N", "2", "s", "from a query's first byte to its last; 0 is no limit", s => s.Proxy.TcpReceiveTimeout, (s, v) => With(s, p => p with { TcpReceiveTimeout = Values.Integer(v, 0, 3600) })),
        new("tcp-send-timeout", "N", "2", "s", "a client may not take its answers; 0 is no limit", s => s.Proxy.TcpSendTimeout, (s, v) => With(s, p => p with { TcpSendTimeout = Values.Integer(v, 0, 3600) })),
        new("ecs-source-prefix-v4", "N", "24", "bits", "of a client's IPv4 address told to servers with useClientSubnet", s => s.Proxy.EcsSourcePrefixV4, (s, v) => With(s, p => p with { EcsSourcePrefixV4 = Values.Integer(v, 0, 32) })),
        new("ecs-source-prefix-v6", "N", "56", "bits", "of a client's IPv6 address told to servers with useClientSubnet", s => s.Proxy.EcsSourcePrefixV6, (s, v) => With(s, p => p with { EcsSourcePrefixV6 = Values.Integer(v, 0, 128) })),
        new("ecs-override", "true|false", "false", "", "whether that replaces the network a client names itself", s => s.Proxy.EcsOverride, (s, v) => With(s, p => p with { EcsOverride = Values.Boolean(v) })),
        new("outgoing-tls-sessions-cache-max-tickets-per-backend", "N", "20", "sessions", "kept to resume with; 0 keeps none", s => s.Proxy.OutgoingTlsSessionsMaxTickets, (s, v) => With(s, p => p with { OutgoingTlsSessionsMaxTickets = Values.Integer(v, 0, 65535) })),
        new("outgoing-tls-sessions-cache-max-ticket-validity", "N", "600", "s", "they are kept", s => s.Proxy.OutgoingTlsSessionsMaxTicketValidity, (s, v) => With(s, p => p with { OutgoingTlsSessionsMaxTicketValidity = Values.Integer(v, 1, 604_800) })),
        new("outgoing-tls-sessions-cache-cleanup-delay", "N", "60", "s", "between two searches for those that are too old", s => s.Proxy.OutgoingTlsSessionsCleanupDelay, (s, v) => With(s, p => p with { OutgoingTlsSessionsCleanupDelay = Values.Integer(v, 1, 86400) })),
        new("max-turn", "N", "256", "completions", "handled before what they caused is sent", s => s.Proxy.MaxTurn, (s, v) => With(s, p => p with { MaxTurn = Values.Integer(v, 1, 16384) })),
        new("shutdown-timeout", "N", "5000", "ms", "a shutdown waits for answers in flight", s => s.Proxy.ShutdownTimeout, (s, v) => With(s, p => p with { ShutdownTimeout = Values.Integer(v, 0, 600_000) })),
        new OptionEntry<ProcessOptions>("control-socket", "ADDR[:PORT]", "", "", "offer the console here, over TCP, port 5199, with --setkey-file; a /PATH is a Unix socket that only its owner may use",
            s => s.Console.ControlSocket?.ToString(), (s, v) => Console(s, c => c with { ControlSocket = Values.ControlSocket(v, ConsoleSettings.DefaultPort) })),
        new OptionEntry<ProcessOptions>("setkey", "BASE64", "", "", "key of the console over TCP, 32 bytes: make one with fastdist -e 'makeKey()'; FASTDIST_CONSOLE_KEY in the environment does as well",
            s => Values.Secret(s.Console.Key.Length > 0), (s, v) => Console(s, c => c with { Key = v }))
        { Short = 'k' },
        new("setkey-file", "FILE", "", "", "holds that key instead of the command line, which every user of the host can read", s => Values.Text(s.Console.KeyFile), (s, v) => Console(s, c => c with { KeyFile = Values.NotEmpty(v) })),
        new OptionEntry<ProcessOptions>("console-acl", "NETMASK", "loopback", "", "let these clients use the console over TCP; the first one replaces the default list",
            s => ConsoleSettings.DefaultAcl.Unless(s.Console.Acl), (s, v) => Console(s, c => c with { Acl = [.. c.Acl, .. v.Split(',')] }))
        { IsRepeatable = true },
        new("console-max-connections", "N", "100", "connections", "to the console at once; 0 is no limit", s => s.Console.MaxConnections, (s, v) => Console(s, c => c with { MaxConnections = Values.Integer(v, 0, 65535) })),
        new("console-connections-logging", "true|false", "false", "", "whether connections to the console are logged as they come and go; else only with --verbose", s => s.Console.LogConnections, (s, v) => Console(s, c => c with { LogConnections = Values.Boolean(v) })),
        new("console-output-max-msg-size", "N", "10000000", "bytes", "of the longest reply: the console cuts longer ones, its client reads no longer ones", s => s.Console.MaxReply, (s, v) => Console(s, c => c with { MaxReply = Values.Integer(v, 1024, 1 << 30) })),
        new OptionEntry<ProcessOptions>("client", "", "", "", "talk to the console of a running fastdist or dnsdist; the word behind is its ADDR[:PORT] or /PATH, 127.0.0.1:5199 unless given",
            s => s.Console.IsClient, (s, _) => Console(s, c => c with { IsClient = true }))
        { Short = 'c', IsSwitch = true },
        new OptionEntry<ProcessOptions>("execute", "COMMAND", "", "", "have the console execute this command, print its reply and end; implies --client; makeKey() and hashPassword() need no console",
            s => s.Console.Command, (s, v) => Console(s, c => c with { Command = v, IsClient = true }))
        { Short = 'e' },
        new("webserver", "ADDR[:PORT]", "", "", "show a page, metrics and an API on this address, over HTTP; port 8083", s => s.Web.Address?.ToString(), (s, v) => Web(s, w => w with { Address = Values.EndPoint(v, WebSettings.DefaultPort) })),
        new("webserver-password-file", "FILE", "", "", "holds the password of its page and metrics, in clear text or as hashPassword() gives it", s => Values.Text(s.Web.PasswordFile), (s, v) => Web(s, w => w with { PasswordFile = Values.NotEmpty(v) })),
        new("webserver-api-key-file", "FILE", "", "", "holds the key of its API, in clear text or as hashPassword() gives it", s => Values.Text(s.Web.ApiKeyFile), (s, v) => Web(s, w => w with { ApiKeyFile = Values.NotEmpty(v) })),
        new OptionEntry<ProcessOptions>("webserver-acl", "NETMASK", "127.0.0.1, ::1", "", "who may connect to it; the first one replaces the default list", s => WebSettings.DefaultAcl.Unless(s.Web.Acl), (s, v) => Web(s, w => w with { Acl = [.. w.Acl, .. v.Split(',')] }))
        { IsRepeatable = true },
        new("webserver-dashboard-requires-authentication", "true|false", "true", "", "whether its page, and what else the password opens, is only for who has the password", s => s.Web.DashboardRequiresAuthentication, (s, v) => Web(s, w => w with { DashboardRequiresAuthentication = Values.Boolean(v) })),
        new("webserver-stats-require-authentication", "true|false", "true", "", "whether /metrics and /jsonstat are only for who has the password or the key", s => s.Web.StatsRequireAuthentication, (s, v) => Web(s, w => w with { StatsRequireAuthentication = Values.Boolean(v) })),
        new("webserver-api-requires-authentication", "true|false", "true", "", "whether its API is only for who has the key", s => s.Web.ApiRequiresAuthentication, (s, v) => Web(s, w => w with { ApiRequiresAuthentication = Values.Boolean(v) })),
        new("webserver-allow-cross-origin-requests", "true|false", "false", "", "whether scripts of other sites' pages may ask it (CORS); OPTIONS is answered then", s => s.Web.AllowCrossOriginRequests, (s, v) => Web(s, w => w with { AllowCrossOriginRequests = Values.Boolean(v) })),
        new OptionEntry<ProcessOptions>("webserver-custom-header", "NAME:VALUE", "", "", "header field of every response of its, in place of ours of that name; NAME: takes ours away",
            s => s.Web.CustomHeaders.Select(HeaderField.Join), (s, v) => Web(s, w => w with { CustomHeaders = [.. w.CustomHeaders, HeaderField.OfWebServer(w.CustomHeaders, v)] }))
        { IsRepeatable = true },
        new("webserver-max-concurrent-connections", "N", "100", "connections", "to it at once", s => s.Web.MaxConcurrentConnections, (s, v) => Web(s, w => w with { MaxConcurrentConnections = Values.Integer(v, 1, 65535) })),
        new OptionEntry<ProcessOptions>("control-required", "", "", "", "end the start when the console or the web server cannot be bound, instead of serving DNS without it and trying again", s => s.ControlRequired, (s, _) => s with { ControlRequired = true }) { IsSwitch = true },
        new OptionEntry<ProcessOptions>("uid", "NAME|N", "", "", "user to run as once the sockets are bound", s => Values.Text(s.User), (s, v) => s with { User = v }) { Short = 'u' },
        new OptionEntry<ProcessOptions>("gid", "NAME|N", "", "", "group to run as once the sockets are bound", s => Values.Text(s.Group), (s, v) => s with { Group = v }) { Short = 'g' },
        new OptionEntry<ProcessOptions>("check-config", "", "", "", "check the settings, print the result, exit 0 or 1", s => s.CheckOnly, (s, _) => s with { CheckOnly = true }) { IsSwitch = true },
        new OptionEntry<ProcessOptions>("dump-settings", "", "", "", "check the settings, print what each option comes to, secrets left out, as JSON, exit 0 or 1", s => s.DumpOnly, (s, _) => s with { DumpOnly = true }) { IsSwitch = true },
        new OptionEntry<ProcessOptions>("supervised", "", "", "", "run under systemd: tell it when ready and when stopping", s => s.Supervised, (s, _) => s with { Supervised = true }) { IsSwitch = true },
        new("log-format", "text|bare|json|systemd", "text", "", "how the log is written: behind the time unless the journal keeps it, bare, as JSON objects, or behind the priorities that the journal reads", s => Values.NameOf(s.LogFormat, s_formats), (s, v) => s with
        {
            LogFormat = Values.OneOf(v, s_formats),
        }),
        new OptionEntry<ProcessOptions>("verbose", "", "", "", "log more", s => s.Verbose, (s, _) => s with { Verbose = true }) { Short = 'v', IsSwitch = true },
    ]);

    /// <summary>What every option is set to, by its name, and what no option can set: whether there are secrets, other pools' packet caches, rules, and what answers are like that rules make.</summary>
    public static IEnumerable<KeyValuePair<string, object?>> Shown(ProcessOptions settings) =>
    [
        .. Table.Shown(settings),
        new("webserver-password", Values.Secret(settings.Web.Password is not null)),
        new("webserver-api-key", Values.Secret(settings.Web.ApiKey is not null)),
        new("packet-caches", settings.Proxy.Pools.Where(static pool => pool.Cache is not null).Select(static pool => Shown(pool.Name, pool.Cache!))),
        new("rules", settings.Proxy.Rules.All.Select(static entry => Shown(entry.Kind, entry.Rule))),
        new("add-edns-to-self-generated-answers", settings.Proxy.AddEdnsToSelfAnswers),
        new("payload-size-on-self-generated-answers", settings.Proxy.SelfAnswerPayloadSize),
        new("dynamic-blocks-action", $"{settings.Proxy.BlockAction}"),
        new("dynamic-blocks-purge-interval", settings.Proxy.BlockPurgeInterval),
    ];

    private static IEnumerable<object> Shown(ProcessOptions settings, OptionTable<FrontendOptions> table, Func<FrontendOptions, bool> isListed) =>
        settings.Proxy.Frontends.Where(isListed).Select(frontend => Shown(frontend, table));

    private static IEnumerable<KeyValuePair<string, object?>> Shown(FrontendOptions frontend, OptionTable<FrontendOptions> table) =>
    [
        new("address", $"{frontend.Address}"),
        .. table.Shown(frontend with { Tls = frontend.Tls ?? new TlsFrontendOptions() }),
        .. frontend.Doh is { } doh ? [new("responsesMap", doh.ResponsesMap.Select(static entry => $"{entry}"))] : (KeyValuePair<string, object?>[])[],
    ];

    /// <summary>A pool's cache; those with the same number are one.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Shown(string pool, CacheOptions cache) =>
        [new("pool", pool), new("number", cache.Number), new("maxEntries", cache.MaxEntries), .. CacheOptionTable.Table.Shown(cache)];

    /// <summary>A rule without its UUID, which is another one each time unless it is given.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Shown(ChainKind kind, Rule rule) =>
        [new("chain", $"{kind}"), new("name", Values.Text(rule.Name)), new("selector", $"{rule.Selector}"), new("action", $"{rule.Action}")];

    private static ProcessOptions With(ProcessOptions settings, Func<ProxyOptions, ProxyOptions> change) => settings with { Proxy = change(settings.Proxy) };

    private static ProcessOptions Balance(ProcessOptions settings, Func<BalancingOptions, BalancingOptions> change) => With(settings, p => p with { Balancing = change(p.Balancing) });

    private static ProcessOptions Console(ProcessOptions settings, Func<ConsoleSettings, ConsoleSettings> change) => settings with { Console = change(settings.Console) };

    private static ProcessOptions Web(ProcessOptions settings, Func<WebSettings, WebSettings> change) => settings with { Web = change(settings.Web) };

    private static ProcessOptions Limit(ProcessOptions settings, Func<ClientLimitOptions, ClientLimitOptions> change) => With(settings, p => p with { ClientLimits = change(p.ClientLimits) });
}
