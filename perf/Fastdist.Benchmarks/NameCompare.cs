using System;
using BenchmarkDotNet.Attributes;
using Fastdist.Dns;

namespace Fastdist.Benchmarks;

/// <summary>Names compared without regard to case: the vectors against the portable path they must equal.</summary>
public class NameCompare
{
    private byte[] _lower = [];
    private byte[] _upper = [];
    private bool _equal;

    /// <summary>A short name, one as dnsperf asks here, and the longest.</summary>
    [Params(12, 22, 64, 255)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _lower = new byte[Bytes];
        _upper = new byte[Bytes];
        Array.Fill(_lower, (byte)'q');
        Array.Fill(_upper, (byte)'Q');
    }

    [Benchmark]
    public void Vector() => _equal = CaseFolding.Equals(_lower, _upper);

    [Benchmark(Baseline = true)]
    public void Portable() => _equal = CaseFolding.EqualsPortable(_lower, _upper);
}
