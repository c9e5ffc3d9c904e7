using System.Linq;
using Fastdist.Proxy.Tests.Backends;
using Fastdist.Settings;
using Xunit;

namespace Fastdist.Proxy.Tests.Pools;

/// <summary>Backends that have reached their rate are put aside, and come back.</summary>
public class FirstAvailableTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Who_has_reached_its_rate_is_asked_again_as_soon_as_it_may()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(0) with { Qps = 10 }, BackendBench.Options(1) with { Order = 2 });
        TestPool pool = bench.Policy(PolicyKind.FirstAvailable);
        Assert.Equal(10, Enumerable.Range(0, 12).Count(_ => Choose(pool, Second) == 0));
        Assert.Equal(1, Choose(pool, Second + 99_000));
        Assert.Equal(0, Choose(pool, Second + 100_100));
        Assert.Equal(1, Choose(pool, Second + 100_200));
    }

    [Fact]
    public void A_rate_is_kept_by_one_that_goes_and_comes_back()
    {
        using BackendBench bench = BackendBench.Connected(BackendBench.Options(0) with { Qps = 1 }, BackendBench.Options(1) with { Order = 2 });
        TestPool pool = bench.Policy(PolicyKind.FirstAvailable);
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(_ => Choose(pool, Second)));
        for (int i = 0; i < 3; i++)
        {
            bench.Backends[0].Judge(false);
            Assert.Equal(1, Choose(pool, Second));
            bench.Backends[0].Judge(true);
            Assert.Equal(1, Choose(pool, Second));
        }

        bench.Backends[0].Judge(false);
        Assert.Equal(1, Choose(pool, 3 * Second));
        bench.Backends[0].Judge(true);
        Assert.Equal([0, 1], Enumerable.Range(0, 2).Select(_ => Choose(pool, 3 * Second)));
    }

    private static int Choose(TestPool pool, long now) => pool.Choose([0], now, out _)!.Index;
}
