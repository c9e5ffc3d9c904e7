using System.Linq;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Proxy.Pools;
using Fastdist.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fastdist.Benchmarks;

/// <summary>
/// A backend chosen among so many, all of them ready, at its dearest: in a turn of its own, and after the load of another one has
/// changed.
/// </summary>
public class PoolChoices
{
    private const int Names = 1024;

    private readonly InFlightTable _table = new(1, 0);
    private readonly byte[][] _names = [.. Enumerable.Range(0, Names).Select(static i => Name($"host{i}"))];
    private ShardClock _clock = null!;
    private Pool _pool = null!;
    private Backend[] _members = [];
    private Backend? _chosen;
    private long _now = 1L << 50;
    private int _number;

    [Params("leastOutstanding", "firstAvailable", "roundrobin", "wrandom", "chashed")]
    public string Policy { get; set; } = "";

    [Params(1, 16, 64, 256)]
    public int Members { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var options = new ProxyOptions { Frontends = [], Backends = [] };
        var shard = new ShardContext(0, options, Machine.Real, NullLogger.Instance, _table) { Ring = new SilentRing() };
        var set = new BackendSet();
        _clock = shard.Clock;
        _pool = new Pool(KindOf(Policy), options.Balancing, _clock, shard.Random);
        _members = [.. Enumerable.Range(0, Members).Select(slot => new Backend(shard, new SharedBackend(slot, Settings(slot), shards: 1), null, share: 0, set))];
        foreach (Backend member in _members)
        {
            member.EnsureConnected();
            member.Connections[0].Connected(0);
            member.Hear();
            _pool.Add(member);
        }

        _pool.Use(KindOf(Policy), new HashCircle([.. _members.Select(static member => member.Shared)], seed: 1));
    }

    [Benchmark]
    public void Choose()
    {
        _clock.Advance(++_now);
        _members[++_number % Members].LegEnded();
        _chosen = _pool.Choose(_names[_number % Names], out _);
    }

    private static byte[] Name(string label) => [(byte)label.Length, .. Encoding.ASCII.GetBytes(label), 0];

    /// <summary>At a rate that is reached now and then.</summary>
    private static BackendOptions Settings(int slot) => new()
    {
        Address = new IPEndPoint(IPAddress.Loopback, 53),
        Name = $"b{slot}",
        Tls = BackendTransport.None,
        Qps = 100_000,
    };

    private static PolicyKind KindOf(string policy) => policy switch
    {
        "firstAvailable" => PolicyKind.FirstAvailable,
        "roundrobin" => PolicyKind.RoundRobin,
        "wrandom" => PolicyKind.WeightedRandom,
        "chashed" => PolicyKind.ConsistentHash,
        _ => PolicyKind.LeastOutstanding,
    };
}
