using System.Collections.Generic;
using System.Linq;
using System.Net;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Secrets;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>The console, and what scripts may ask of what they are run for.</summary>
internal static class ConsoleFunctions
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Function.Doing("controlSocket", "address", "offer the console here, port 5199", 1, 1, static (script, arguments) =>
        {
            EndPoint address = Values.ControlSocket(arguments.String(0, "address"), ConsoleSettings.DefaultPort);
            Change(script, console => console with { ControlSocket = address });
        }) with { IsForStart = true, IsForClients = true },
        Function.Doing("setKey", "key", "the key of the console, as makeKey prints it", 1, 1, static (script, arguments) =>
        {
            string key = arguments.String(0, "key");
            SharedKey.Parse(key);
            Change(script, console => console with { Key = key });
        }) with { IsForStart = true, IsForClients = true },
        Function.Doing("setConsoleACL", "{netmask, ...}", "who may use the console", 1, 1, static (script, arguments) =>
        {
            IReadOnlyList<string> acl = Networks(arguments);
            if (acl.Count == 0)
            {
                throw new ScriptException("nobody could use the console then: leave controlSocket out");
            }

            Change(script, console => console with { Acl = acl });
        }),
        Function.Doing("addConsoleACL", "netmask", "who may use the console, too", 1, 1, static (script, arguments) =>
        {
            IReadOnlyList<string> acl = Networks(arguments);
            Change(script, console => console with { Acl = [.. AclOf(console), .. acl] });
        }),
        Function.Doing("setConsoleMaximumConcurrentConnections", "number", "connections to the console at once; 0 is no limit", 1, 1, static (script, arguments) =>
        {
            int most = arguments.Integer(0, "number", 0, 65535);
            Change(script, console => console with { MaxConnections = most });
        }),
        Function.Doing("showConsoleACL", "", "print who may use the console", 0, 0, static (script, _) =>
            script.Print(string.Concat(AclOf(script.Draft.Settings.Console).Select(static network => $"{network}\n")))) with { IsForProcess = true, IsChange = false },
        Function.Setting("setConsoleConnectionsLogging", "whether connections to the console are logged as they come and go", "console-connections-logging", "boolean"),
        Requiring("setConsoleBindFatal"),
        Requiring("setWebserverBindFatal"),
        Function.Setting("setConsoleOutputMaxMsgSize", "bytes of the longest reply of the console", "console-output-max-msg-size", "bytes"),
        new Function("inClientStartup", "", "whether a console's client reads this", static (script, _) => LuaValue.Of(script.Occasion == Occasion.Client)) { IsForClients = true },
        new Function("inConfigCheck", "", "whether this is only checked", static (script, _) => LuaValue.Of(script.Draft.Settings.CheckOnly)) { IsForClients = true },
        Function.Doing("makeKey", "", "make a random key for consoles", 0, 0, static (script, _) => script.Print(Operator.MakeKey())) with { IsLocal = true, IsChange = false },
        new Function("hashPassword", "password", "hash a password for setWebserverConfig", static (_, arguments) => LuaValue.Of(Operator.HashPassword(arguments.String(0, "password")))) { Least = 1, Most = 1, IsLocal = true },
        Function.Doing("addMaintenanceCallback", "function[, name]", "call this every second, as the function called maintenance", 1, 2, static (script, arguments) => script.AddCallback(arguments.Function(0, "function"))),
        Function.Doing("show", "text", "print this", 1, 1, static (script, arguments) => script.Print($"{arguments.String(0, "text")}\n")) with { IsChange = false },
    ];

    /// <summary>The default list is what it begins with.</summary>
    private static IEnumerable<string> AclOf(ConsoleSettings console) => ConsoleSettings.DefaultAcl.Unless(console.Acl);

    private static Function Requiring(string name) =>
        Function.Doing(name, "boolean", "end the start when console or web server cannot be bound, instead of trying again", 1, 1, Require) with { IsForStart = true };

    private static void Require(Script script, Arguments arguments)
    {
        bool isRequired = arguments.Boolean(0, "boolean");
        script.Draft.Change(settings => settings with { ControlRequired = isRequired || settings.ControlRequired });
    }

    private static void Change(Script script, System.Func<ConsoleSettings, ConsoleSettings> change) => script.Draft.Change(settings => settings with { Console = change(settings.Console) });

    private static IReadOnlyList<string> Networks(Arguments arguments)
    {
        IReadOnlyList<string> networks = arguments.Strings(0, "netmasks");
        Values.Networks(networks);
        return networks;
    }
}
