using Fastdist.Tls;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Thread allocation counts belong to one test at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Fastdist.Streams.Tests;

/// <summary>What a stream goes through.</summary>
public enum Transport
{
    Plain,
    OpenSsl,
    SslStream,
}

/// <summary>A stream is one over TCP and over every TLS, so what it promises is tested over each.</summary>
internal sealed class Transports : TheoryData<Transport>
{
    public Transports()
    {
        Add(Transport.Plain);
        Add(Transport.OpenSsl);
        Add(Transport.SslStream);
    }
}

/// <summary>Those with records.</summary>
internal sealed class Providers : TheoryData<TlsProvider>
{
    public Providers()
    {
        Add(TlsProvider.OpenSsl);
        Add(TlsProvider.SslStream);
    }
}
