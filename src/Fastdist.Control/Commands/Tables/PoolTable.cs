using System.Collections.Generic;
using System.Linq;
using Fastdist.Proxy.Views;
using Fastdist.Settings.Tables;

namespace Fastdist.Control.Commands.Tables;

/// <summary><c>showPools()</c>: one line a pool, in dnsdist's columns.</summary>
internal static class PoolTable
{
    public static string Print(IReadOnlyList<PoolView> pools)
    {
        var table = new TextTable(
            new Column("Name", 20) { IsCut = true }, new Column("Cache", 20) { IsRight = true, Position = 25 }, new Column("ServerPolicy", 20) { IsRight = true }, new Column("Servers"));
        foreach (PoolView pool in pools)
        {
            table.AddRow(pool.Name, pool.Cache is { } cache ? $"{cache.Figures.Entries}/{cache.Options.MaxEntries}" : "", PolicyNames.Of(pool.Policy), string.Join(", ", pool.Backends.Select(Describe)));
        }

        return table.ToString();
    }

    private static string Describe(BackendView server) => server.Name == server.Address ? server.Address : $"{server.Name} {server.Address}";
}
