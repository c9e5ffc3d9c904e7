using System;
using System.Collections.Generic;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration.Drafts;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Proxy.Views;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>A frontend as an object, of the running process for one protocol that it speaks. Most of it is for running ones.</summary>
internal static class FrontendObject
{
    /// <summary>Its methods; their first argument is the frontend.</summary>
    public static readonly IReadOnlyList<Function> Methods =
    [
        Asking("getAddressAndPort", "where it listens", static view => view.Address),
        Asking("toString", "where it listens", static view => view.Address),
        Asking("getType", "what it speaks, as showBinds has it", static view => view.Protocol),
        Asking("getEffectiveTLSProvider", "the library that its TLS is from", static view => view.Options.Tls is null ? "" : "openssl"),
        Asking("getRequestedTLSProvider", "the library that was asked for", static view => view.Options.Tls is null ? "" : "openssl"),
        Asking("getConfiguredTLSProvider", "the same", static view => view.Options.Tls is null ? "" : "openssl"),
        Having("loadTicketsKeys", "file", "put the ticket keys of a file on top, the last one active", 1, static (o, view, a) =>
        {
            string file = a.String(1, "file");
            return () => o.LoadTicketKeys(view, file);
        }),
        Having("loadTicketsKey", "key", "put a ticket key on top, as the active one", 1, static (o, view, a) =>
        {
            byte[] key = a.Bytes(1, "key");
            return () => o.LoadTicketKey(view, key);
        }),
        Function.Doing("setResponsesMap", "entries", "answer requests at certain paths with what newDOHResponseMapEntry made, and with nothing else of that kind", 2, 2, SetResponsesMap),
        Having("reloadCertificates", "", "read its certificates, keys and OCSP responses again", 0, static (o, view, _) => () => o.ReloadCertificates(view)),
        Having("rotateTicketsKey", "", "make a new random ticket key the active one", 0, static (o, view, _) => () => o.RotateTicketKeys(view)),
    ];

    private static readonly LuaClass s_class = ObjectClass.Make<FrontendReference>("Frontend", "frontend", Methods, [], static frontend => frontend.Name);

    /// <summary>The object of a running frontend.</summary>
    public static LuaValue Of(FrontendView view) => new LuaObject(s_class, new FrontendReference(view.Options, view));

    /// <summary>The object of a frontend that is being written.</summary>
    public static LuaValue Of(FrontendOptions options) => new LuaObject(s_class, new FrontendReference(options));

    private static FrontendReference From(Arguments arguments) => arguments.Object<FrontendReference>(0, "frontend", "a frontend");

    private static void SetResponsesMap(Script script, Arguments arguments)
    {
        DraftFrontend frontend = From(arguments).Written(script.Draft);
        IReadOnlyList<MappedResponse> entries = MapEntryObject.From(arguments, 1);
        if (frontend.Options.Doh is null)
        {
            throw new ScriptException($"{frontend.Options.Name} is no frontend of DNS over HTTPS");
        }

        frontend.Change(options => options with { Doh = options.Doh! with { ResponsesMap = entries } });
    }

    private static Function Asking(string name, string help, Func<FrontendView, string> ask) =>
        new(name, "", help, (script, arguments) => LuaValue.Of(ask(From(arguments).Running(script.Operator)))) { Least = 1, Most = 1, IsForProcess = true };

    private static Function Having(string name, string parameters, string help, int arguments, Func<Operator, FrontendView, Arguments, Action> plan) =>
        Function.Having(name, parameters, help, arguments + 1, (o, a) => plan(o, From(a).Running(o), a));
}
