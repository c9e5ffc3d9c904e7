using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>A pool as an object. What it can do besides being there comes with the packet cache.</summary>
internal static class PoolObject
{
    private static readonly LuaClass s_class = ObjectClass.Make<PoolName>("ServerPool", "pool", [], [], static pool => pool.Name);

    /// <summary>The object of a pool.</summary>
    public static LuaValue Of(string name) => new LuaObject(s_class, new PoolName(name));

    private sealed record PoolName(string Name);
}
