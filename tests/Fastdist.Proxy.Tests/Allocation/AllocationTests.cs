using System;
using System.Net;
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
        Load.OverUdp(proxy.Address, WarmUp);
        Load.OverTcp(proxy.Address, WarmUp);
        long last = proxy.AllocatedBytes();
        Allocations.AssertNoneMeasured(() => Allocated(Load.OverUdp));
        Allocations.AssertNoneMeasured(() => Allocated(Load.OverTcp));

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
