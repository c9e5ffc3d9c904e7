using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Dnsdist;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>The numbers that dnsdist gives names to.</summary>
internal static class ConstantTables
{
    /// <summary>Gives them to a script.</summary>
    public static void Define(Script script)
    {
        foreach ((string table, IReadOnlyList<(string Name, int Value)> values) in Constants.Tables)
        {
            script.Define(table, new LuaTable([], [.. values.Select(static value => (LuaValue.Of(value.Name), LuaValue.Of(value.Value)))]));
        }
    }
}
