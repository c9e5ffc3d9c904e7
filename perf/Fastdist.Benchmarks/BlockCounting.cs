using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Fastdist.Dns;
using Fastdist.Rules.Blocks;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Benchmarks;

/// <summary>A query and its answer counted for the usual five rules, of one of so many clients; of a million only those that get in are.</summary>
public class BlockCounting
{
    private const int Drawn = 1 << 18;
    private static readonly RateRule s_rate = new(1_000_000);
    private static readonly byte[] s_name = [7, .. "example"u8, 0];

    private readonly BlockCounter _counter = new BlockGroup(
        new BlockRules
        {
            QueryRate = s_rate,
            ResponseByteRate = s_rate,
            TypeRates = ImmutableSortedDictionary<RecordType, RateRule>.Empty.Add(RecordType.ANY, s_rate),
            RcodeRates = ImmutableSortedDictionary<int, RateRule>.Empty.Add((int)Rcode.NXDomain, s_rate).Add((int)Rcode.ServFail, s_rate),
        },
        shards: 1).Counters[0];

    private SocketAddress[] _clients = [];
    private int _next;

    [Params(1, 10_000, 1_000_000)]
    public int Clients { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _clients = ManyClients.Draw(Drawn, Clients);
        _counter.Tick(0);
    }

    [Benchmark]
    public void Query() => _counter.CountQuery(_clients[_next++ & (Drawn - 1)], RecordType.A);

    [Benchmark]
    public void Response() => _counter.CountResponse(_clients[_next++ & (Drawn - 1)], s_name, (int)Rcode.NXDomain, 100, isHit: false);
}
