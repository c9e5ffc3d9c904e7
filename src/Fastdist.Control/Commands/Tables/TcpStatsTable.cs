using System;
using System.Collections.Generic;
using Fastdist.Proxy.Counters;
using Fastdist.Proxy.Views;

namespace Fastdist.Control.Commands.Tables;

/// <summary><c>showTCPStats()</c>: connections and what became of them, in the columns of dnsdist 2.0.</summary>
internal static class TcpStatsTable
{
    private const int Decimals = 6;

    public static string Print(int shards, IReadOnlyList<FrontendView> frontends, IReadOnlyList<BackendView> backends) =>
        $"{Workers(shards)}\nFrontends:\n{Frontends(frontends)}\nBackends:\n{Backends(backends)}";

    // Connections do not queue for a worker: each shard accepts its own.
    private static string Workers(int shards)
    {
        var table = new TextTable(new("Workers", 12), new("Max Workers", 12), new("Queued", 12), new("Max Queued", 12));
        table.AddRow(TextTable.Number(shards), TextTable.Number(shards), "0", "0");
        return table.ToString();
    }

    private static string Frontends(IReadOnlyList<FrontendView> frontends)
    {
        var table = new TextTable(
            new("#", 3), new("Address", 20) { IsCut = true }, new("Connections", 20), new("Max concurrent conn", 20), new("Died reading query", 20),
            new("Died sending response", 25), new("Gave up", 20), new("Client timeouts", 20), new("Downstream timeouts", 20), new("Avg queries/conn", 20),
            new("Avg duration", 20), new("Avg read IOs/conn", 20), new("TLS new sessions", 20), new("TLS Resumptions", 25), new("TLS unknown ticket keys", 25),
            new("TLS inactive ticket keys", 15), new("TLS 1.0", 15), new("TLS 1.1", 15), new("TLS 1.2", 15), new("TLS 1.3", 15), new("TLS other", 15));
        for (int i = 0; i < frontends.Count; i++)
        {
            FrontendView frontend = frontends[i];
            string Sum(Func<FrontendCounters, long> read) => TextTable.Number(frontend.Sum(read));
            table.AddRow(
                TextTable.Number(i), frontend.Address, Sum(c => c.CurrentConnections), TextTable.Number(frontend.MaxConnections), Sum(c => c.DiedReadingQuery),
                Sum(c => c.DiedSendingResponse), Sum(c => c.GaveUp), Sum(c => c.ClientTimeouts), Sum(c => c.DownstreamTimeouts),
                TextTable.Number(frontend.MeanOfEnded(c => c.EndedQueries), Decimals), TextTable.Number(frontend.MeanOfEnded(c => c.EndedMilliseconds), Decimals),
                TextTable.Number((long)Math.Round(frontend.MeanOfEnded(c => c.EndedReadIos))), Sum(c => c.TlsNewSessions), Sum(c => c.TlsResumptions),
                Sum(c => c.TlsUnknownTicketKeys), Sum(c => c.TlsInactiveTicketKeys), Sum(c => c.Tls10Queries), Sum(c => c.Tls11Queries), Sum(c => c.Tls12Queries),
                Sum(c => c.Tls13Queries), "0");
        }

        return table.ToString();
    }

    private static string Backends(IReadOnlyList<BackendView> backends)
    {
        var table = new TextTable(
            new("#", 3), new("Name", 20) { IsCut = true }, new("Address", 20) { IsCut = true }, new("Connections", 20), new("Max concurrent conn", 20),
            new("Died sending query", 25), new("Died reading response", 25), new("Gave up", 20), new("Read timeouts", 20), new("Write timeouts", 20),
            new("Connect timeouts", 20), new("Too many conn", 20), new("Total connections", 20), new("Reused connections", 20), new("TLS resumptions", 20),
            new("Avg queries/conn", 20), new("Avg duration", 20));
        for (int i = 0; i < backends.Count; i++)
        {
            BackendView backend = backends[i];
            string Sum(Func<BackendCounters, long> read) => TextTable.Number(backend.Sum(read));
            table.AddRow(
                TextTable.Number(i), backend.Name, backend.Address, Sum(c => c.CurrentConnections), TextTable.Number(backend.MaxConnections),
                Sum(c => c.DiedSendingQuery), Sum(c => c.DiedReadingResponse), Sum(c => c.GaveUp), Sum(c => c.ReadTimeouts), Sum(c => c.WriteTimeouts),
                Sum(c => c.ConnectTimeouts), Sum(c => c.TooManyConnections), Sum(c => c.NewConnections), Sum(c => c.ReusedConnections), Sum(c => c.TlsResumptions),
                TextTable.Number(backend.MeanOfEnded(c => c.EndedQueries), Decimals), TextTable.Number(backend.MeanOfEnded(c => c.EndedMilliseconds), Decimals));
        }

        return table.ToString();
    }
}
