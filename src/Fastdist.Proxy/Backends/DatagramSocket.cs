using Fastdist.Proxy.InFlight;

namespace Fastdist.Proxy.Backends;

/// <summary>A UDP socket of a shard that is connected to a backend, so that the kernel lets in what comes from there only. The object is used again for the next socket.</summary>
/// <param name="index">Its number among those of the shard.</param>
/// <param name="slot">Slot of its backend.</param>
internal sealed class DatagramSocket(int index, int slot)
{
    private const int None = -1;

    /// <summary>Number among the shard's datagram sockets, all backends together.</summary>
    public int Index => index;

    /// <summary>Slot of its backend.</summary>
    public int Slot => slot;

    /// <summary>Its number in the ring.</summary>
    public int RingSocket { get; private set; } = None;

    /// <summary>The IDs of what was sent from it and is not answered.</summary>
    public RandomIds Ids { get; } = new();

    /// <summary>When it is to be replaced, microseconds of the shard's clock.</summary>
    public long ExpiresAt { get; private set; }

    /// <summary>Queries that it is still to send before it is replaced.</summary>
    public int Rest { get; private set; }

    /// <summary>Whether what is sent from it reaches nobody, as this host's network is another one since it was opened.</summary>
    public bool IsStranded { get; set; }

    /// <summary>A socket was opened for it.</summary>
    /// <param name="ringSocket">Its number in the ring.</param>
    /// <param name="expiresAt">When it is to be replaced, microseconds of the shard's clock.</param>
    /// <param name="queries">Or after how many queries.</param>
    public void Opened(int ringSocket, long expiresAt, int queries) => (RingSocket, ExpiresAt, Rest) = (ringSocket, expiresAt, queries);

    /// <summary>A query is sent from it.</summary>
    public void Use() => Rest--;

    /// <summary>The socket was closed.</summary>
    public void Closed() => (RingSocket, IsStranded) = (None, false);
}
