using BenchmarkDotNet.Attributes;
using Fastdist.Dns;
using Fastdist.Rules.Blocks;

namespace Fastdist.Benchmarks;

/// <summary>What the control thread does of each second in a flood of made-up addresses, with two shards and a window of ten seconds.</summary>
public class BlockWindows
{
    private const int Shards = 2;
    private const int Piece = 100_000;
    private const int QueriesPerSecond = 500_000;
    private const long MicrosecondsPerSecond = 1_000_000;

    private readonly BlockGroup _group = new(new BlockRules { QueryRate = new RateRule(1_000_000) { Seconds = 10 } }, Shards);
    private readonly BlockTable _table = new();
    private uint _client;
    private long _now;

    [GlobalSetup]
    public void Setup()
    {
        for (int second = 0; second < 20; second++)
        {
            Flood();
            Fold();
        }
    }

    [IterationSetup]
    public void Flood()
    {
        _now += MicrosecondsPerSecond;
        foreach (BlockCounter counter in _group.Counters)
        {
            counter.Tick(_now);
            for (int i = 0; i < QueriesPerSecond; i++)
            {
                counter.CountQuery(ManyClients.Numbered(_client++), RecordType.A);
            }

            counter.Tick(_now + MicrosecondsPerSecond);
        }
    }

    [Benchmark]
    public int Fold()
    {
        _group.Begin(_table, _now + MicrosecondsPerSecond, globalHitRatio: 1);
        int pieces = 1;
        while (!_group.Step(Piece))
        {
            pieces++;
        }

        return pieces;
    }
}
