using static Fastdist.Control.Configuration.Dnsdist.DnsdistName;

namespace Fastdist.Control.Configuration.Dnsdist;

/// <summary>What operators see and say: console, web server, tables, log, files and flags.</summary>
internal static class ControlNames
{
    private const string NotSandboxed = "with --lua-unsafe only: what a configuration runs outside, it runs with the proxy's rights";

    public static readonly DnsdistTheme Console = new("Console",
    [
        .. Same("controlSocket", "setKey", "setConsoleACL", "addConsoleACL", "setConsoleMaximumConcurrentConnections", "setConsoleOutputMaxMsgSize", "makeKey", "showConsoleACL"),
        .. Different("false unless set", "setConsoleConnectionsLogging"),
        .. NotYet("whoever has another key is told so by fastdist -c", "testCrypto"),
        .. Same("help", "delta", "show", "showVersion", "getVerbose", "setVerbose", "inClientStartup", "inConfigCheck"),
        .. Different("answers what is in flight first", "shutdown"),
        .. Different("says it for console and web server both", "setConsoleBindFatal", "setWebserverBindFatal"),
        .. Ignored("what was typed is kept by the client, in a file of its own", "clearConsoleHistory"),
        .. Ignored("connections are not listed in the log: showTCPStats counts them", "requestTCPStatesDump", "requestDoHStatesDump"),
    ]);

    public static readonly DnsdistTheme Web = new("Web server",
    [
        .. Same("webserver", "setWebserverConfig", "hashPassword", "showWebserverConfig"),
        .. Same("setWebserverConfig{password}", "setWebserverConfig{apiKey}", "setWebserverConfig{acl}", "setWebserverConfig{customHeaders}"),
        .. Same("setWebserverConfig{statsRequireAuthentication}", "setWebserverConfig{apiRequiresAuthentication}", "setWebserverConfig{dashboardRequiresAuthentication}"),
        .. Same("setWebserverConfig{allowCrossOriginRequests}"),
        .. Different("0 is 65535, not no limit", "setWebserverConfig{maxConcurrentConnections}"),
        .. Ignored("a credential in clear text is hashed once and then forgotten", "setWebserverConfig{hashPlaintextCredentials}"),
        .. NotYet("what scrapes adds its label", "setWebserverConfig{prometheusAddInstanceLabel}"),
        .. Never("the API only shows: change by console or configuration", "setAPIWritable"),
        .. NotYet("the paths that there are, are those of dnsdist: /, /metrics, /jsonstat and the API", "registerWebHandler"),
        .. NotYet("there are no handlers of your own", "webrequest.path", "webrequest.version", "webrequest.method", "webrequest.body", "webrequest.getvars", "webrequest.postvars", "webrequest.headers", "webresponse.body", "webresponse.status", "webresponse.headers"),
    ]);

    public static readonly DnsdistTheme Tables = new("Tables and statistics",
    [
        .. Same("showTCPStats", "showTLSErrorCounters", "showResponseLatency", "dumpStats", "getStatisticsCounters"),
        .. NotYet("scrape /metrics, or have Prometheus write to Graphite", "carbonServer"),
        .. NotYet("scrape /metrics", "snmpAgent", "sendCustomTrap"),
    ]);

    public static readonly DnsdistTheme Logging = new("Log",
    [
        .. Same("infolog", "warnlog", "errlog", "vinfolog"),
        .. Ignored("the log goes to standard output, which systemd hands to journal or syslog", "setSyslogFacility"),
        .. Different("is --log-format=json, without the options of its table", "setStructuredLogging"),
        .. NotYet("verbose lines go where the others go", "setVerboseLogDestination"),
    ]);

    public static readonly DnsdistTheme Files = new("Lua and files",
    [
        .. Same("includeDirectory", "dofile", "loadfile", "io.open", "io.lines", "os.date", "os.time", "os.getenv", "print", "bit"),
        .. Different("finds files of the configuration's own folder only, nothing that the environment names", "require"),
        .. Different(NotSandboxed, "os.execute", "io.popen", "package.loadlib", "debug.sethook", "ffi.*"),
        .. Different("compiles with --lua-jit only: it needs memory that can be written and run", "jit"),
        .. Never("configurations are Lua: write what YAML says by its functions", "enableLuaConfiguration", "getObjectFromYAMLConfiguration"),
        .. NotYet("what a build can do is what --version says", "pdns_features"),
    ]);

    public static readonly DnsdistTheme Flags = new("Command line",
    [
        .. Different("Lua only; a file of YAML is refused", "--config"),
        .. Same("--acl", "--check-config", "--client", "--execute", "--local", "--uid", "--gid", "--supervised", "--verbose", "--version", "--help"),
        .. Different("prevails over setKey, as dnsdist's page says; --setkey-file keeps it from other users' eyes", "--setkey"),
        .. Never("the log never goes to syslog by itself", "--disable-syslog"),
        .. Never("lines have their time unless the journal adds it: --log-format", "--log-timestamps"),
        .. Never("is --log-format", "--structured-logging", "--structured-logging-backend"),
    ]);
}
