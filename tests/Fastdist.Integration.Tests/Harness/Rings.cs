using Xunit;

namespace Fastdist.Integration.Tests.Harness;

/// <summary>Both rings, for tests of anything that touches a socket.</summary>
public sealed class Rings : TheoryData<string>
{
    public Rings()
        : base("io_uring", "epoll")
    {
    }
}

/// <summary>The two transports a client may come by.</summary>
public sealed class Transports : TheoryData<string>
{
    public Transports()
        : base("udp", "tcp")
    {
    }
}

/// <summary>The two ways a backend may be spoken to.</summary>
public sealed class BackendTransports : TheoryData<string>
{
    public BackendTransports()
        : base("dot", "tcp")
    {
    }
}
