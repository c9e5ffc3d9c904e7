using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Whom we ask: newServer and its like.</summary>
internal static class ServerFunctions
{
    private static readonly OptionReader<BackendOptions> s_options = new OptionReader<BackendOptions>("newServer", BackendOptionTable.Table)
        .With("tls", ReadTls)
        .With("tcpRecvTimeout", static (_, settings, value) => BackendOptionTable.Table.Set(settings, "queryTimeout", $"{OptionValue.Text(value)}000"))
        .With("healthCheckMode", static (_, settings, value) => BackendOptionTable.Table.Set(settings, "healthCheckMode", OptionValue.Text(value).ToLowerInvariant()));

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        new Function("newServer", "address | {address=\"ip:port\", ...}", "ask this server, over UDP unless tls says otherwise, with the options of --server", NewServer) { Least = 1, Most = 2 },
        new Function("getServer", "server", "the server with this number, name or UUID", static (script, arguments) => ServerObject.Of(Find(script, arguments))) { Least = 1, Most = 1 },
        new Function("getServers", "", "all servers", static (script, _) => LuaValue.Of([.. script.Draft.Servers.Select(ServerObject.Of)])),
        Function.Doing("rmServer", "server", "ask this server no longer", 1, 1, static (script, arguments) => script.Draft.Remove(Find(script, arguments))),
        Function.Doing("setUDPTimeout", "seconds", "wait so long for an answer over UDP, where newServer does not say otherwise", 1, 1, static (script, arguments) =>
        {
            int seconds = arguments.Integer(0, "seconds", 1, 255);
            script.Draft.UdpTimeout = seconds;
        }) with { IsForStart = true },
    ];

    private static LuaValue NewServer(Script script, Arguments arguments)
    {
        LuaTable options = arguments[0] is LuaTable table ? table : new LuaTable([],
        [
            (LuaValue.Of("address"), LuaValue.Of(arguments.String(0, "address"))),
            .. arguments.Has(1) ? [(LuaValue.Of("qps"), LuaValue.Of(arguments.Integer(1, "qps", 0, int.MaxValue)))] : (ReadOnlySpan<(LuaValue, LuaValue)>)[],
        ]);

        // One that is added while the process runs is known by its id from the beginning.
        Guid? id = script.Occasion == Occasion.Console ? Guid.NewGuid() : null;
        BackendOptions start = BackendOptionTable.Unset with { Tls = BackendTransport.Udp, Id = id, Origin = script.Origin("newServer") };
        BackendOptions server = BackendOptionTable.Complete(s_options.Apply(script, start, options), "newServer", "add address=\"ADDR:PORT\"");
        if (!server.IsTls && server.SubjectName.Length + server.SubjectAddr.Length + server.CaStore.Length > 0)
        {
            script.Warn(script.Place, $"newServer: {server.Name} has a name or authorities to check and no tls: it is asked in the clear, where there is no certificate; add tls=\"openssl\" to encrypt");
        }

        bool hasOwnTimeout = options.Fields.Any(static field => $"{field.Key}" == "udpTimeout");
        return ServerObject.Of(script.Draft.Add(Named(script, server), hasOwnTimeout));
    }

    /// <summary>dnsdist lets several servers have one name, and one address several servers; here each has a name of its own.</summary>
    private static BackendOptions Named(Script script, BackendOptions server)
    {
        HashSet<string> taken = [.. script.Draft.Servers.Select(static other => other.Options.Name)];
        if (!taken.Contains(server.Name))
        {
            return server;
        }

        int number = 2;
        while (taken.Contains($"{server.Name}#{number}"))
        {
            number++;
        }

        script.Warn(script.Place, $"newServer: there is a server called '{server.Name}' already: this one is called '{server.Name}#{number}'");
        return server with { Name = $"{server.Name}#{number}" };
    }

    private static BackendOptions ReadTls(Script script, BackendOptions settings, LuaValue value)
    {
        string provider = OptionValue.Text(value).ToLowerInvariant();
        switch (provider)
        {
            case "":
            case "none" or "udp" or "sslstream":
                return provider.Length == 0 ? settings : BackendOptionTable.Table.Set(settings, "tls", provider);
            case "openssl":
                break;
            default:
                script.Warn(script.Place, $"newServer: tls={provider}: OpenSSL is what is linked in, and used");
                break;
        }

        return settings with { Tls = BackendTransport.OpenSsl };
    }

    private static DraftServer Find(Script script, Arguments arguments)
    {
        IReadOnlyList<DraftServer> servers = script.Draft.Servers;
        switch (arguments[0])
        {
            case LuaObject:
                return ServerObject.From(script, arguments);
            case LuaNumber number:
                return number.Value >= 0 && number.Value < servers.Count
                    ? servers[(int)number.Value]
                    : throw new ScriptException(servers.Count == 0 ? $"there is no server {number}: there are none" : $"there is no server {number}: there are {servers.Count}, from 0; see showServers()");
            case LuaString text:
                string name = text.Text;
                bool isId = Guid.TryParse(name, out Guid id);
                return servers.FirstOrDefault(server => server.Options.Name == name || (isId && server.Options.Id == id))
                    ?? throw new ScriptException($"no server has the name or UUID '{name}'{Nearest.Suggest(name, servers.Select(static server => server.Options.Name))}");
            default:
                throw arguments.Wrong(0, "server", "a number, name, UUID or server");
        }
    }
}
