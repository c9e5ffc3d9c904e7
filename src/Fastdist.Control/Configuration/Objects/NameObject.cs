using System.Collections.Generic;
using Fastdist.Control.Configuration.Language;
using Fastdist.Dns;
using Fastdist.Lua;
using static Fastdist.Control.Configuration.Objects.ValueMethod;
using Name = Fastdist.Control.Configuration.Objects.Variable<Fastdist.Dns.DomainName>;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>A name as an object, which chopOff, append and prepend change.</summary>
internal static class NameObject
{
    /// <summary>Its methods; their first argument is the name.</summary>
    public static readonly IReadOnlyList<Function> Methods =
    [
        Doing<Name>("append", "name", "put another name behind it", 1, static (self, arguments) => self.Value = Join(self.Value, arguments.Name(1))),
        Giving<Name>("chopOff", "", "take its first label off; whether it had one", 0, static (self, _) =>
        {
            bool hadLabels = self.Value.LabelCount > 0;
            self.Value = self.Value.Parent;
            return LuaValue.Of(hadLabels);
        }),
        Giving<Name>("countLabels", "", "how many labels it has", 0, static (self, _) => LuaValue.Of(self.Value.LabelCount)),
        Giving<Name>("hash", "", "a number that is the same in any case and on any machine", 0, static (self, _) => LuaValue.Of((uint)self.Value.GetHashCode())),
        Giving<Name>("isPartOf", "name", "whether it is another name or lies below it", 1, static (self, arguments) => LuaValue.Of(self.Value.IsPartOf(arguments.Name(1)))),
        Giving<Name>("makeRelative", "name", "what stands in front of a name that it is part of", 1, static (self, arguments) => Of(self.Value.RelativeTo(arguments.Name(1)))),
        Doing<Name>("prepend", "name", "put another name in front of it", 1, static (self, arguments) => self.Value = Join(arguments.Name(1), self.Value)),
        Giving<Name>("toDNSString", "", "it in wire form", 0, static (self, _) => new LuaString(self.Value.Wire.ToArray())),
        Giving<Name>("toString", "", "it with its final dot", 0, static (self, _) => LuaValue.Of($"{self.Value}")),
        Giving<Name>("tostring", "", "it with its final dot", 0, static (self, _) => LuaValue.Of($"{self.Value}")),
        Giving<Name>("toStringNoDot", "", "it without its final dot", 0, static (self, _) => LuaValue.Of(WithoutDot(self.Value))),
        Giving<Name>("wirelength", "", "how many bytes it has in wire form", 0, static (self, _) => LuaValue.Of(self.Value.Wire.Length)),
    ];

    private static readonly LuaClass s_class = ObjectClass.Make<Name>("DNSName", "name", Methods, [], static self => $"{self.Value}");

    /// <summary>The object of a name.</summary>
    public static LuaValue Of(DomainName name) => new LuaObject(s_class, new Name(name));

    /// <summary>A name without its final dot; the root is nothing then.</summary>
    public static string WithoutDot(DomainName name) => name.ToString()[..^1];

    private static DomainName Join(DomainName front, DomainName back) =>
        front.TryAppend(back, out DomainName? joined) ? joined : throw new ScriptException($"the two have more than {Names.MaxWireLength} bytes, which is the most that a name has");
}
