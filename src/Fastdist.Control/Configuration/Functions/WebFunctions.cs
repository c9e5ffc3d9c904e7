using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>The web server.</summary>
internal static class WebFunctions
{
    private const string Prefix = "webserver-";

    private static readonly OptionReader<ProcessOptions> s_options = new OptionReader<ProcessOptions>("setWebserverConfig", new OptionTable<ProcessOptions>())
        .With("password", static (_, settings, value) => With(settings, web => web with { Password = Credential(value), PasswordFile = "" }))
        .With("apiKey", static (_, settings, value) => With(settings, web => web with { ApiKey = Credential(value), ApiKeyFile = "" }))
        .With("acl", static (_, settings, value) => Networks(value).Aggregate(With(settings, static web => web with { Acl = [] }), static (current, network) => Set(current, "acl", network)))
        .With("customHeaders", static (_, settings, value) => value is LuaTable { Items.Count: 0 } headers
            ? headers.Fields.Aggregate(With(settings, static web => web with { CustomHeaders = [] }), static (current, header) => Set(current, "custom-header", $"{header.Key}:{header.Value}"))
            : throw new FormatException("expected a table of NAME=\"value\""))
        .With("statsRequireAuthentication", Flag("stats-require-authentication"))
        .With("apiRequiresAuthentication", Flag("api-requires-authentication"))
        .With("dashboardRequiresAuthentication", Flag("dashboard-requires-authentication"))
        .With("allowCrossOriginRequests", Flag("allow-cross-origin-requests"))
        .With("maxConcurrentConnections", Flag("max-concurrent-connections"));

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Function.Doing("webserver", "address[, password[, apiKey[, customHeaders[, acl]]]]", "show a page, metrics and an API on this address, port 8083", 1, 5, static (script, arguments) =>
        {
            string address = arguments.String(0, "address");
            ProcessOptions changed = OptionReader<ProcessOptions>.Set(ProcessOptionTable.Table, script.Draft.Settings, "webserver", address);
            changed = s_options.Apply(script, changed, Positional(arguments));
            script.Draft.Change(_ => changed);
        }) with { IsForStart = true },
        Function.Doing("setWebserverConfig", "{password=, apiKey=, acl=, ...}", "who may see what of the page, metrics and API", 1, 1, static (script, arguments) =>
        {
            ProcessOptions changed = s_options.Apply(script, script.Draft.Settings, arguments.Options(0));
            script.Draft.Change(_ => changed);
        }),
    ];

    /// <summary>Before 1.8 the web server's settings were arguments without names.</summary>
    private static LuaTable Positional(Arguments arguments)
    {
        string[] names = ["password", "apiKey", "customHeaders", "acl"];
        return new LuaTable([], [.. names.Select((name, i) => (LuaValue.Of(name), arguments[i + 1])).Where(static field => field.Item2 is not LuaNil)]);
    }

    private static Func<Script, ProcessOptions, LuaValue, ProcessOptions> Flag(string flag) => (_, settings, value) => Set(settings, flag, OptionReader<ProcessOptions>.Text(value));

    private static ProcessOptions Set(ProcessOptions settings, string flag, string value) => OptionReader<ProcessOptions>.Set(ProcessOptionTable.Table, settings, Prefix + flag, value);

    private static ProcessOptions With(ProcessOptions settings, Func<WebSettings, WebSettings> change) => settings with { Web = change(settings.Web) };

    // An empty one is none, as in dnsdist.
    private static PasswordHash? Credential(LuaValue value) => OptionReader<ProcessOptions>.Text(value) is { Length: > 0 } secret ? PasswordHash.Parse(secret) : null;

    private static IEnumerable<string> Networks(LuaValue value) => value is LuaTable { Fields.Count: 0 } list
        ? list.Items.Select(OptionReader<ProcessOptions>.Text)
        : OptionReader<ProcessOptions>.Text(value).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
