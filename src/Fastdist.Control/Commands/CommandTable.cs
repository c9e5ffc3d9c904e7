using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Commands.Syntax;
using Fastdist.Control.Figures;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Commands;

/// <summary>Every function and method there is: the single source of calling, help and completion.</summary>
internal static class CommandTable
{
    /// <summary>Functions, then methods, each sorted by name.</summary>
    public static readonly IReadOnlyList<Command> All =
    [
        .. new[]
        {
            Action("addACL", "netmask", "admit clients of one more network", (o, a) => o.AddAcl(a.String(0, "netmask")), arguments: 1),
            Printing("dumpStats", "print the statistics of the whole process", o => o.DumpStats()),
            Counting("getBindCount", "number of frontends, as showBinds lists them", o => o.CountBinds()),
            Finding("getDOHFrontend", "DoH"),
            Counting("getDOHFrontendCount", "number of DNS-over-HTTPS frontends", o => o.CountFrontends("DoH")),
            new Command("getPoolNames", "", "the names of all pools; that of the default pool is empty",
                static (o, _) => new TableValue([.. o.PoolNamesInUse().Select(static name => new StringValue(name))], [])),
            new Command("getPoolServers", "pool", "the servers of a pool", static (o, a) => new TableValue([.. o.Pool(a.String(0, "pool")).Backends.Select(static server => new ServerValue(server))], []))
            { Least = 1, Most = 1 },
            new Command("getServer", "server", "the server with this number, name or UUID", (o, a) => new ServerValue(a.ServerAt(0, o)))
            { Least = 1, Most = 1 },
            Finding("getTLSFrontend", "DoT"),
            Counting("getTLSFrontendCount", "number of DNS-over-TLS frontends", o => o.CountFrontends("DoT")),
            new Command("getVersion", "", "the version, without the program's name", static (o, _) => new StringValue(o.Version)),
            new Command("help", "[command]", "explain all commands, or one", static (_, a) => new PrintedValue(Help(a))) { Most = 1 },
            new Command("hashPassword", "password", "hash a password for the files that --webserver-password-file and -api-key-file name",
                static (_, a) => new StringValue(Operator.HashPassword(a.String(0, "password"))))
            { Least = 1, Most = 1, IsLocal = true },
            Printing("makeKey", "make a random key for consoles", static _ => Operator.MakeKey()) with { IsLocal = true },
            new Command("newServer", "address | {address=\"ip:port\", ...}", "add a server, with the options of --server", static (o, a) => new ServerValue(o.NewServer(a.ServerOptions(0))))
            { Least = 1, Most = 1 },
            Action("reloadAllCertificates", "", "read all certificates, keys, OCSP responses, ticket keys and trust stores again, of backends too", (o, _) => o.ReloadAllCertificates()),
            Action("rmServer", "server", "remove the server with this number, name or UUID", (o, a) => o.RemoveServer(a.ServerAt(0, o)), arguments: 1),
            Action("setACL", "netmask | {netmask, ...}", "admit clients of these networks only; of {} none", (o, a) => o.SetAcl(a.Strings(0, "netmasks")), arguments: 1),
            Action("setPoolServerPolicy", "policy, pool", "choose the servers of a pool in a way of its own", (o, a) => o.SetPoolPolicy(a.Policy(0), a.String(1, "pool")), arguments: 2),
            Action("setServerPolicy", "policy", "choose servers in this way where a pool has none of its own", (o, a) => o.SetPolicy(a.Policy(0)), arguments: 1),
            Printing("showACL", "print the networks whose clients are admitted", o => o.ShowAcl()),
            Printing("showBinds", "print all frontends", o => o.ShowBinds()),
            Printing("showPools", "print all pools, their policies and servers", o => o.ShowPools()),
            new Command("showPoolServerPolicy", "pool", "print how the servers of a pool are chosen", static (o, a) => new PrintedValue(o.ShowPoolServerPolicy(a.String(0, "pool"))))
            { Least = 1, Most = 1 },
            Printing("showServerPolicy", "print how servers are chosen where a pool has no way of its own", o => o.ShowServerPolicy()),
            Printing("showResponseLatency", "plot how long answers took", o => o.ShowResponseLatency()),
            new Command("showServers", "[{showUUIDs=false}]", "print all servers, with their UUIDs if wanted", static (o, a) => new PrintedValue(o.ShowServers(a.Option(0, "showUUIDs"))))
            { Most = 1 },
            Printing("showTCPStats", "print what became of connections", o => o.ShowTcpStats()),
            Printing("showTLSErrorCounters", "print why TLS handshakes failed", o => o.ShowTlsErrorCounters()),
            Printing("showTLSFrontends", "print the DNS-over-TLS frontends and their ticket keys", o => o.ShowTlsFrontends()),
            Printing("showVersion", "print the version", o => o.ShowVersion()),
            Action("shutdown", "", "end the process once what is in flight is answered", (o, _) => o.Shutdown()),
        }.OrderBy(c => c.Name, StringComparer.OrdinalIgnoreCase),
        .. new[]
        {
            OfFrontend("getAddressAndPort", "", "where it listens", (_, a) => new StringValue(a.Frontend.Address)),
            OfFrontend("loadTicketsKeys", "file", "put the ticket keys of a file on top, the last one active", (o, a) => Done(() => o.LoadTicketKeys(a.Frontend, a.String(0, "file"))), arguments: 1),
            OfFrontend("reloadCertificates", "", "read its certificates, keys and OCSP responses again", (o, a) => Done(() => o.ReloadCertificates(a.Frontend))),
            OfFrontend("rotateTicketsKey", "", "make a new random ticket key the active one", (o, a) => Done(() => o.RotateTicketKeys(a.Frontend))),
            OfServer("addPool", "have it be asked what a pool is asked, too; a pool that there is not is made", (o, a) => Done(() => o.AddPool(a.Server, a.String(0, "pool"))), "pool"),
            OfServer("getDrops", "queries that it left unanswered", (_, a) => new IntegerValue(Rates.DropsOf(a.Server))),
            OfServer("getHealthCheckMode", "how it is checked: always active; showServers tells who decided whether it is up", static (_, _) => new StringValue("active")),
            OfServer("getLatency", "mean time to an answer lately, milliseconds, as showServers has it", (o, a) => new FloatValue(o.LatencyOf(a.Server))),
            OfServer("getName", "its name", (_, a) => new StringValue(a.Server.Name)),
            OfServer("getNameWithAddr", "its name and address", (_, a) => new StringValue(NameWithAddress(a.Server))),
            OfServer("getOutstanding", "queries that wait for an answer", (_, a) => new IntegerValue(a.Server.Sum(c => c.Outstanding))),
            OfServer("getQueries", "queries sent to it", (_, a) => new IntegerValue(Rates.QueriesOf(a.Server))),
            OfServer("isUp", "whether it is used", (_, a) => new BooleanValue(a.Server.IsUsable)),
            OfServer("rmPool", "have it be asked no longer what a pool is asked", (o, a) => Done(() => o.RemovePool(a.Server, a.String(0, "pool"))), "pool"),
            OfServer("setAuto", "let health checks decide whether it is up", (o, a) => Done(() => o.SetMode(a.Server, HealthCheckMode.Auto))),
            OfServer("setDown", "do not use it, whatever health checks say", (o, a) => Done(() => o.SetMode(a.Server, HealthCheckMode.Down))),
            OfServer("setUp", "use it, whatever health checks would say", (o, a) => Done(() => o.SetMode(a.Server, HealthCheckMode.Up))),
        },
    ];

    /// <summary>Finds a function, or a method of an object.</summary>
    /// <exception cref="CommandException">There is none; the message suggests another.</exception>
    public static Command Find(ObjectKind owner, string name)
    {
        string what = owner == ObjectKind.None ? "function" : $"method of a {owner.ToString().ToLowerInvariant()}";
        IEnumerable<Command> candidates = All.Where(c => c.Owner == owner);
        return candidates.FirstOrDefault(c => c.Name == name)
            ?? throw new CommandException($"'{name}' is no {what}{Nearest.Suggest(name, candidates.Select(c => c.Name))}");
    }

    private static string Help(GivenArguments arguments)
    {
        IEnumerable<Command> wanted = All;
        if (arguments.Has(0))
        {
            string name = arguments.String(0, "command");
            wanted = [.. All.Where(c => c.Name == name)];
            if (!wanted.Any())
            {
                throw new CommandException($"there is no command '{name}'{Nearest.Suggest(name, All.Select(c => c.Name))}");
            }
        }

        return string.Concat(wanted.Select(c => $"{c.HelpLine}\n"));
    }

    private static Command Printing(string name, string help, Func<Operator, string> print) => new(name, "", help, (o, _) => new PrintedValue(print(o)));

    private static Command Counting(string name, string help, Func<Operator, int> count) => new(name, "", help, (o, _) => new IntegerValue(count(o)));

    private static Command Action(string name, string parameters, string help, Action<Operator, GivenArguments> act, int arguments = 0) =>
        new(name, parameters, help, (o, a) => Done(() => act(o, a))) { Least = arguments, Most = arguments };

    private static Command Finding(string name, string protocol) =>
        new(name, "n", $"the {protocol} frontend with this number, from 0", (o, a) => new FrontendValue(o.Frontend(protocol, a.Index(0, "n"))))
        {
            Least = 1,
            Most = 1,
        };

    private static Command OfServer(string name, string help, Func<Operator, GivenArguments, Value> run) => new(name, "", help, run) { Owner = ObjectKind.Server };

    private static Command OfServer(string name, string help, Func<Operator, GivenArguments, Value> run, string argument) =>
        new(name, argument, help, run) { Owner = ObjectKind.Server, Least = 1, Most = 1 };

    private static Command OfFrontend(string name, string parameters, string help, Func<Operator, GivenArguments, Value> run, int arguments = 0) =>
        new(name, parameters, help, run) { Owner = ObjectKind.Frontend, Least = arguments, Most = arguments };

    private static NilValue Done(Action act)
    {
        act();
        return NilValue.Instance;
    }

    private static string NameWithAddress(BackendView server) => server.Name == server.Address ? server.Name : $"{server.Name} ({server.Address})";
}
