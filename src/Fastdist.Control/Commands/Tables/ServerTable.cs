using System;
using System.Collections.Generic;
using System.Linq;
using Fastdist.Control.Figures;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Views;

namespace Fastdist.Control.Commands.Tables;

/// <summary><c>showServers()</c>: one line a backend and their sums, in the columns of dnsdist 2.0.</summary>
internal static class ServerTable
{
    private static readonly Column s_index = new("#", 3);
    private static readonly Column s_id = new("UUID", 36);
    private static readonly Column s_name = new("Name", 20) { IsCut = true };

    private static readonly Column[] s_figures =
    [
        new("Qps", 7) { IsRight = true }, new("Qlim", 7) { IsRight = true }, new("Ord", 10) { IsRight = true }, new("Wt", 10) { IsRight = true },
        new("Queries", 10) { IsRight = true }, new("Drops", 7) { IsRight = true }, new("Drate", 5) { IsRight = true }, new("Lat", 5) { IsRight = true },
        new("TCP", 5) { IsRight = true }, new("Outstanding", 11) { IsRight = true }, new("Pools"),
    ];

    public static string Print(IReadOnlyList<BackendView> backends, Rates rates, bool showIds)
    {
        var table = showIds
            ? new TextTable([s_index, s_id, s_name, new("Address") { Position = 62 }, new("State", 5) { IsRight = true, Position = 107 }, .. s_figures])
            : new TextTable([s_index, s_name, new("Address") { Position = 25 }, new("State", 5) { IsRight = true, Position = 70 }, .. s_figures]);
        double rate = 0;
        long queries = 0, drops = 0;
        for (int i = 0; i < backends.Count; i++)
        {
            BackendView backend = backends[i];
            table.AddRow([TextTable.Number(i), .. Ids(backend.Id.ToString(), showIds), backend.Name, backend.Address, StateOf(backend), .. Figures(backend, rates.Of(backend))]);
            rate += rates.Of(backend).Queries;
            queries += Rates.QueriesOf(backend);
            drops += Rates.DropsOf(backend);
        }

        table.AddRow(["All", .. Ids("", showIds), "", "", "", TextTable.Number(rate, 1), "", "", "", TextTable.Number(queries), TextTable.Number(drops), "", "", "", "", ""]);
        return table.ToString();
    }

    private static string[] Ids(string id, bool showIds) => showIds ? [id] : [];

    /// <summary>In capitals when an operator decided, in dnsdist's way.</summary>
    private static string StateOf(BackendView backend) => backend.State switch
    {
        BackendState.Up => "up",
        BackendState.Down => "down",
        BackendState.ForcedUp => "UP",
        BackendState.ForcedDown => "DOWN",
        _ => throw new ArgumentOutOfRangeException(nameof(backend), backend.State, "no such state"),
    };

    private static string[] Figures(BackendView backend, BackendRate rate)
    {
        // Queries travel over TCP, with or without TLS, so the latency is that of dnsdist's column TCP as well.
        string latency = rate.LatencyMilliseconds == 0 ? "-" : TextTable.Number(rate.LatencyMilliseconds, 1);
        return
        [
            TextTable.Number(rate.Queries, 1), TextTable.Number(backend.Options.Qps), TextTable.Number(backend.Options.Order), TextTable.Number(backend.Options.Weight),
            TextTable.Number(Rates.QueriesOf(backend)), TextTable.Number(Rates.DropsOf(backend)), TextTable.Number(rate.Drops, 1), latency,
            latency, TextTable.Number(backend.Sum(c => c.Outstanding)), string.Join(' ', backend.Pools.Where(static pool => pool.Length > 0)),
        ];
    }
}
