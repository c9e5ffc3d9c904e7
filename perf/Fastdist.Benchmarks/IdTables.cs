using BenchmarkDotNet.Attributes;
using Fastdist.Proxy.InFlight;

namespace Fastdist.Benchmarks;

/// <summary>An ID taken, found by its answer and released, while so many others are in flight.</summary>
public class IdTables
{
    private const int MaxInFlight = 1_000;
    private readonly IdTable _table = new(MaxInFlight);
    private int _entry;

    [Params(0, 200, 999)]
    public int InFlight { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        for (var entry = 0; entry < InFlight; entry++)
        {
            _table.TryTake(entry, out _);
        }
    }

    [Benchmark]
    public void TakeFindRelease()
    {
        _table.TryTake(7, out var id);
        _table.Find(id, out _entry);
        _table.Release(id);
    }
}
