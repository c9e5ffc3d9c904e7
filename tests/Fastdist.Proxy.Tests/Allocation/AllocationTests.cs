using Fastdist.Ring;
using Fastdist.Settings;
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
        long warm = proxy.AllocatedBytes();
        long queries = proxy.Counter("process", "queries");

        Load.OverUdp(proxy.Address, Queries);
        long afterUdp = proxy.AllocatedBytes();
        Load.OverTcp(proxy.Address, Queries);
        long afterTcp = proxy.AllocatedBytes();

        Assert.Equal(2 * Queries, proxy.Counter("process", "queries") - queries);
        Assert.Equal((0, 0), (afterUdp - warm, afterTcp - afterUdp));
    }
}
