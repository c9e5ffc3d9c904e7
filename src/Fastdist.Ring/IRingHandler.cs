using System;

namespace Fastdist.Ring;

/// <summary>
/// What a ring tells its owner. Every call comes on the ring's own thread, from inside
/// <see cref="Ring.Turn"/>, one at a time; spans are valid only during the call.
/// </summary>
public interface IRingHandler
{
    /// <summary>The wait of a turn is over and its completions follow: the moment to read the clock.</summary>
    void Awake()
    {
    }

    /// <summary>
    /// A connection could not be accepted, usually for want of descriptors (EMFILE, ENFILE); it waits in the listener's queue
    /// and is tried again a little later.
    /// </summary>
    /// <param name="listenerTag">The tag given to <see cref="Ring.AddListener"/>.</param>
    /// <param name="errno">Why.</param>
    /// <returns>True when room is being made, so that the next try comes after milliseconds instead of a tenth of a second.</returns>
    bool AcceptFailed(int listenerTag, int errno) => false;

    /// <summary>A listener accepted a connection. The descriptor now belongs to the handler.</summary>
    /// <param name="listenerTag">The tag given to <see cref="Ring.AddListener"/>.</param>
    /// <param name="descriptor">A non-blocking, close-on-exec stream socket.</param>
    void Accepted(int listenerTag, int descriptor);

    /// <summary>A listener was closed and its queue was drained first: no more connections come from it.</summary>
    void ListenerClosed(int listenerTag);

    /// <summary>A datagram arrived.</summary>
    /// <param name="socketTag">The tag given to <see cref="Ring.AddDatagramSocket"/>.</param>
    /// <param name="payload">The datagram.</param>
    /// <param name="route">Where an answer goes and which address it must leave from.</param>
    /// <param name="truncated">The datagram was larger than the receive buffer and lost its end (MSG_TRUNC).</param>
    void DatagramReceived(int socketTag, ReadOnlySpan<byte> payload, in DatagramRoute route, bool truncated);

    /// <summary>A datagram arrived from the peer of a connected socket.</summary>
    /// <param name="tag">The tag given to <see cref="Ring.AddPeerSocket"/>.</param>
    /// <param name="payload">The datagram.</param>
    /// <param name="truncated">It was larger than the receive buffer and lost its end.</param>
    void PeerDatagramReceived(uint tag, ReadOnlySpan<byte> payload, bool truncated)
    {
    }

    /// <summary>
    /// The peer of a connected socket could not be reached: an ICMP error, told once for each that the kernel reports, by the send that
    /// it failed or without one. The socket goes on.
    /// </summary>
    /// <param name="tag">The tag given to <see cref="Ring.AddPeerSocket"/>.</param>
    /// <param name="errno">Why: ECONNREFUSED, EHOSTUNREACH, ENETUNREACH and the like.</param>
    void PeerDatagramFailed(uint tag, int errno)
    {
    }

    /// <summary>A connect ended: errno 0 when connected. On failure the stream still has to be closed.</summary>
    void Connected(uint tag, StreamHandle stream, int errno);

    /// <summary>
    /// Bytes arrived. Returns how many were taken; fewer than all only after calling
    /// <see cref="Ring.Pause"/>, and then the ring keeps the rest and gives it again after
    /// <see cref="Ring.Resume"/>, before anything newer.
    /// </summary>
    int Received(uint tag, StreamHandle stream, ReadOnlySpan<byte> data);

    /// <summary>Nothing more will be received: errno 0 is the peer's orderly end (FIN), anything else an error.</summary>
    void ReceiveEnded(uint tag, StreamHandle stream, int errno);

    /// <summary>A send ended: errno 0 when every byte was taken by the kernel.</summary>
    void Sent(uint tag, StreamHandle stream, int errno);

    /// <summary>
    /// The stream that <see cref="Ring.Close"/> was called on is gone: the kernel holds none of its
    /// buffers any more and its handle is dead. Comes exactly once per stream, never inside Close.
    /// </summary>
    void Closed(uint tag);

    /// <summary>Another thread called <see cref="Ring.Wake"/>.</summary>
    void Woken();
}
