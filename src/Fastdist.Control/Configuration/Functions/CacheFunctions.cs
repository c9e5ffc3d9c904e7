using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Cache;
using Fastdist.Control.Configuration.Language;
using Fastdist.Control.Configuration.Objects;
using Fastdist.Lua;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Configuration.Functions;

/// <summary>Packet caches, which pools are given.</summary>
internal static class CacheFunctions
{
    /// <summary>Arguments that the function took before its options had names (1.4).</summary>
    private const int MostOldArguments = 10;

    private static readonly OptionReader<CacheOptions> s_options = new OptionReader<CacheOptions>("newPacketCache", CacheOptionTable.Table)
        .With("parseECS", static (_, cache, value) =>
        {
            OptionValue.Boolean(value);
            return cache;
        });

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Function> All =
    [
        new Function("newPacketCache", "entries[, options]", "a cache of so many answers, which pool:setCache gives a pool", static (script, arguments) => CacheObject.Of(Make(script, arguments))) { Least = 1, Most = MostOldArguments },
        Function.Setting("setStaleCacheEntriesTTL", "seconds after its end that an answer may be given when no server answers; 0 is for never", "cache-stale-for", "seconds"),
        Function.Setting("setStaleAnswerClientTimeout", "milliseconds after which such an answer is given though servers may still answer; 0 is for only when they do not", "cache-stale-client-timeout", "milliseconds"),
        Function.Setting("setCacheCleaningDelay", "seconds between two searches of caches for answers whose time is over", "cache-cleaning-delay", "seconds"),
        Function.Setting("setCacheCleaningPercentage", "percent of a cache's entries that are free when such a search ends early", "cache-cleaning-percentage", "percent"),
    ];

    private static CacheOptions Make(Script script, Arguments arguments)
    {
        int entries = arguments.Integer(0, "entries", 1, CacheOptions.MostEntries);
        if (arguments.Count > 2 || (arguments.Has(1) && arguments[1] is not LuaTable))
        {
            throw new ScriptException("expected a table of key=value behind the number of entries: the row of numbers that dnsdist had before 1.4 is written by name, as in {maxTTL=86400, minTTL=0}");
        }

        CacheOptions cache = s_options.Apply(script, new CacheOptions { MaxEntries = entries }, arguments.Options(1));
        if (PacketCache.ProblemWith(cache) is { Length: > 0 } problem)
        {
            throw new ScriptException(problem);
        }

        if (cache.Shards > entries && arguments.Options(1).Fields.Any(static field => $"{field.Key}" == "numberOfShards"))
        {
            script.Warn(script.Place, $"newPacketCache: numberOfShards={cache.Shards}: a cache of {entries} entries has no more parts than that");
            cache = cache with { Shards = Math.Min(cache.Shards, entries) };
        }

        return cache with { Number = script.CountCache() };
    }
}
