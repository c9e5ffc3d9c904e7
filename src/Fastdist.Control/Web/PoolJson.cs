using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Fastdist.Cache;
using Fastdist.Proxy.Views;
using Microsoft.AspNetCore.Http;

namespace Fastdist.Control.Web;

/// <summary>Pools with the reference's keys. What it counts of a pool's cache is 0 without one, as it is there. A stale hit is one of its hits.</summary>
internal static class PoolJson
{
    private static readonly (string Key, Func<CacheFigures, long> Read)[] s_cache =
    [
        ("cacheEntries", c => c.Entries),
        ("cacheHits", c => c.Hits + c.StaleHits),
        ("cacheMisses", c => c.Misses),
        ("cacheDeferredInserts", c => c.DeferredInserts),
        ("cacheDeferredLookups", c => c.DeferredLookups),
        ("cacheLookupCollisions", c => c.LookupCollisions),
        ("cacheInsertCollisions", c => c.InsertCollisions),
        ("cacheTTLTooShorts", c => c.TtlTooShorts),
        ("cacheCleanupCount", c => c.CleanupCount),
    ];

    /// <summary>/api/v1/servers/localhost/pool?name=: one pool and its servers.</summary>
    public static Task AnswerAsync(HttpContext context, WebSource source)
    {
        if (context.Request.Query["name"] is not [{ } name])
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        if (source.Pools.FirstOrDefault(pool => pool.Name == name) is not { } pool)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return JsonAnswer.SendAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("stats");
            WriteMembers(json, pool);
            json.WriteEndObject();
            JsonAnswer.Array(json, "servers", pool.Backends.Index(), item => OverviewJson.WriteBackend(json, item.Index, item.Item, source.Rates));
            json.WriteEndObject();
        });
    }

    /// <summary>Writes what there is to say of a pool into the object that is open.</summary>
    public static void WriteMembers(Utf8JsonWriter json, PoolView pool)
    {
        json.WriteString("name", pool.Name);
        json.WriteNumber("serversCount", pool.Backends.Count);
        CacheFigures figures = pool.Cache?.Figures ?? default;
        json.WriteNumber("cacheSize", pool.Cache?.Options.MaxEntries ?? 0);
        foreach ((string key, Func<CacheFigures, long> read) in s_cache)
        {
            json.WriteNumber(key, read(figures));
        }
    }
}
