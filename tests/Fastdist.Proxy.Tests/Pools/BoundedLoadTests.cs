using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Tests.Backends;
using Fastdist.Settings;
using Xunit;
using static Fastdist.Proxy.Tests.Backends.BackendBench;

namespace Fastdist.Proxy.Tests.Pools;

/// <summary>What dnsdist calls balancing factors.</summary>
public class BoundedLoadTests
{
    private static readonly double[] s_factors = [1, 1.01, 1.25, 3];

    [Theory]
    [InlineData(PolicyKind.WeightedRandom)]
    [InlineData(PolicyKind.WeightedHash)]
    [InlineData(PolicyKind.ConsistentHash)]
    public void Whoever_has_more_than_its_share_times_the_factor_is_left_out(PolicyKind kind) =>
        Gen.Select(Gen.Int[0, 3].Select(static i => s_factors[i]), Gen.Int[1, 20].Array[1, 24], Gen.Select(Gen.Int[0, 23], Gen.Int[1, 20]).Array[1, 40]).Sample((factor, weights, steps) =>
        {
            using BackendBench bench = Connected([.. weights.Select((weight, i) => Options(i) with { Weight = weight })]);
            TestPool policy = bench.Policy(kind, Factor(factor));
            byte name = 0;
            foreach ((int loaded, int queries) in steps)
            {
                bench.Load(loaded % weights.Length, queries);
                for (int i = 0; i < 10; i++)
                {
                    Backend chosen = policy.Choose([1, name++, 0], 0, out _)!;
                    double share = (bench.Backends.Sum(static b => b.Outstanding) + 1.0) / weights.Sum() * chosen.Options.Weight;
                    Assert.True(chosen.Outstanding <= share * factor * (1 + 1e-12), $"{chosen.Outstanding} are more than {share} x {factor}");
                    bench.Load(System.Array.IndexOf(bench.Backends, chosen), 1);
                }
            }
        }, iter: 30, threads: 1);

    [Theory]
    [InlineData(PolicyKind.WeightedRandom, 0.0)]
    [InlineData(PolicyKind.WeightedHash, 0.0)]
    [InlineData(PolicyKind.ConsistentHash, 0.0)]
    [InlineData(PolicyKind.WeightedRandom, 100.0)]
    public void Without_a_factor_or_far_below_it_nobody_is(PolicyKind kind, double factor)
    {
        using BackendBench bench = Connected(Options(0), Options(1));
        TestPool policy = bench.Policy(kind, Factor(factor));
        bench.Load(0, 50);
        Assert.Contains(bench.Backends[0], Enumerable.Range(0, 100).Select(i => policy.Choose([1, (byte)i, 0], 0, out _)));
    }

    [Theory]
    [InlineData(PolicyKind.WeightedHash)]
    [InlineData(PolicyKind.ConsistentHash)]
    public void The_names_of_the_others_stay_where_they_are(PolicyKind kind)
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2), Options(3));
        TestPool free = bench.Policy(kind, Factor(0));
        TestPool bounded = bench.Policy(kind, Factor(1.5));
        bench.Load(2, 100);
        var heirs = new HashSet<Backend>();
        for (int i = 0; i < 256; i++)
        {
            byte[] name = [1, (byte)i, 0];
            Backend owner = free.Choose(name, 0, out _)!;
            Backend chosen = bounded.Choose(name, 0, out _)!;
            if (owner == bench.Backends[2])
            {
                heirs.Add(chosen);
            }
            else
            {
                Assert.Same(owner, chosen);
            }
        }

        Assert.Equal([bench.Backends[0], bench.Backends[1], bench.Backends[3]], heirs.OrderBy(static b => b.Index));
    }

    [Fact]
    public void What_is_left_out_is_shared_out_by_weight()
    {
        using BackendBench bench = Connected(Options(0), Options(1) with { Weight = 2 }, Options(2) with { Weight = 7 });
        TestPool policy = bench.Policy(PolicyKind.WeightedRandom, Factor(1));
        bench.Load(2, 100);
        int[] counts = [.. Enumerable.Range(0, 9000).Select(_ => policy.Choose([0], 0, out bool _)!.Index).CountBy(static index => index).OrderBy(static c => c.Key).Select(static c => c.Value)];
        Assert.Equal(2, counts.Length);
        Assert.InRange(counts[0], 2800, 3200);
    }

    [Fact]
    public void Only_they_count_that_can_be_chosen()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2));
        TestPool policy = bench.Policy(PolicyKind.WeightedRandom, Factor(1));
        bench.Load(0, 100);
        bench.Load(1, 5);
        bench.Backends[0].Judge(false);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Same(bench.Backends[2], policy.Choose([0], 0, out bool _)));
    }

    private static BalancingOptions Factor(double factor) => new() { WeightedFactor = factor, ConsistentHashingFactor = factor, WHashedPerturbation = 1 };
}
