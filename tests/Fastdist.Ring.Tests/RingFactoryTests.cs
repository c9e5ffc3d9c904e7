using System.ComponentModel;
using System.Net;
using Fastdist.Ring.Interop;
using Xunit;

namespace Fastdist.Ring.Tests;

public class RingFactoryTests
{
    [Theory]
    [InlineData(Libc.EPERM, "1", "kernel.io_uring_disabled is 1")]
    [InlineData(Libc.EPERM, "2", "kernel.io_uring_disabled is 2")]
    [InlineData(Libc.EPERM, "0", "seccomp profile")]
    [InlineData(Libc.EPERM, null, "seccomp profile")]
    [InlineData(Libc.ENOSYS, null, "6.1")]
    [InlineData(Libc.EINVAL, "0", "SINGLE_ISSUER, DEFER_TASKRUN")]
    [InlineData(Libc.ENOMEM, "0", "RLIMIT_MEMLOCK")]
    public void A_refusal_names_the_setting_that_lifts_it(int errno, string? disabled, string remedy)
    {
        string reason = RingFactory.Explain(errno, "io_uring_setup", disabled);
        Assert.StartsWith("io_uring_setup: ", reason);
        Assert.Contains(Sockets.Describe(errno), reason);
        Assert.Contains(remedy, reason);
    }

    [Fact]
    public void Epoll_can_be_asked_for_and_needs_no_reason()
    {
        using Ring ring = RingFactory.Create(RingMode.Epoll, new RingOptions(), new Harness(RingMode.Epoll), out string? reason);
        Assert.Equal("epoll", ring.Name);
        Assert.Null(reason);
    }

    [Fact]
    public void Auto_gives_a_ring_and_a_reason_exactly_when_it_is_not_io_uring()
    {
        using Ring ring = RingFactory.Create(RingMode.Auto, new RingOptions(), new Harness(RingMode.Epoll), out string? reason);
        Assert.Equal(ring.Name == "io_uring", reason is null);
    }

    [Fact]
    public void A_refused_bind_names_the_address_and_the_cause()
    {
        // TEST-NET-3 (RFC 5737) is nobody's address.
        var refused = Assert.Throws<Win32Exception>(() => Sockets.BindDatagram(new(IPEndPoint.Parse("203.0.113.1:5353")), new(1 << 16, 1 << 16), out _));
        Assert.Equal("cannot bind to 203.0.113.1:5353: Cannot assign requested address (this host does not have that address, or not yet: --free-bind listens on it all the same)", refused.Message);
        Assert.Throws<Win32Exception>(() => Sockets.Listen(new(IPEndPoint.Parse("203.0.113.1:5353")), 1));
    }
}
