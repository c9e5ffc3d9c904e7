using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>The web server.</summary>
internal static class WebFunctions
{
    /// <summary>What setWebserverConfig takes; what it says of flags is theirs to read.</summary>
    private static readonly OptionReader<ProcessOptions> s_options = new OptionReader<ProcessOptions>("setWebserverConfig", new OptionTable<ProcessOptions>())
        .With("password", static (_, settings, value) => Untold("password", () => WithPassword(settings, OptionValue.Text(value))))
        .With("apiKey", static (_, settings, value) => Untold("apiKey", () => WithApiKey(settings, OptionValue.Text(value))))
        .With("acl", static (_, settings, value) => WithAcl(settings, value))
        .With("customHeaders", static (_, settings, value) => WithHeaders(settings, value))
        .With("allowCrossOriginRequests", Flag("webserver-allow-cross-origin-requests"))
        .With("statsRequireAuthentication", Flag("webserver-stats-require-authentication"))
        .With("apiRequiresAuthentication", Flag("webserver-api-requires-authentication"))
        .With("dashboardRequiresAuthentication", Flag("webserver-dashboard-requires-authentication"))
        .With("maxConcurrentConnections", static (_, settings, value) => WithConnections(settings, OptionValue.Text(value)));

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Function.Doing("webserver", "address[, password[, apiKey[, customHeaders[, acl]]]]", "show a page, metrics and an API on this address, port 8083", 1, 5, Serve) with { IsForStart = true },
        Function.Doing("setWebserverConfig", "{password=, apiKey=, acl=, ...}", "who may read what of the web server, and what its responses say besides", 1, 1, static (script, arguments) =>
        {
            ProcessOptions changed = s_options.Apply(script, script.Draft.Settings, arguments.Table(0, "options"));
            script.Draft.Change(_ => changed);
        }),
        Function.Doing("showWebserverConfig", "", "print who may read what of the web server", 0, 0, static (script, _) => script.Print(Describe(script.Draft.Settings.Web))) with { IsForProcess = true, IsChange = false },
    ];

    private static void Serve(Script script, Arguments arguments)
    {
        ProcessOptions settings = script.Draft.Settings;
        System.Net.IPEndPoint address = Values.EndPoint(arguments.String(0, "address"), WebSettings.DefaultPort);
        settings = settings with { Web = settings.Web with { Address = address } };

        // What stands behind the address is of releases before 1.5.
        settings = arguments.Has(1) ? WithPassword(settings, arguments.String(1, "password")) : settings;
        settings = arguments.Has(2) ? WithApiKey(settings, arguments.String(2, "apiKey")) : settings;
        settings = arguments.Has(3) ? WithHeaders(settings, arguments[3]) : settings;
        settings = arguments.Has(4) ? WithAcl(settings, arguments[4]) : settings;
        script.Draft.Change(_ => settings);
    }

    private static Func<Script, ProcessOptions, LuaValue, ProcessOptions> Flag(string flag) => (_, settings, value) =>
        ProcessOptionTable.Table.Set(settings, flag, OptionValue.Boolean(value) ? "true" : "false");

    /// <summary>Reads a secret, which no message repeats.</summary>
    private static ProcessOptions Untold(string key, Func<ProcessOptions> read)
    {
        try
        {
            return read();
        }
        catch (FormatException exception)
        {
            throw new OptionException($"setWebserverConfig: {key}: {exception.Message}");
        }
    }

    private static ProcessOptions Web(ProcessOptions settings, Func<WebSettings, WebSettings> change) => settings with { Web = change(settings.Web) };

    private static ProcessOptions WithPassword(ProcessOptions settings, string secret) => Web(settings, web => web with { Password = Secret(secret), PasswordFile = "" });

    private static ProcessOptions WithApiKey(ProcessOptions settings, string secret) => Web(settings, web => web with { ApiKey = Secret(secret), ApiKeyFile = "" });

    /// <summary>An empty secret is none, as there.</summary>
    private static PasswordHash? Secret(string text) => text.Length == 0 ? null : PasswordHash.Parse(text);

    private static ProcessOptions WithAcl(ProcessOptions settings, LuaValue value)
    {
        string[] networks = [.. Items(value).SelectMany(static text => text.Split(',')).Select(static text => text.Trim()).Where(static text => text.Length > 0)];
        if (networks.Length == 0)
        {
            throw new FormatException("nobody could connect then: leave webserver out");
        }

        Values.Networks(networks);
        return Web(settings, web => web with { Acl = networks });
    }

    private static IEnumerable<string> Items(LuaValue value) => value is LuaTable { Fields.Count: 0 } list ? list.Items.Select(OptionValue.Text) : [OptionValue.Text(value)];

    private static ProcessOptions WithHeaders(ProcessOptions settings, LuaValue value)
    {
        if (value is not LuaTable { Items.Count: 0 } headers)
        {
            throw new FormatException("expected a table such as {[\"X-Custom\"]=\"value\"}");
        }

        settings = Web(settings, static web => web with { CustomHeaders = [] });
        return headers.Fields.Aggregate(settings, static (current, field) => ProcessOptionTable.Table.Set(current, "webserver-custom-header", $"{field.Key}:{OptionValue.Text(field.Value)}"));
    }

    /// <summary>Without a limit there are as many as there can be.</summary>
    private static ProcessOptions WithConnections(ProcessOptions settings, string number) => ProcessOptionTable.Table.Set(settings, "webserver-max-concurrent-connections", number == "0" ? "65535" : number);

    private static string Describe(WebSettings web)
    {
        var text = new StringBuilder("Current web server configuration:\n");
        text.Append($"ACL: {string.Join(", ", WebSettings.DefaultAcl.Unless(web.Acl))}\nCustom headers: {(web.CustomHeaders.Count == 0 ? "None" : "")}\n");
        foreach ((string name, string value) in web.CustomHeaders)
        {
            text.Append($" - {name}: {value}\n");
        }

        text.Append($"API requires authentication: {YesNo(web.ApiRequiresAuthentication)}\n");
        text.Append($"Dashboard requires authentication: {YesNo(web.DashboardRequiresAuthentication)}\n");
        text.Append($"Statistics require authentication: {YesNo(web.StatsRequireAuthentication)}\n");
        text.Append($"Password: {IsSet(web.Password is not null || web.PasswordFile.Length > 0)}\nAPI key: {IsSet(web.ApiKey is not null || web.ApiKeyFile.Length > 0)}\n");
        return $"{text}";

        static string YesNo(bool isSo) => isSo ? "yes" : "no";

        static string IsSet(bool isSet) => isSet ? "set" : "unset";
    }
}
