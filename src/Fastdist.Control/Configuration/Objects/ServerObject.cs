using System;
using System.Collections.Generic;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
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
        Doing("setUp", "", "use it, whatever health checks would say", 0, static (_, server, _) => SetMode(server, HealthCheckMode.Up)),
        Doing("setDown", "", "do not use it, whatever health checks say", 0, static (_, server, _) => SetMode(server, HealthCheckMode.Down)),
        Doing("setAuto", "[status]", "let health checks decide whether it is up", 1, static (_, server, _) => SetMode(server, HealthCheckMode.Auto)),
        Doing("setActiveAuto", "[status]", "the same", 1, static (_, server, _) => SetMode(server, HealthCheckMode.Auto)),
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
        Asking("isUp", "whether it is used", static (script, server) => LuaValue.Of(IsUp(server))),
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
            new Field<DraftServer>("upStatus", static (_, server) => LuaValue.Of(IsUp(server))),
        ],
        static server => server.Options.Name);

    /// <summary>The object of a server.</summary>
    public static LuaValue Of(DraftServer server) => new LuaObject(s_class, server);

    /// <summary>The server that a method was called on, or that a function was given.</summary>
    public static DraftServer From(Arguments arguments, int index = 0) => arguments.Object<DraftServer>(index, "server", "a server");

    private static void SetMode(DraftServer server, HealthCheckMode mode) => server.Change(options => options with { HealthCheckMode = mode });

    // Before the process runs nobody has checked it; dnsdist's servers begin as up, too.
    private static bool IsUp(DraftServer server) => server.Options.HealthCheckMode != HealthCheckMode.Down;

    private static string NameWithAddress(DraftServer server) =>
        server.Options.Name == server.Options.Address.ToString() ? server.Options.Name : $"{server.Options.Name} ({server.Options.Address})";

    private static Function Doing(string name, string parameters, string help, int most, Action<Script, DraftServer, Arguments> run) =>
        Function.Doing(name, parameters, help, parameters.Length == 0 || parameters.StartsWith('[') ? 1 : 1 + most, 1 + most, (script, arguments) => run(script, From(arguments), arguments));

    private static Function Asking(string name, string help, Func<Script, DraftServer, LuaValue> ask) =>
        new(name, "", help, (script, arguments) => ask(script, From(arguments))) { Least = 1, Most = 1 };
}
