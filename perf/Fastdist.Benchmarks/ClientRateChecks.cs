using BenchmarkDotNet.Attributes;
using Fastdist.Rules.Rates;
using SocketAddress = Fastdist.Ring.SocketAddress;

namespace Fastdist.Benchmarks;

/// <summary>Whether a client is over its rate, one of so many that were all seen before.</summary>
public class ClientRateChecks
{
    private const int Drawn = 1 << 16;
    private readonly ClientRates _rates = new(new ClientRateSettings(1_000_000));
    private SocketAddress[] _clients = [];
    private int _next;

    [Params(1, 10_000, 1_000_000)]
    public int Clients { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _clients = ManyClients.Draw(Drawn, Clients);
        for (uint i = 0; i < Clients; i++)
        {
            _rates.IsOver(ManyClients.Numbered(i), 1);

            // Room is made as a table gets full.
            _rates.Clean(1);
        }
    }

    [Benchmark]
    public bool IsOver() => _rates.IsOver(_clients[_next++ & (Drawn - 1)], _next);
}
