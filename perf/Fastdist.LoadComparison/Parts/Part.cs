using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Fastdist.LoadComparison.Backends;
using Fastdist.LoadComparison.Peers;

namespace Fastdist.LoadComparison.Parts;

/// <summary>What every part measures with.</summary>
internal sealed record Bench(Settings Settings, Backend Backend, Certificates Certificates, Peer[] Peers);

/// <summary>One kind of measurement over all proxies, and its tables in the results.</summary>
internal abstract class Part
{
    /// <summary>The names --parts takes: the query paths and the parts about TLS sessions.</summary>
    public static readonly string[] Names = [.. QueryPath.All.Select(path => path.Name), "handshake", "idle", "flood", "scrape"];

    /// <summary>Whether figures vary so much from run to run that each round has to take them anew.</summary>
    public virtual bool EveryRound => true;

    /// <summary>Measures each proxy once.</summary>
    public abstract void Run(int round);

    public abstract void Write(StringBuilder text);

    /// <summary>Makes the parts that were asked for, in the order of the tables.</summary>
    public static Part[] Choose(Bench bench)
    {
        var names = bench.Settings.Parts;
        if (names.FirstOrDefault(name => !Names.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw new ComparisonException($"--parts {unknown}: not one of {string.Join(", ", Names)}");
        }
        var clients = new Lazy<TlsClients>(() => new TlsClients(bench.Settings));
        var parts = new List<Part>();
        if (bench.Settings.Paths.Length > 0)
        {
            parts.Add(new LoadPart(bench));
        }
        if (names.Contains("handshake", StringComparer.Ordinal))
        {
            parts.Add(new HandshakePart(bench, clients.Value));
        }
        if (names.Contains("idle", StringComparer.Ordinal))
        {
            parts.Add(new IdlePart(bench, clients.Value));
        }
        if (names.Contains("flood", StringComparer.Ordinal))
        {
            parts.Add(new FloodPart(bench, clients.Value));
        }
        if (names.Contains("scrape", StringComparer.Ordinal))
        {
            parts.Add(new ScrapePart(bench));
        }
        return [.. parts];
    }
}
