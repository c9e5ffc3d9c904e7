using System;
using System.Net;
using Fastdist.Cache;
using Fastdist.Ring;
using Fastdist.Settings;
using Fastdist.Shared;
using Xunit;

namespace Fastdist.Proxy.Tests.Allocation;

public class AllocationTests
{
    private const int Queries = 100_000;

    // The JIT recompiles what runs often, and until then code may allocate that later does not.
    private const int WarmUp = 60_000;

    [Theory]
    [InlineData("io_uring", RingMode.IoUring, BackendTransport.None, false)]
    [InlineData("io_uring", RingMode.IoUring, BackendTransport.OpenSsl, false)]
    [InlineData("io_uring", RingMode.IoUring, BackendTransport.OpenSsl, true)]
    [InlineData("io_uring", RingMode.IoUring, BackendTransport.Udp, true)]
    [InlineData("epoll", RingMode.Epoll, BackendTransport.None, false)]
    [InlineData("epoll", RingMode.Epoll, BackendTransport.OpenSsl, false)]
    [InlineData("epoll", RingMode.Epoll, BackendTransport.Udp, false)]
    public void A_warm_shard_allocates_nothing_for_100_000_queries_over_udp_and_as_many_over_tcp(string name, RingMode ring, BackendTransport transport, bool editQueries)
    {
        using var backend = new EchoBackend(transport);
        using var proxy = new ProxyUnderTest(backend, transport, editQueries, ring);
        Assert.Equal(name, proxy.RingName);
        Measure(proxy);
    }

    [Theory]
    [InlineData(RingMode.IoUring)]
    [InlineData(RingMode.Epoll)]
    public void Nor_does_one_for_as_many_hits_of_a_cache_nor_for_queries_that_wait_for_the_answer_to_an_equal_one(RingMode ring)
    {
        using var backend = new EchoBackend(BackendTransport.Udp) { Ttl = byte.MaxValue };
        using var silent = new EchoBackend(BackendTransport.Udp);
        using (var proxy = new ProxyUnderTest(backend, BackendTransport.Udp, editQueries: false, ring))
        {
            Assert.True(proxy.Server.TrySetCache("", new CacheOptions { MaxEntries = 1000, MaxTtl = 86_400 }, out _));
            Measure(proxy, EchoBackend.RecordSize);
            CacheFigures figures = proxy.Server.CacheOf("")!.Figures;
            Assert.InRange(figures.Hits, 2 * Queries, long.MaxValue);
        }

        // What has no TTL is kept by no cache, so that each is asked, or waits for one that is.
        using (var proxy = new ProxyUnderTest(silent, BackendTransport.Udp, editQueries: false, ring))
        {
            Assert.True(proxy.Server.TrySetCache("", new CacheOptions { MaxEntries = 1000 }, out _));
            Measure(proxy);
            CacheFigures figures = proxy.Server.CacheOf("")!.Figures;
            Assert.Equal((0, true), (figures.Hits, figures.Shared > Queries));
        }
    }

    private static void Measure(ProxyUnderTest proxy, int more = 0)
    {
        Load.OverUdp(proxy.Address, WarmUp);
        OverTcp(proxy.Address, WarmUp);
        long last = proxy.AllocatedBytes();
        Allocations.AssertNoneMeasured(() => Allocated(Load.OverUdp));
        Allocations.AssertNoneMeasured(() => Allocated(OverTcp));

        void OverTcp(IPEndPoint address, int queries) => Load.OverTcp(address, queries, more);

        long Allocated(Action<IPEndPoint, int> ask)
        {
            long queries = proxy.Counter("process", "queries");
            ask(proxy.Address, Queries);
            (long before, last) = (last, proxy.AllocatedBytes());
            Assert.Equal(Queries, proxy.Counter("process", "queries") - queries);
            return last - before;
        }
    }
}
