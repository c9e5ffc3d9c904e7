using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Figures;
using Fastdist.Lua;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>A server as an object.</summary>
internal static class ServerObject
{
    private static readonly OptionReader<BackendOptions> s_checks = new("setHealthCheckParams", BackendOptionTable.Table);

    /// <summary>Its methods; their first argument is the server.</summary>
    public static readonly IReadOnlyList<Function> Methods =
    [
        Doing("addPool", "pool", "have it be asked what a pool is asked, too; a pool that there is not is made", 1, static (_, server, arguments) => server.AddPool(PoolNames.Read(arguments.String(1, "pool")))),
        Doing("rmPool", "pool", "have it be asked no longer what a pool is asked", 1, static (_, server, arguments) => server.RemovePool(arguments.String(1, "pool"))),
        Doing("setUp", "", "use it, whatever health checks would say", 0, static (script, server, _) => SetMode(script, server, HealthCheckMode.Up)),
        Doing("setDown", "", "do not use it, whatever health checks say", 0, static (script, server, _) => SetMode(script, server, HealthCheckMode.Down)),
        Doing("setAuto", "[status]", "let health checks decide whether it is up", 1, static (script, server, _) => SetMode(script, server, HealthCheckMode.Auto)),
        Doing("setActiveAuto", "[status]", "the same", 1, static (script, server, _) => SetMode(script, server, HealthCheckMode.Auto)),
        Doing("setLazyAuto", "[status]", "let health checks decide, which are only made when queries to it fail", 1, static (script, server, _) => SetMode(script, server, HealthCheckMode.Lazy)),
        Doing("setQPS", "number", "queries a second above which firstAvailable looks further; 0 is no limit", 1, static (_, server, arguments) =>
        {
            int qps = arguments.Integer(1, "number", 0, int.MaxValue);
            server.Change(options => options with { Qps = qps });
        }),
        Doing("setHealthCheckParams", "options", "check it otherwise, with the options that newServer has for it", 1, static (script, server, arguments) =>
        {
            BackendOptions changed = s_checks.Apply(script, server.Options, arguments.Table(1, "options"));
            server.Change(_ => changed);
        }),
        Asking("getName", "its name", static (_, server) => LuaValue.Of(server.Options.Name)),
        Asking("getNameWithAddr", "its name and address", static (_, server) => LuaValue.Of(NameWithAddress(server))),
        Asking("getID", "its UUID", static (script, server) => LuaValue.Of($"{View(script, server)?.Id ?? server.Options.Id}")),
        Asking("isUp", "whether it is used", static (script, server) => LuaValue.Of(IsUp(script, server))),
        Asking("canAcceptQueries", "the same", static (script, server) => LuaValue.Of(IsUp(script, server))),
        Figure("getDrops", "queries that it left unanswered", static (_, view) => Rates.DropsOf(view)),
        Figure("getLatency", "mean time to an answer lately, milliseconds, as showServers has it", static (actor, view) => actor.LatencyOf(view)),
        Figure("getOutstanding", "queries that wait for an answer", static (_, view) => view.Sum(static counters => counters.Outstanding)),
        Figure("getQueries", "queries sent to it", static (_, view) => Rates.QueriesOf(view)),
        Asking("getHealthCheckMode", "how it is checked, active or lazy; showServers tells who decided whether it is up", static (script, server) => LuaValue.Of(ModeOf(script, server) == HealthCheckMode.Lazy ? "lazy" : "active")),
    ];

    private static readonly LuaClass s_class = ObjectClass.Make<DraftServer>(
        "Server", "server", Methods,
        [
            new Field<DraftServer>("name", static (_, server) => LuaValue.Of(server.Options.Name), static (_, server, arguments) =>
            {
                string name = Values.NotEmpty(arguments.String(0, "name"));
                server.Change(options => options with { Name = name });
            }),
            new Field<DraftServer>("weight", static (_, server) => LuaValue.Of(server.Options.Weight), static (_, server, arguments) =>
            {
                int weight = arguments.Integer(0, "weight", 1, int.MaxValue);
                server.Change(options => options with { Weight = weight });
            }),
            new Field<DraftServer>("order", static (_, server) => LuaValue.Of(server.Options.Order), static (_, server, arguments) =>
            {
                int order = arguments.Integer(0, "order", 0, int.MaxValue);
                server.Change(options => options with { Order = order });
            }),
            new Field<DraftServer>("upStatus", static (script, server) => LuaValue.Of(IsUp(script, server))),
        ],
        static server => server.Options.Name,
        Resolve);

    /// <summary>The object of a server.</summary>
    public static LuaValue Of(DraftServer server) => new LuaObject(s_class, server);

    /// <summary>The object of a server of the running process; nil for one that the script's settings do not have.</summary>
    public static LuaValue OfRunning(Script script, BackendOptions running) =>
        script.Draft.Servers.FirstOrDefault(server => server.Options.Name == running.Name) is { } server ? Of(server) : LuaValue.Nil;

    /// <summary>The server that a method was called on, or that a function was given, as the draft of the moment has it.</summary>
    /// <exception cref="ScriptException">It is there no longer.</exception>
    public static DraftServer From(Script script, Arguments arguments, int index = 0) => Resolve(script, arguments.Object<DraftServer>(index, "server", "a server"));

    private static DraftServer Resolve(Script script, DraftServer given) =>
        script.Draft.Servers.FirstOrDefault(given.Equals) ?? throw new ScriptException($"the server '{given.Options.Name}' was removed before");

    /// <summary>On the console what somebody decides about a server is no setting of it: it outlives a reload, and ends with the process.</summary>
    private static void SetMode(Script script, DraftServer server, HealthCheckMode mode)
    {
        if (script.Occasion == Occasion.Console && View(script, server) is { } view)
        {
            Operator actor = script.Operator;
            script.Later(() => actor.SetMode(view, mode));
        }
        else
        {
            server.Change(options => options with { HealthCheckMode = mode });
        }
    }

    private static HealthCheckMode ModeOf(Script script, DraftServer server) => View(script, server)?.Mode ?? server.Options.HealthCheckMode;

    // Before the process runs nobody has checked it; dnsdist's servers begin as up, too.
    private static bool IsUp(Script script, DraftServer server) => View(script, server)?.IsUsable ?? server.Options.HealthCheckMode != HealthCheckMode.Down;

    /// <summary>What runs of it; null for one that does not yet.</summary>
    private static BackendView? View(Script script, DraftServer server) =>
        script.Occasion == Occasion.Console && server.Options.Id is { } id ? script.Operator.Server(id) : null;

    private static string NameWithAddress(DraftServer server) =>
        server.Options.Name == server.Options.Address.ToString() ? server.Options.Name : $"{server.Options.Name} ({server.Options.Address})";

    private static Function Doing(string name, string parameters, string help, int most, Action<Script, DraftServer, Arguments> run) =>
        Function.Doing(name, parameters, help, parameters.Length == 0 || parameters.StartsWith('[') ? 1 : 1 + most, 1 + most, (script, arguments) => run(script, From(script, arguments), arguments));

    private static Function Asking(string name, string help, Func<Script, DraftServer, LuaValue> ask) =>
        new(name, "", help, (script, arguments) => ask(script, From(script, arguments))) { Least = 1, Most = 1, IsForQueries = true };

    private static Function Figure(string name, string help, Func<Operator, BackendView, double> read) =>
        Asking(name, help, (script, server) => LuaValue.Of(View(script, server) is { } view ? read(script.Operator, view) : 0));
}
