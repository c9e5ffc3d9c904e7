using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;
using Fastdist.Tls.Certificates;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Where clients ask: setLocal, addLocal, addTLSLocal, addDOHLocal.</summary>
internal static class FrontendFunctions
{
    private const int DnsPort = 53, TlsPort = 853, HttpsPort = 443;

    private static readonly OptionReader<FrontendOptions> s_plain = Reader("addLocal", FrontendOptionTable.Table);
    private static readonly OptionReader<FrontendOptions> s_tls = TlsReader("addTLSLocal", TlsFrontendOptionTable.Table);
    private static readonly OptionReader<FrontendOptions> s_doh = TlsReader("addDOHLocal", DohFrontendOptionTable.Table)
        .With("customResponseHeaders", static (_, settings, value) => value is LuaTable headers
            ? headers.Fields.Aggregate(settings, static (current, header) => DohFrontendOptionTable.Table.Set(current, "customResponseHeaders", $"{header.Key}:{header.Value}"))
            : throw new FormatException("expected a table of NAME=\"value\""));

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        Function.Doing("setLocal", "address[, options]", "answer on this address over UDP and TCP, and on no other in the clear", 1, 4, SetLocal) with { IsForStart = true },
        Function.Doing("addLocal", "address[, options]", "answer on this address over UDP and TCP", 1, 4, AddLocal) with { IsForStart = true },
        Function.Doing("addTLSLocal", "address, certificates, keys[, options]", "answer on this address over TLS", 2, 4, AddTlsLocal) with { IsForStart = true },
        Function.Doing("addDOHLocal", "address[, certificates, keys[, paths[, options]]]", "answer on this address over HTTPS, without certificates over HTTP/2 in the clear", 1, 5, AddDohLocal) with { IsForStart = true },
        new Function("newTLSCertificate", "file[, {key=file, password=text}]", "a certificate that is not just a file beside its key", NewCertificate) { Least = 1, Most = 2 },
        .. DohFunctions.All,
    ];

    private static void SetLocal(Script script, Arguments arguments)
    {
        script.Draft.RemovePlainFrontends();
        AddLocal(script, arguments);
    }

    private static void AddLocal(Script script, Arguments arguments)
    {
        FrontendOptions start = At(script, "addLocal", arguments, DnsPort);
        Add(script, s_plain, start, PositionalOptions(arguments), static options => options);
    }

    private static void AddTlsLocal(Script script, Arguments arguments)
    {
        FrontendOptions start = At(script, "addTLSLocal", arguments, TlsPort) with { Tls = new TlsFrontendOptions { Certificates = Certificates(arguments) } };
        Add(script, s_tls, start, arguments.Options(3), TlsFrontendOptionTable.Checked);
    }

    private static void AddDohLocal(Script script, Arguments arguments)
    {
        IReadOnlyList<string> paths = arguments.Has(3) ? arguments.Strings(3, "paths") : [];
        TlsFrontendOptions tls = arguments.Has(1) ? new TlsFrontendOptions { Certificates = Certificates(arguments) } : new TlsFrontendOptions();
        FrontendOptions start = At(script, "addDOHLocal", arguments, HttpsPort) with { Doh = new DohFrontendOptions(), Tls = tls };
        start = paths.Aggregate(start, static (current, path) => DohFrontendOptionTable.Table.Set(current, "path", path));
        Add(script, s_doh, start, arguments.Options(4), DohFrontendOptionTable.Checked);
    }

    private static void Add(Script script, OptionReader<FrontendOptions> reader, FrontendOptions start, LuaTable options, Func<FrontendOptions, FrontendOptions> check)
    {
        script.Draft.Add(new DraftFrontend(check(reader.Apply(script, start, options)))
        {
            SharesPort = Says(options, "reusePort", true),
            TakesProxyHeaders = !Says(options, "enableProxyProtocol", false),
        });
    }

    private static bool Says(LuaTable options, string name, bool value) =>
        options.Fields.Any(field => $"{field.Key}" == name && field.Value is LuaBoolean boolean && boolean.Value == value);

    private static FrontendOptions At(Script script, string function, Arguments arguments, int port) =>
        new() { Address = Values.EndPoint(arguments.String(0, "address"), port), Origin = script.Origin(function) };

    /// <summary>Before 1.3 the options had no names: doTCP, reusePort, tcpFastOpenSize.</summary>
    private static LuaTable PositionalOptions(Arguments arguments)
    {
        if (arguments[1] is not LuaBoolean)
        {
            return arguments.Count > 2 ? throw arguments.Wrong(2, "more", "nothing behind the options") : arguments.Options(1);
        }

        var fields = new List<(LuaValue, LuaValue)> { (LuaValue.Of("doTCP"), arguments[1]) };
        string[] others = ["reusePort", "tcpFastOpenSize"];
        fields.AddRange(others.Select((name, i) => (LuaValue.Of(name), arguments[i + 2])).Where(static field => field.Item2 is not LuaNil));
        return new LuaTable([], fields);
    }

    private static List<TlsCertificateFile> Certificates(Arguments arguments)
    {
        LuaValue given = arguments[1];
        List<LuaValue> certificates = given is LuaTable list ? [.. list.Items] : [given];
        if (certificates.Count == 0)
        {
            throw arguments.Wrong(1, "certificates", "one certificate at least");
        }

        if (certificates.TrueForAll(static certificate => certificate is LuaObject { Target: TlsCertificateFile }))
        {
            return [.. certificates.Select(static certificate => (TlsCertificateFile)((LuaObject)certificate).Target)];
        }

        IReadOnlyList<string> files = arguments.Strings(1, "certificates"), keys = arguments.Strings(2, "keys");
        return files.Count == keys.Count
            ? [.. files.Zip(keys, static (file, key) => new TlsCertificateFile { CertificateFile = Values.NotEmpty(file), KeyFile = Values.NotEmpty(key) })]
            : throw new ScriptException($"there are {files.Count} certificates and {keys.Count} keys: give each certificate its key, in the same order");
    }

    private static LuaValue NewCertificate(Script script, Arguments arguments)
    {
        var certificate = new TlsCertificateFile { CertificateFile = Values.NotEmpty(arguments.String(0, "file")) };
        return CertificateObject.Of(CertificateObject.Options.Apply(script, certificate, arguments.Options(1)));
    }

    private static OptionReader<FrontendOptions> Reader(string function, OptionTable<FrontendOptions> table) => new OptionReader<FrontendOptions>(function, table)
        .With("reusePort", ReadByDraft)
        .With("enableProxyProtocol", ReadByDraft)
        .Renamed("tcpFastOpenSize", "tcpFastOpenQueueSize")
        .With("tcpListenQueueSize", static (_, settings, value) => OptionValue.Text(value) is "0" ? settings : FrontendOptionTable.Table.Set(settings, "tcpListenQueueSize", OptionValue.Text(value)));

    /// <summary>It says how the frontend stands to others and not what it does: <see cref="Add"/> reads it.</summary>
    private static FrontendOptions ReadByDraft(Script script, FrontendOptions settings, LuaValue value)
    {
        OptionValue.Boolean(value);
        return settings;
    }

    private static OptionReader<FrontendOptions> TlsReader(string function, OptionTable<FrontendOptions> table) => Reader(function, table)
        .With("provider", (script, settings, value) =>
        {
            if (OptionValue.Text(value).ToLowerInvariant() is not "openssl" and { } other)
            {
                script.Warn(script.Place, $"{function}: provider={other}: OpenSSL is what is linked in, and used");
            }

            return settings;
        });
}
