using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>What asks and tells the running process.</summary>
internal static class ProcessFunctions
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Function.Printing("dumpStats", "print the statistics of the whole process", static o => o.DumpStats()),
        Function.Asking("getStatisticsCounters", "", "the statistics of the whole process, as a table", 0, static (o, _) => new LuaTable([], [.. o.Statistics().Select(static s => (LuaValue.Of(s.Name), LuaValue.Of(s.Value)))])),
        Function.Asking("getBindCount", "", "number of frontends, as showBinds lists them", 0, static (o, _) => LuaValue.Of(o.CountBinds())),
        Function.Asking("getBind", "n", "the frontend with this number, from 0", 1, static (o, a) => FrontendObject.Of(o.Bind(a.Index(0, "n")))),
        Finding("getTLSFrontend"),
        Finding("getTLSContext"),
        Function.Asking("getTLSFrontendCount", "", "number of DNS-over-TLS frontends", 0, static (o, _) => LuaValue.Of(o.CountFrontends("DoT"))),
        Function.Asking("getVersion", "", "the version, without the program's name", 0, static (o, _) => LuaValue.Of(o.Version)),
        Function.Having("reloadAllCertificates", "", "read all certificates, keys, OCSP responses, ticket keys and trust stores again, of backends too", 0, static (o, _) => o.ReloadAllCertificates),
        Function.Having("reloadConfig", "", "read the configuration again, and apply what has changed", 0, static (o, _) => o.ReloadConfiguration),
        Function.Having("loadTicketsKey", "key", "put a ticket key on top at every frontend", 1, static (o, a) =>
        {
            byte[] key = a.Bytes(0, "key");
            return () => o.LoadTicketKey(key);
        }),
        Function.Having("shutdown", "", "end the process once what is in flight is answered", 0, static (o, _) => o.Shutdown),
        Function.Doing("showACL", "", "print the networks whose clients are admitted", 0, 0, static (script, _) => script.Print(string.Concat(script.Draft.Acl.Networks.Select(static network => $"{network}\n")))) with { IsChange = false },
        Function.Printing("showBinds", "print all frontends", static o => o.ShowBinds()),
        Function.Printing("showPools", "print all pools, their policies and servers", static o => o.ShowPools()),
        Function.Doing("showPoolServerPolicy", "pool", "print how the servers of a pool are chosen", 1, 1, static (script, arguments) =>
            script.Print(script.Operator.ShowPoolServerPolicy(arguments.String(0, "pool")))) with { IsForProcess = true, IsChange = false },
        Function.Printing("showServerPolicy", "print how servers are chosen where a pool has no way of its own", static o => o.ShowServerPolicy()),
        Function.Printing("showResponseLatency", "plot how long answers took", static o => o.ShowResponseLatency()),
        Function.Doing("showServers", "[{showUUIDs=false}]", "print all servers, with their UUIDs if wanted", 0, 1, ShowServers) with { IsForProcess = true, IsChange = false },
        Function.Printing("showTCPStats", "print what became of connections", static o => o.ShowTcpStats()),
        Function.Printing("showTLSErrorCounters", "print why TLS handshakes failed", static o => o.ShowTlsErrorCounters()),
        Function.Printing("showTLSFrontends", "print the DNS-over-TLS frontends and their ticket keys", static o => o.ShowTlsFrontends()),
        Function.Printing("showTLSContexts", "the same, by its older name", static o => o.ShowTlsFrontends()),
        Function.Printing("showVersion", "print the version", static o => o.ShowVersion()),
    ];

    private static void ShowServers(Script script, Arguments arguments)
    {
        bool showsIds = false;
        if (arguments.Options(0).Items.Count > 0)
        {
            throw arguments.Wrong(0, "options", "a table of key=value");
        }

        foreach ((LuaValue key, LuaValue value) in arguments.Options(0).Fields)
        {
            showsIds = $"{key}" != "showUUIDs" ? throw new ScriptException($"there is no option '{key}'; the only one is 'showUUIDs'")
                : value is LuaBoolean given ? given.Value
                : throw new ScriptException($"option 'showUUIDs': expected true or false, got {value.Kind}");
        }

        script.Print(script.Operator.ShowServers(showsIds));
    }

    private static Function Finding(string name) =>
        Function.Asking(name, "n", "the DNS-over-TLS frontend with this number, from 0", 1, static (o, a) => FrontendObject.Of(o.Frontend("DoT", a.Index(0, "n"))));
}
