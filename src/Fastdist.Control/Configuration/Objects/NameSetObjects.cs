using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Dns;
using Fastdist.Lua;
using static Fastdist.Control.Configuration.Objects.ValueMethod;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>Sets of names as objects.</summary>
internal static class NameSetObjects
{
    /// <summary>Methods of a set of names, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> NameMethods =
    [
        Doing<NameSet>("add", "name | {name, ...}", "put names into it", 1, static (self, arguments) => ForEachName(arguments, self.Add)),
        Giving<NameSet>("check", "name", "whether a name is in it", 1, static (self, arguments) => LuaValue.Of(self.Contains(arguments.Name(1).Wire))),
        Doing<NameSet>("clear", "", "take all names out", 0, static (self, _) => self.Clear()),
        Giving<NameSet>("delete", "name", "take a name out; how many were", 1, static (self, arguments) => LuaValue.Of(self.Remove(arguments.Name(1)) ? 1 : 0)),
        Giving<NameSet>("empty", "", "whether no name is in it", 0, static (self, _) => LuaValue.Of(self.Count == 0)),
        Giving<NameSet>("size", "", "how many names are in it", 0, static (self, _) => LuaValue.Of(self.Count)),
        Giving<NameSet>("toString", "", "its names, one a line", 0, static (self, _) => LuaValue.Of(Text(self))),
    ];

    private static readonly LuaClass s_names = ObjectClass.Make<NameSet>("DNSNameSet", "nameset", NameMethods, [], Text);

    /// <summary>Methods of a set of suffixes, which is their first argument.</summary>
    public static readonly IReadOnlyList<Function> SuffixMethods =
    [
        Doing<SuffixSet>("add", "name | {name, ...}", "put names into it, which stand for all below them", 1, static (self, arguments) => ForEachName(arguments, self.Add)),
        Giving<SuffixSet>("check", "name", "whether a name is in it or below one that is", 1, static (self, arguments) => LuaValue.Of(self.Matches(arguments.Name(1).Wire))),
        Giving<SuffixSet>("getBestMatch", "name", "the longest name in it that a name is part of", 1, static (self, arguments) =>
            self.TryFindBest(arguments.Name(1), out DomainName? best) ? NameObject.Of(best) : LuaValue.Nil),
        Doing<SuffixSet>("remove", "name | {name, ...}", "take names out", 1, static (self, arguments) => ForEachName(arguments, self.Remove)),
    ];

    private static readonly LuaClass s_suffixes = ObjectClass.Make<SuffixSet>("SuffixMatchNode", "suffixset", SuffixMethods, [], static self => string.Join(", ", self.All.Order()));

    /// <summary>The object of a set of names.</summary>
    public static LuaValue Of(NameSet names) => new LuaObject(s_names, names);

    /// <summary>The object of a set of suffixes.</summary>
    public static LuaValue Of(SuffixSet suffixes) => new LuaObject(s_suffixes, suffixes);

    private static void ForEachName(Arguments arguments, Func<DomainName, bool> put)
    {
        foreach (DomainName name in arguments.Names(1))
        {
            put(name);
        }
    }

    private static string Text(NameSet set) => string.Concat(set.All.Order().Select(static name => $"{NameObject.WithoutDot(name)}\n"));
}
