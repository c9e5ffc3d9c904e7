using System.Collections.Generic;

namespace Fastdist.Proxy.Tests.Machines;

/// <summary>A datagram socket connected to one peer, as a fake ring knows it.</summary>
internal sealed class FakePeer(int descriptor, uint tag)
{
    public int Descriptor { get; } = descriptor;

    public uint Tag { get; } = tag;

    /// <summary>The datagrams that were sent, in order.</summary>
    public List<byte[]> Sent { get; } = [];

    public bool IsClosed { get; set; }
}
