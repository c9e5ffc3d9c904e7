using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Fastdist.Dns;
using Fastdist.Proxy.Backends;
using Fastdist.Proxy.Tests.Backends;
using Fastdist.Settings;
using Xunit;
using static Fastdist.Proxy.Tests.Backends.BackendBench;

namespace Fastdist.Proxy.Tests.Pools;

public class WeightedHashTests
{
    private static readonly byte[][] s_names = [.. Enumerable.Range(0, 300).Select(i => Wire($"host{i}.example.net."))];

    [Fact]
    public void A_names_hash_modulo_the_weights_of_the_usable_is_its_place_among_them() =>
        Gen.Select(Gen.Select(Gen.Int[1, 1000], Gen.Bool).Array[1, 40], Gen.UInt).Sample((members, perturbation) =>
        {
            using BackendBench bench = Connected([.. members.Select((member, i) => Options(i) with { Weight = member.Item1 })]);
            TestPool policy = bench.Policy(PolicyKind.WeightedHash, new BalancingOptions { WHashedPerturbation = perturbation });
            Backend[] usable = [.. bench.Backends.Where((_, i) => members[i].Item2 || i == 0)];
            Array.ForEach(bench.Backends, backend => backend.Judge(usable.Contains(backend)));
            long sum = usable.Sum(static backend => backend.Options.Weight);
            foreach (byte[] name in s_names)
            {
                long place = Names.Hash(name, perturbation) % sum;
                Assert.Same(usable.First(backend => (place -= backend.Options.Weight) < 0), policy.Choose(name, 0, out _));
            }
        }, iter: 50, threads: 1);

    [Fact]
    public void A_name_goes_to_the_same_backend_in_any_case()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2));
        TestPool policy = bench.Policy(PolicyKind.WeightedHash);
        Assert.All(s_names, name => Assert.Same(policy.Choose(name, 0, out _), policy.Choose(Wire(Names.ToText(name).ToUpperInvariant()), 0, out _)));
    }

    [Fact]
    public void Names_are_shared_out_by_weight()
    {
        using BackendBench bench = Connected(Options(0), Options(1) with { Weight = 2 });
        TestPool policy = bench.Policy(PolicyKind.WeightedHash, new BalancingOptions { WHashedPerturbation = 7 });
        Assert.InRange(s_names.Count(name => policy.Choose(name, 0, out _) == bench.Backends[1]), 170, 230);
    }

    [Fact]
    public void Another_perturbation_shares_them_out_otherwise()
    {
        using BackendBench bench = Connected(Options(0), Options(1), Options(2));
        TestPool one = bench.Policy(PolicyKind.WeightedHash, new BalancingOptions { WHashedPerturbation = 1 });
        TestPool other = bench.Policy(PolicyKind.WeightedHash, new BalancingOptions { WHashedPerturbation = 2 });
        Assert.InRange(s_names.Count(name => one.Choose(name, 0, out _) != other.Choose(name, 0, out _)), 150, 250);
    }

    [Fact]
    public void Weights_that_add_up_to_more_than_a_hash_reaches_are_all_used()
    {
        using BackendBench bench = Connected([.. Enumerable.Range(0, 4).Select(static i => Options(i) with { Weight = int.MaxValue })]);
        TestPool policy = bench.Policy(PolicyKind.WeightedHash, new BalancingOptions { WHashedPerturbation = 7 });
        List<Backend?> chosen = [.. s_names.Select(name => policy.Choose(name, 0, out _))];
        Assert.All(bench.Backends, backend => Assert.InRange(chosen.Count(c => c == backend), 50, 100));
    }

    private static byte[] Wire(string text)
    {
        byte[] wire = new byte[Names.MaxWireLength];
        Assert.True(Names.TryParse(text, wire, out int length));
        return wire[..length];
    }
}
