using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Fastdist.Proxy.Shards;

namespace Fastdist.Proxy;

/// <summary>
/// The counters as text, one line a thing counted: <c>stats KIND key=value ...</c>, then <c>stats end</c>.
/// Read while the shards run: each number is right by itself, and they are of nearly the same moment.
/// </summary>
internal sealed class Statistics(ProxyOptions options, Shard[] shards, ConnectionCount[] connections, ConnectionCount[] backendConnections, ControlCounters control)
{
    public void Write(Action<string> write)
    {
        write(Process());
        for (int id = 0; id < shards.Length; id++)
        {
            write(OfShard(id));
        }

        foreach ((int index, string protocol) in Frontends())
        {
            write(OfFrontend(index, protocol, CountersOf(index, protocol)));
        }

        foreach (IGrouping<string, (int Index, string Protocol)> group in Frontends().GroupBy(f => f.Protocol))
        {
            write(AddLatency(new Line("latency").Add("protocol", group.Key), group.SelectMany(f => CountersOf(f.Index, f.Protocol)).Select(c => c.Latency)).ToString());
        }

        for (int backend = 0; backend < options.Backends.Count; backend++)
        {
            write(OfBackend(backend));
        }

        write("stats end");
    }

    /// <summary>Every frontend, once for each protocol that it speaks.</summary>
    private IEnumerable<(int Index, string Protocol)> Frontends() => options.Frontends.SelectMany((frontend, index) => frontend switch
    {
        { HasDatagrams: true } => new[] { (index, "UDP"), (index, "TCP") },
        { Doh: null } => [(index, "DoT")],
        _ => [(index, "DoH")],
    });

    private IEnumerable<FrontendCounters> CountersOf(int index, string protocol) =>
        shards.Select(s => (protocol == "UDP" ? s.UdpCounters : s.TcpCounters)[index]);

    private string Process()
    {
        var all = shards.SelectMany(s => s.UdpCounters.Concat(s.TcpCounters)).ToArray();
        return new Line("process")
            .Add("queries", all.Sum(c => c.Queries))
            .Add("responses", all.Sum(c => c.Responses))
            .Add("acl-drops", all.Sum(c => c.AclDrops))
            .Add("in-flight", shards.Sum(s => s.Counters.InFlight))
            .Add("reloads", control.Reloads)
            .Add("reload-failures", control.ReloadFailures)
            .Add("real-memory-usage", Environment.WorkingSet)
            .ToString();
    }

    private string OfShard(int id)
    {
        ShardCounters counters = shards[id].Counters;
        var line = new Line("shard").Add("id", id)
            .Add("turns", counters.Turns).Add("completions", counters.Completions)
            .Add("in-flight", counters.InFlight).Add("allocated-bytes", counters.AllocatedBytes);
        if (shards[id].RingCounters is { } ring)
        {
            line.Add("enters", ring.Enters).Add("udp-send-errors", ring.DatagramSendErrors)
                .Add("buffers-exhausted", ring.BuffersExhausted).Add("accept-errors", ring.AcceptErrors);
        }

        return line.ToString();
    }

    private string OfFrontend(int index, string protocol, IEnumerable<FrontendCounters> counters)
    {
        var line = new Line("frontend").Add("address", options.Frontends[index].Address.ToString()).Add("protocol", protocol);
        FrontendCounters[] all = [.. counters];
        foreach ((string name, Func<FrontendCounters, long> read) in options.Frontends[index].Tls is null ? FrontendCounters.Table : FrontendCounters.Table.Concat(FrontendCounters.TlsTable))
        {
            line.Add(name, all.Sum(read));
        }

        foreach ((string name, Func<DohCounters, long> read) in options.Frontends[index].Doh is null ? [] : DohCounters.Table)
        {
            line.Add(name, all.Sum(c => read(c.Doh!)));
        }

        line.Add("max-connections", protocol == "UDP" ? 0 : connections[index].Greatest);
        return AddLatency(line, all.Select(c => c.Latency)).ToString();
    }

    private string OfBackend(int index)
    {
        BackendOptions backend = options.Backends[index];
        var line = new Line("backend").Add("name", backend.Name).Add("address", backend.Address.ToString())
            .Add("state", shards[0].Backends[index].IsUp ? "up" : "down");
        foreach ((string name, Func<BackendCounters, long> read) in backend.Tls == BackendTransport.None ? BackendCounters.Table : BackendCounters.Table.Concat(BackendCounters.TlsTable))
        {
            line.Add(name, shards.Sum(s => read(s.Backends[index].Counters)));
        }

        line.Add("max-concurrent-connections", backendConnections[index].Greatest);
        return AddLatency(line, shards.Select(s => s.Backends[index].Counters.Latency)).ToString();
    }

    private static Line AddLatency(Line line, IEnumerable<LatencyHistogram> histograms)
    {
        var sum = new LatencyHistogram();
        foreach (LatencyHistogram histogram in histograms)
        {
            sum.Add(histogram);
        }

        return line.Add("latency-count", sum.Count).Add("latency-sum-us", sum.SumMicroseconds)
            .Add("latency-p50-us", sum.Percentile(0.5)).Add("latency-p99-us", sum.Percentile(0.99)).Add("latency-p999-us", sum.Percentile(0.999));
    }

    private sealed class Line(string kind)
    {
        private readonly StringBuilder _text = new($"stats {kind}");

        public Line Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

        public Line Add(string name, string value)
        {
            _text.Append(CultureInfo.InvariantCulture, $" {name}={value}");
            return this;
        }

        public override string ToString() => _text.ToString();
    }
}
