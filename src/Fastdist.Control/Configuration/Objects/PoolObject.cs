using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Configuration.Language;
using Fastdist.Lua;
using Fastdist.Settings;

namespace Fastdist.Control.Configuration.Objects;

/// <summary>A pool as an object.</summary>
internal static class PoolObject
{
    /// <summary>Its methods; their first argument is the pool.</summary>
    public static readonly IReadOnlyList<Function> Methods =
    [
        Doing("setCache", "cache", "ask this cache first; pools may have the same one", 1, static (script, pool, arguments) =>
        {
            CacheOptions cache = CacheObject.From(arguments, 1);
            script.Draft.SetUpPool(pool, options => options with { Cache = cache });
        }),
        Doing("unsetCache", "", "ask no cache any more", 0, static (script, pool, _) =>
        {
            if (CacheOf(script, pool) is not null)
            {
                script.Draft.SetUpPool(pool, static options => options with { Cache = null });
            }
        }),
        new Function("getCache", "", "the cache that is asked first; nil for none", static (script, arguments) =>
            CacheOf(script, From(arguments)) is { } cache ? CacheObject.Of(cache) : LuaValue.Nil) { Least = 1, Most = 1 },
    ];

    private static readonly LuaClass s_class = ObjectClass.Make<PoolName>("ServerPool", "pool", Methods, [], static pool => pool.Name);

    /// <summary>The object of a pool.</summary>
    public static LuaValue Of(string name) => new LuaObject(s_class, new PoolName(name));

    private static CacheOptions? CacheOf(Script script, string pool) => script.Draft.Settings.Proxy.Pools.FirstOrDefault(options => options.Name == pool)?.Cache;

    private static string From(Arguments arguments) => arguments.Object<PoolName>(0, "pool", "a pool that getPool gave").Name;

    private static Function Doing(string name, string parameters, string help, int count, Action<Script, string, Arguments> run) =>
        Function.Doing(name, parameters, help, 1 + count, 1 + count, (script, arguments) => run(script, From(arguments), arguments));

    private sealed record PoolName(string Name);
}
