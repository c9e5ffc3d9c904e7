using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Views;
using Fastdist.Settings;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Web;

/// <summary>Metrics of pools under dnsdist's names.</summary>
internal static class PoolMetrics
{
    private static readonly (string Name, string Help, Func<PoolView, int> Read)[] s_rows =
    [
        ("dnsdist_pool_servers", "Servers of the pool.", p => p.Backends.Count),
        ("dnsdist_pool_active_servers", "Servers of the pool that are used.", p => p.Backends.Count(b => b.IsUsable)),
    ];

    public static void Write(ExpositionWriter writer, IReadOnlyList<PoolView> pools)
    {
        foreach ((string name, string help, Func<PoolView, int> read) in s_rows)
        {
            writer.Family(name, MetricKind.Gauge, help);
            foreach (PoolView pool in pools)
            {
                writer.Sample([("pool", pool.Name == PoolOptions.Default ? PoolNames.DefaultInMetrics : pool.Name)], read(pool));
            }
        }
    }
}
