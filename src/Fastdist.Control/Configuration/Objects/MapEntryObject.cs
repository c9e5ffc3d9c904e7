using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects.Rules;
using Fastdist.Lua;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>An entry of a responses map as an object.</summary>
internal static class MapEntryObject
{
    private static readonly LuaClass s_class = ObjectClass.Make<MappedResponse>("DOHResponseMapEntry", "mapentry", [], [], static entry => $"{entry}");

    /// <summary>The object of an entry.</summary>
    public static LuaValue Of(MappedResponse entry) => new LuaObject(s_class, entry);

    /// <summary>A table of entries, in the order of its keys.</summary>
    public static IReadOnlyList<MappedResponse> From(Arguments arguments, int index) =>
        [.. RuleArguments.InOrder(arguments.Table(index, "entries")).Select(static item => item is LuaObject { Target: MappedResponse entry }
            ? entry
            : throw new Arguments([item]).Wrong(0, "entries", "what newDOHResponseMapEntry made in each place of the table"))];
}
