using System.Net;
using BenchmarkDotNet.Attributes;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.InFlight;
using Fastdist.Proxy.Machines;
using Fastdist.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fastdist.Benchmarks;

/// <summary>The connection for one query chosen among as many to one backend.</summary>
public class ConnectionPicks
{
    private const int Frame = 50;

    private readonly InFlightTable _table = new(1, 0);
    private ConnectionChoice _choice = null!;
    private BackendConnection? _picked;

    [Params(1, 8, 64, 512)]
    public int Connections { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var options = new BackendOptions { Address = new IPEndPoint(IPAddress.Loopback, 53), Name = "b", Tls = BackendTransport.None };
        var shard = new ShardContext(0, new ProxyOptions { Frontends = [], Backends = [] }, Machine.Real, NullLogger.Instance, _table) { Ring = new SilentRing() };
        var set = new BackendSet();
        var backend = new Backend(shard, new SharedBackend(0, options, shards: 1), null, share: Connections - 1, set);
        foreach (BackendConnection connection in backend.Connections)
        {
            connection.Open(isSpare: false);
            connection.Connected(0);
            backend.Hear();
        }

        _choice = new ConnectionChoice(shard.Clock, backend.Connections.ToArray(), options.MaxInFlight);
    }

    [Benchmark]
    public void Pick() => _picked = _choice.Pick(Frame);
}
