using System;
using System.Collections.Generic;
using System.Linq;

namespace Fastdist.Architecture.Tests;

/// <summary>The rooms and the arrows between them, bottom up: a room may use some of those listed before it, and nothing sideways.</summary>
internal static class House
{
    /// <summary>What each assembly under <c>src</c> may refer to.</summary>
    public static readonly IReadOnlyList<Room> Assemblies =
    [
        new("Fastdist.Dns"),
        new("Fastdist.Http"),
        new("Fastdist.Lua"),
        new("Fastdist.Ring"),
        new("Fastdist.Tls"),
        new("Fastdist.Streams", "Fastdist.Ring", "Fastdist.Tls"),
        new("Fastdist.Settings", "Fastdist.Dns", "Fastdist.Http", "Fastdist.Ring", "Fastdist.Tls"),
        new("Fastdist.Rules", "Fastdist.Dns", "Fastdist.Http", "Fastdist.Ring", "Fastdist.Settings"),
        new("Fastdist.Cache", "Fastdist.Dns", "Fastdist.Settings"),
        new("Fastdist.Proxy", "Fastdist.Cache", "Fastdist.Dns", "Fastdist.Http", "Fastdist.Ring", "Fastdist.Tls", "Fastdist.Streams", "Fastdist.Settings", "Fastdist.Rules"),
        new("Fastdist.Control", "Fastdist.Cache", "Fastdist.Lua", "Fastdist.Proxy", "Fastdist.Rules"),
        new("Fastdist", "Fastdist.Control"),
    ];

    /// <summary>What each namespace of the assemblies that have several rooms may use of the others of its assembly; folders further down are part of the room.</summary>
    public static readonly IReadOnlyList<Room> Namespaces =
    [
        new("Fastdist.Settings.Rules"),
        new("Fastdist.Settings", "Fastdist.Settings.Rules"),
        new("Fastdist.Settings.Tables", "Fastdist.Settings", "Fastdist.Settings.Rules"),

        new("Fastdist.Cache.Storage"),
        new("Fastdist.Cache.Answers"),
        new("Fastdist.Cache", "Fastdist.Cache.Storage", "Fastdist.Cache.Answers"),

        new("Fastdist.Rules.Addresses"),
        new("Fastdist.Rules.Patterns"),
        new("Fastdist.Rules.Responses", "Fastdist.Rules.Patterns"),
        new("Fastdist.Rules.Rates", "Fastdist.Rules.Addresses"),
        new("Fastdist.Rules.Blocks", "Fastdist.Rules.Addresses"),
        new("Fastdist.Rules.Selectors", "Fastdist.Rules.Patterns", "Fastdist.Rules.Rates"),
        new("Fastdist.Rules.Actions", "Fastdist.Rules.Rates", "Fastdist.Rules.Selectors"),
        new("Fastdist.Rules.Chains", "Fastdist.Rules.Patterns", "Fastdist.Rules.Rates", "Fastdist.Rules.Selectors", "Fastdist.Rules.Actions"),

        new("Fastdist.Proxy.Files"),
        new("Fastdist.Proxy.Counters"),
        new("Fastdist.Proxy.Limits"),
        new("Fastdist.Proxy.InFlight", "Fastdist.Proxy.Counters"),
        new("Fastdist.Proxy.Machines", "Fastdist.Proxy.InFlight"),
        new("Fastdist.Proxy.Gates", "Fastdist.Proxy.Counters", "Fastdist.Proxy.InFlight", "Fastdist.Proxy.Machines"),
        new("Fastdist.Proxy.Backends", "Fastdist.Proxy.Files", "Fastdist.Proxy.Counters", "Fastdist.Proxy.Limits", "Fastdist.Proxy.InFlight", "Fastdist.Proxy.Machines"),
        new("Fastdist.Proxy.Pools", "Fastdist.Proxy.InFlight", "Fastdist.Proxy.Machines", "Fastdist.Proxy.Backends"),
        new("Fastdist.Proxy.Frontends", "Fastdist.Proxy.Files", "Fastdist.Proxy.Counters", "Fastdist.Proxy.Limits", "Fastdist.Proxy.InFlight", "Fastdist.Proxy.Machines", "Fastdist.Proxy.Gates"),
        new("Fastdist.Proxy.Shards",
            "Fastdist.Proxy.Counters", "Fastdist.Proxy.InFlight", "Fastdist.Proxy.Machines", "Fastdist.Proxy.Gates", "Fastdist.Proxy.Backends", "Fastdist.Proxy.Pools",
            "Fastdist.Proxy.Frontends"),
        new("Fastdist.Proxy.Views", "Fastdist.Proxy.Counters", "Fastdist.Proxy.Backends", "Fastdist.Proxy.Frontends"),
        new("Fastdist.Proxy",
            "Fastdist.Proxy.Files", "Fastdist.Proxy.Counters", "Fastdist.Proxy.InFlight", "Fastdist.Proxy.Machines", "Fastdist.Proxy.Gates", "Fastdist.Proxy.Backends",
            "Fastdist.Proxy.Pools", "Fastdist.Proxy.Frontends", "Fastdist.Proxy.Shards", "Fastdist.Proxy.Views"),

        new("Fastdist.Control.Logging"),
        new("Fastdist.Control.Figures"),
        new("Fastdist.Control.Secrets"),
        new("Fastdist.Control.Dialogue"),
        new("Fastdist.Control.Commands.Tables", "Fastdist.Control.Figures"),
        new("Fastdist.Control.Commands", "Fastdist.Control.Commands.Tables", "Fastdist.Control.Figures", "Fastdist.Control.Secrets", "Fastdist.Control.Dialogue"),
        new("Fastdist.Control.Configuration.Dnsdist"),
        new("Fastdist.Control.Configuration.Drafts"),
        new("Fastdist.Control.Configuration.Language", "Fastdist.Control.Commands", "Fastdist.Control.Configuration.Dnsdist", "Fastdist.Control.Configuration.Drafts"),
        new("Fastdist.Control.Configuration.Objects", "Fastdist.Control.Commands", "Fastdist.Control.Figures", "Fastdist.Control.Configuration.Dnsdist", "Fastdist.Control.Configuration.Drafts", "Fastdist.Control.Configuration.Language"),
        new("Fastdist.Control.Configuration.Functions",
            "Fastdist.Control.Configuration.Dnsdist", "Fastdist.Control.Configuration.Drafts", "Fastdist.Control.Configuration.Language", "Fastdist.Control.Configuration.Objects",
            "Fastdist.Control.Secrets", "Fastdist.Control.Commands"),
        new("Fastdist.Control.Configuration",
            "Fastdist.Control.Configuration.Dnsdist", "Fastdist.Control.Configuration.Drafts", "Fastdist.Control.Configuration.Language", "Fastdist.Control.Configuration.Objects",
            "Fastdist.Control.Configuration.Functions", "Fastdist.Control.Commands", "Fastdist.Control.Dialogue"),
        new("Fastdist.Control.Consoles.Interop"),
        new("Fastdist.Control.Consoles.Editing", "Fastdist.Control.Consoles.Interop"),
        new("Fastdist.Control.Consoles", "Fastdist.Control.Consoles.Interop", "Fastdist.Control.Consoles.Editing", "Fastdist.Control.Figures", "Fastdist.Control.Secrets", "Fastdist.Control.Dialogue"),
        new("Fastdist.Control.Web", "Fastdist.Control.Figures", "Fastdist.Control.Secrets"),

        new("Fastdist.Options"),
        new("Fastdist", "Fastdist.Options"),
    ];

    /// <summary>The room that a namespace is part of; null when it is in none.</summary>
    public static Room? RoomOf(string name) => Nearest(Namespaces, name) is { } room && AssemblyOf(room.Name) == AssemblyOf(name) ? room : null;

    /// <summary>The assembly that a namespace belongs to.</summary>
    public static Room? AssemblyOf(string name) => Nearest(Assemblies, name);

    private static Room? Nearest(IEnumerable<Room> rooms, string name) => rooms
        .Where(room => name == room.Name || name.StartsWith($"{room.Name}.", StringComparison.Ordinal))
        .MaxBy(room => room.Name.Length);
}

/// <summary>A room, and what it may use.</summary>
internal sealed record Room(string Name, params string[] MayUse)
{
    public bool Allows(Room other) => other == this || Array.IndexOf(MayUse, other.Name) >= 0;
}
