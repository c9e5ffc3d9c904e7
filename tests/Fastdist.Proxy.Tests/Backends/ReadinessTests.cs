using System.Linq;
using CsCheck;
using Fastdist.Proxy.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Backends;

/// <summary>What holds for every policy: only those that are the most ready are chosen from.</summary>
public class ReadinessTests
{
    private static readonly PolicyKind[] s_kinds =
    [
        PolicyKind.LeastOutstanding, PolicyKind.FirstAvailable, PolicyKind.RoundRobin, PolicyKind.WeightedRandom, PolicyKind.ConsistentHash,
    ];

    public static TheoryData<PolicyKind> Kinds => [.. s_kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Only_the_readiest_are_chosen_from(PolicyKind kind) =>
        Gen.Int[0, (int)Readiness.Ready].Select(state => (Readiness)state).Array[1, 6].Sample(states =>
        {
            using BackendBench bench = BackendBench.With(states);
            TestPool policy = bench.Policy(kind);
            Readiness best = states.Max();
            for (int i = 0; i < 20; i++)
            {
                Backend? chosen = policy.Choose(Name(i), now: 0, out bool isFull);
                bool right = best <= Readiness.Full
                    ? chosen is null && isFull == (best == Readiness.Full)
                    : chosen is not null && states[chosen.Index] == best && !isFull;
                if (!right)
                {
                    return false;
                }
            }

            return true;
        }, iter: 50);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_backend_that_health_calls_down_is_not_chosen_though_it_is_connected(PolicyKind kind)
    {
        using BackendBench bench = BackendBench.With(Readiness.Ready, Readiness.Ready);
        TestPool policy = bench.Policy(kind);
        bench.Backends[0].Judge(false);
        for (int i = 0; i < 50; i++)
        {
            Assert.Same(bench.Backends[1], policy.Choose(Name(i), 0, out _));
        }

        bench.Backends[1].Judge(false);
        Assert.Null(policy.Choose(Name(0), 0, out bool isFull));
        Assert.False(isFull);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_only_backend_is_chosen_whatever_the_policy(PolicyKind kind)
    {
        using BackendBench bench = BackendBench.With(Readiness.Ready);
        Assert.Same(bench.Backends[0], bench.Policy(kind).Choose(Name(0), 0, out _));
    }

    private static byte[] Name(int number) => [2, (byte)('a' + (number / 26)), (byte)('a' + (number % 26)), 0];
}
