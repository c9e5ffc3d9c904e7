using System;
using System.Linq;
using Fastdist.Dns;
using Fastdist.Proxy.Pools;
using Fastdist.Settings;
using Xunit;
using static Fastdist.Proxy.Tests.Backends.BackendBench;

namespace Fastdist.Proxy.Tests.Backends;

public class ConsistentHashTests
{
    private const int NameCount = 5000;

    private static readonly byte[][] s_names = [.. Enumerable.Range(0, NameCount).Select(i => Wire($"host{i}.example.net."))];

    [Fact]
    public void A_name_always_goes_to_the_same_backend()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2));
        Assert.Equal(Place(bench), Place(bench));
    }

    [Fact]
    public void A_name_goes_to_the_same_backend_in_any_case()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2));
        TestPool policy = bench.Policy(PolicyKind.ConsistentHash);
        foreach (byte[] name in s_names.Take(500))
        {
            byte[] upper = Wire(Names.ToText(name).ToUpperInvariant());
            Assert.Same(policy.Choose(name, 0, out _), policy.Choose(upper, 0, out _));
        }
    }

    [Fact]
    public void Names_are_shared_out_by_weight()
    {
        using BackendBench bench = Connected(Options(0), Options(1) with { Weight = 3 });
        Assert.InRange(Place(bench).Count(backend => backend == 1), NameCount * 65 / 100, NameCount * 85 / 100);
    }

    [Fact]
    public void A_backend_that_goes_down_moves_only_its_own_names_and_has_them_back_when_it_returns()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2), Options(3));
        int[] before = Place(bench);
        bench.Backends[1].Judge(false);
        int[] during = Place(bench);
        bench.Backends[1].Judge(true);

        Assert.DoesNotContain(1, during);
        Assert.All(before.Zip(during), pair => Assert.True(pair.First == 1 || pair.First == pair.Second));
        Assert.Equal(before, Place(bench));

        // Its names go to all the others, not to one neighbour.
        int[] heirs = [.. before.Zip(during).Where(pair => pair.First == 1).Select(pair => pair.Second)];
        Assert.All(new[] { 0, 2, 3 }, heir => Assert.InRange(heirs.Count(h => h == heir), heirs.Length / 6, heirs.Length / 2));
    }

    [Fact]
    public void A_backend_taken_out_of_the_configuration_moves_only_its_own_names()
    {
        using BackendBench four = Connected(Options(0), Options(1), Options(2), Options(3));
        using BackendBench three = Connected(Options(3), Options(0), Options(2));
        string[] before = PlaceByName(four);
        string[] after = PlaceByName(three);
        Assert.All(before.Zip(after), pair => Assert.True(pair.First == "b1" || pair.First == pair.Second));
    }

    [Fact]
    public void A_heavier_backend_only_gains_names()
    {
        using BackendBench light = Connected(Options(0), Options(1), Options(2));
        using BackendBench heavy = Connected(Options(0), Options(1) with { Weight = 2 }, Options(2));
        Assert.All(Place(light).Zip(Place(heavy)), pair => Assert.True(pair.Second == 1 || pair.First == pair.Second));
    }

    [Fact]
    public void Two_backends_at_one_address_share_the_names_too()
    {
        using BackendBench bench = Connected(Options(0), Options(0) with { Name = "other" });
        Assert.InRange(Place(bench).Count(backend => backend == 1), NameCount * 35 / 100, NameCount * 65 / 100);
    }

    [Fact]
    public void Until_the_circle_knows_the_backends_that_are_ready_the_least_loaded_of_them_is_asked()
    {
        using BackendBench bench = Connected(Options(0), Options(1));
        TestPool early = bench.Policy(PolicyKind.ConsistentHash, bench.Backends, HashCircle.Empty);
        TestPool late = bench.Policy(PolicyKind.ConsistentHash, bench.Backends[1..], new HashCircle([bench.Backends[0].Shared], 1));
        bench.Load(0, 1);

        Assert.All(s_names.Take(10), name => Assert.Equal(1, early.Choose(name, 0, out _)!.Index));
        Assert.All(s_names.Take(10), name => Assert.Equal(1, late.Choose(name, 0, out _)!.Index));
    }

    [Fact]
    public void Another_seed_places_names_otherwise()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2));
        Assert.NotEqual(Place(bench, seed: 1), Place(bench, seed: 2));
    }

    private static int[] Place(BackendBench bench, uint seed = 1)
    {
        TestPool policy = bench.Policy(PolicyKind.ConsistentHash, seed);
        return [.. s_names.Select(name => policy.Choose(name, 0, out _)!.Index)];
    }

    private static string[] PlaceByName(BackendBench bench) => [.. Place(bench).Select(index => bench.Backends[index].Options.Name)];

    private static byte[] Wire(string text)
    {
        Span<byte> wire = stackalloc byte[Names.MaxWireLength];
        Assert.True(Names.TryParse(text, wire, out int length));
        return wire[..length].ToArray();
    }
}
