using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Fastdist.Integration.Tests.Harness;

namespace Fastdist.Integration.Tests.Consoles.Scenarios;

/// <summary>fastdist with a console, a UDP and TCP frontend, one for DNS over TLS, and one backend, all counters at zero but for the backend's connections.</summary>
internal sealed class Scene
{
    private readonly RogueBackend _backend;

    private Scene(Lab lab, RogueBackend backend, FastdistProcess fastdist, int shards) =>
        (Lab, _backend, Fastdist, Shards) = (lab, backend, fastdist, shards);

    public Lab Lab { get; }

    public FastdistProcess Fastdist { get; }

    public int Shards { get; }

    public string Console => ConsoleOf(Lab);

    /// <summary>Starts it with this backend, and waits until each shard has its connection.</summary>
    /// <param name="lab">The test's world.</param>
    /// <param name="shards">How many shards.</param>
    /// <param name="backend">Its only backend, not checked.</param>
    /// <param name="server">Options of the backend.</param>
    /// <param name="tls">Options of the TLS frontend besides its certificate.</param>
    /// <param name="flags">Further flags.</param>
    public static async Task<Scene> StartAsync(Lab lab, int shards, RogueBackend backend, string server = "", string tls = "", params string[] flags)
    {
        // Without a session to resume, all connections begin alike; of two shards the later one might find the other's.
        Scene scene = await StartUnconnectedAsync(
            lab, shards, backend, server, tls, ["--outgoing-tls-sessions-cache-max-tickets-per-backend", "0", .. flags]);
        await scene.ConnectedAsync();
        return scene;
    }

    /// <inheritdoc cref="StartAsync"/>
    public static async Task<Scene> StartUnconnectedAsync(
        Lab lab, int shards, RogueBackend backend, string server = "", string tls = "", params string[] flags)
    {
        string certificate = lab.Certificate(lab.Authority.Issue(Lab.BackendName));
        FastdistProcess fastdist = await lab.DotAsync(
            tls.Length > 0 ? $"{certificate},{tls}" : certificate,
            [
                "--server", lab.Unchecked(backend, "one", [.. server.Split(',', System.StringSplitOptions.RemoveEmptyEntries)]),
                "--shards", $"{shards}", "--control-socket", ConsoleOf(lab), .. flags,
            ]);
        return new Scene(lab, backend, fastdist, shards);
    }

    /// <summary>Waits until each shard has a connection to the backend.</summary>
    public Task ConnectedAsync() => Fastdist.CountedAsync(
        counters => counters.Backend("one")["current-connections"] == Shards, $"{Shards} connections to the backend");

    /// <summary>A query of a client of its own over one of the three transports, and the code of its answer.</summary>
    public async Task<Rcode> AskAsync(string transport, byte[] query) => (transport switch
    {
        "udp" => await DnsUdpClient.AskAsync(Fastdist.Listen, query),
        "tcp" => await DnsTcpClient.AskAsync(Fastdist.Listen, query),
        _ => await DotClient.AskAsync(Fastdist.Tls, query),
    }).Rcode;

    /// <summary>Waits until this many client connections have ended.</summary>
    public Task EndedAsync(int tcp = 0, int dot = 0) => Fastdist.CountedAsync(
        counters => counters.Tcp("ended-connections") == tcp && counters.Dot("ended-connections") == dot, $"the end of {tcp} TCP and {dot} DoT connections");

    /// <summary>Waits until every shard has handled whatever is in its sockets now.</summary>
    public async Task HandledAsync()
    {
        long[] before = Turns(await Fastdist.CountersAsync());
        await Fastdist.CountedAsync(counters => Turns(counters).Zip(before, (now, then) => now - then).All(turns => turns >= 2), "two turns of each shard");

        static long[] Turns(Counters counters) => [.. counters.Shards.Select(shard => shard["turns"])];
    }

    /// <summary>
    /// Reads the table: each row has these values and zeros besides. The backend has a connection for each shard and reused
    /// them for all but each one's first query, unless its values say otherwise.
    /// </summary>
    public async Task<TcpStats> CheckAsync(
        (string, string)[]? udp = null, (string, string)[]? tcp = null, (string, string)[]? dot = null, (string, string)[]? backend = null)
    {
        TcpStats stats = await TcpStats.AskAsync(Console);
        string shards = Text(Shards);
        stats.Workers.Holds("workers", ("Workers", shards), ("Max Workers", shards));
        stats.Frontends[0].Holds("UDP", udp ?? []);
        stats.Frontends[1].Holds("TCP", tcp ?? []);
        stats.Frontends[2].Holds("DoT", dot ?? []);
        int reused = _backend.Sessions.Sum(session => System.Math.Max(session.Received.Count - 1, 0));
        IEnumerable<(string, string)> idle =
            [("Connections", shards), ("Max concurrent conn", shards), ("Total connections", shards), ("Reused connections", Text(reused))];
        stats.Backends.Single().Holds("backend", idle.Concat(backend ?? []));
        return stats;
    }

    /// <summary>A whole number as the tables print it.</summary>
    public static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An average as the tables print it.</summary>
    public static string Mean(double sum, int count) => (sum / count).ToString("F6", CultureInfo.InvariantCulture);

    private static string ConsoleOf(Lab lab) => lab.Scratch.PathOf("console");
}
