using Fastdist.Ring;

namespace Fastdist.Proxy.Frontends;

/// <summary>Where a client connection is in its life.</summary>
internal enum ClientState : byte
{
    /// <summary>The slot is free.</summary>
    Free,

    /// <summary>Queries are read.</summary>
    Open,

    /// <summary>No more queries are read; it ends once what is in flight was answered.</summary>
    Finishing,

    /// <summary>FIN was sent; what the client still sends is thrown away until its own FIN, so that no reset overtakes the answers.</summary>
    Lingering,

    /// <summary>The ring was asked to close it.</summary>
    Closing,
}

/// <summary>
/// A TCP client. The object stays with its slot and is used again; its buffers exist only while
/// they hold something.
/// </summary>
internal sealed class ClientConnection
{
    public StreamHandle Stream;
    public uint Generation;
    public ClientState State;
    public int Frontend;
    public SocketAddress Peer;

    /// <summary>Queries waiting for answers.</summary>
    public int InFlight;

    /// <summary>Queries read so far.</summary>
    public long Queries;

    /// <summary>The stream was paused: too many in flight, output not read, or no room in the proxy.</summary>
    public bool IsPaused;

    /// <summary>It waits among those to be resumed when the proxy has room again.</summary>
    public bool IsWaiting;

    /// <summary>The client sent FIN.</summary>
    public bool ReceiveEnded;

    /// <summary>It is on the list of connections to flush.</summary>
    public bool IsDirty;

    /// <summary>The beginning of a message whose end has not come.</summary>
    public NativeBuffer? Partial;
    public int PartialLength;

    /// <summary>Answers gathered for the next send.</summary>
    public NativeBuffer? Output;
    public int OutputLength;

    /// <summary>Answers the kernel is taking.</summary>
    public NativeBuffer? Sending;
    public int SendingOffset;
    public int SendingLength;

    /// <summary>Microseconds of the shard's clock.</summary>
    public long OpenedAt;
    public long LastActive;
    public long PartialSince;
    public long SendingSince;
    public long LingeringSince;
}
