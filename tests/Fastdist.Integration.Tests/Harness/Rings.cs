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

/// <summary>The ways in which queries and answers may be exchanged with a backend.</summary>
public sealed class Exchanges : TheoryData<string>
{
    public Exchanges()
        : base("dot", "tcp", "udp")
    {
    }
}

/// <summary>Those by connections.</summary>
public sealed class BackendTransports : TheoryData<string>
{
    public BackendTransports()
        : base("dot", "tcp")
    {
    }
}
