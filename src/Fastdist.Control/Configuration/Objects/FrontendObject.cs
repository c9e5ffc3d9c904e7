using System;
using System.Collections.Generic;
using Fastdist.Control.Commands;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Proxy.Views;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>A frontend of the running process as an object, for one protocol that it speaks.</summary>
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
        Having("reloadCertificates", "", "read its certificates, keys and OCSP responses again", 0, static (o, view, _) => () => o.ReloadCertificates(view)),
        Having("rotateTicketsKey", "", "make a new random ticket key the active one", 0, static (o, view, _) => () => o.RotateTicketKeys(view)),
    ];

    private static readonly LuaClass s_class = ObjectClass.Make<FrontendView>("Frontend", "frontend", Methods, [], static view => view.Address);

    /// <summary>The object of a frontend.</summary>
    public static LuaValue Of(FrontendView view) => new LuaObject(s_class, view);

    private static FrontendView From(Arguments arguments) => arguments.Object<FrontendView>(0, "frontend", "a frontend");

    private static Function Asking(string name, string help, Func<FrontendView, string> ask) =>
        new(name, "", help, (_, arguments) => LuaValue.Of(ask(From(arguments)))) { Least = 1, Most = 1, IsForProcess = true };

    private static Function Having(string name, string parameters, string help, int arguments, Func<Operator, FrontendView, Arguments, Action> plan) =>
        Function.Having(name, parameters, help, arguments + 1, (o, a) => plan(o, From(a), a));
}
