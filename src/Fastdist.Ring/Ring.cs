using System;

namespace Fastdist.Ring;

/// <summary>
/// Completion-based IO for one thread. The thread that creates a ring is the only one that may use
/// it, <see cref="Wake"/> apart. Requests made between two turns reach the kernel together at the
/// start of the next; completions are reported to the <see cref="IRingHandler"/>.
/// </summary>
public abstract class Ring : IDisposable
{
    /// <summary>
    /// Streams that end in one turn. Ending one costs some thirty microseconds in the kernel, so many that are closed
    /// together would keep everybody else waiting. io_uring completes at most 20 operations a call (IO_LOCAL_TW_DEFAULT_MAX),
    /// in order: more ends than that would put a queue before everybody's bytes.
    /// </summary>
    public const int EndsPerTurn = 16;

    /// <summary>Connections taken in one turn from the queue of a listener that is being closed.</summary>
    protected const int DrainBatch = 64;

    /// <summary>Creates the shared part of a ring.</summary>
    protected Ring(IRingHandler handler, RingCounters counters)
    {
        Handler = handler;
        Counters = counters;
    }

    /// <summary>The owner's callbacks.</summary>
    protected IRingHandler Handler { get; }

    /// <summary>Events that an operator may want to know of; plain fields, read from anywhere.</summary>
    public RingCounters Counters { get; }

    /// <summary>The ring's name as <c>--io</c> spells it.</summary>
    public abstract string Name { get; }

    /// <summary>Starts accepting on a listening socket, which the ring now owns.</summary>
    /// <param name="descriptor">A listening, non-blocking socket.</param>
    /// <param name="tag">Handed back with each accepted connection.</param>
    /// <returns>An index for <see cref="CloseListener"/>; those of closed ones come again.</returns>
    public abstract int AddListener(int descriptor, int tag);

    /// <summary>
    /// Stops accepting, hands over what the listener's queue still holds, closes it, and reports
    /// <see cref="IRingHandler.ListenerClosed"/>.
    /// </summary>
    public abstract void CloseListener(int listener);

    /// <summary>Has a listener's queues be of another length; who waits in them goes on waiting.</summary>
    /// <param name="listener">A listener that is not being closed.</param>
    /// <param name="backlog">Connections that may wait to be accepted, clamped by net.core.somaxconn.</param>
    /// <param name="fastOpenQueue">Connections with data in their SYN that may wait (RFC 7413); 0 takes none.</param>
    public abstract void Resize(int listener, int backlog, int fastOpenQueue);

    /// <summary>Accepts on another socket from now on and closes the one before, with what its queue holds.</summary>
    public abstract void ReplaceListener(int listener, int descriptor);

    /// <summary>Starts receiving on a bound datagram socket, which the ring now owns.</summary>
    /// <returns>An index for <see cref="SendDatagram"/>; those of closed ones come again.</returns>
    public abstract int AddDatagramSocket(int descriptor, int tag);

    /// <summary>Stops receiving on a datagram socket; answers can still be sent from it.</summary>
    public abstract void StopReceiving(int datagramSocket);

    /// <summary>
    /// Has the kernel give what comes to its address to other sockets only that are bound there; what it holds is still received, and answers can
    /// still be sent from it.
    /// </summary>
    /// <returns>False when the kernel will not; then it goes on as it was.</returns>
    public abstract bool TurnAway(int datagramSocket);

    /// <summary>Closes a datagram socket: what was queued leaves first, nothing is told of it any more from when this returns.</summary>
    public abstract void CloseDatagramSocket(int datagramSocket);

    /// <summary>Receives on another socket from now on, which also sends the answers to what the one before received; that one is closed.</summary>
    public abstract void ReplaceDatagramSocket(int datagramSocket, int descriptor);

    /// <summary>
    /// Queues one datagram. The payload is copied. A full socket buffer drops it, as UDP may, and counts it.
    /// </summary>
    public abstract void SendDatagram(int datagramSocket, in DatagramRoute route, ReadOnlySpan<byte> payload);

    /// <summary>Takes over a datagram socket that is connected to one peer, and starts receiving on it.</summary>
    /// <param name="descriptor">A connected, non-blocking socket; closed by <see cref="ClosePeerSocket"/>.</param>
    /// <param name="tag">Handed back with every event of this socket.</param>
    /// <returns>Its number, for <see cref="SendToPeer"/> and <see cref="ClosePeerSocket"/>; numbers of closed ones come again.</returns>
    public abstract int AddPeerSocket(int descriptor, uint tag);

    /// <summary>
    /// Queues one datagram to the peer of a connected socket. The payload is copied. A full socket buffer drops it, as UDP may, and
    /// counts it.
    /// </summary>
    /// <param name="peerSocket">A socket that was not closed.</param>
    /// <param name="payload">At most <see cref="RingOptions.MaxToPeer"/> bytes; more are dropped and counted.</param>
    public abstract void SendToPeer(int peerSocket, ReadOnlySpan<byte> payload);

    /// <summary>Closes a connected socket: what was queued leaves first, nothing is told of it any more from when this returns.</summary>
    public abstract void ClosePeerSocket(int peerSocket);

    /// <summary>Takes over a connected stream socket and starts receiving on it.</summary>
    /// <param name="descriptor">A connected, non-blocking socket; closed by <see cref="Close"/>.</param>
    /// <param name="tag">Handed back with every event of this stream.</param>
    /// <param name="kind">Decides the receive buffers' size.</param>
    /// <returns>The stream, or <see cref="StreamHandle.None"/> when the table is full (the descriptor is closed).</returns>
    public abstract StreamHandle Adopt(int descriptor, uint tag, StreamClass kind);

    /// <summary>Starts connecting a socket; <see cref="IRingHandler.Connected"/> tells the end, and receiving starts then.</summary>
    public abstract StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind);

    /// <summary>
    /// Sends bytes in order. One send may be in flight per stream; the memory must stay as it is
    /// until <see cref="IRingHandler.Sent"/> or <see cref="IRingHandler.Closed"/>.
    /// </summary>
    public abstract void Send(StreamHandle stream, NativeBuffer buffer, int offset, int length);

    /// <summary>
    /// Offers the last bytes of a stream that is closed next: what the kernel takes of them now leaves before the end, the rest
    /// is lost. Does nothing while a send is in flight, which means that the peer does not read.
    /// </summary>
    /// <returns>Whether the kernel took all of them.</returns>
    public abstract bool SendLast(StreamHandle stream, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// Bytes sent that the peer's kernel has not acknowledged. After its FIN, which acknowledges whatever came before it, these arrived
    /// too late or never.
    /// </summary>
    public abstract int Unacknowledged(StreamHandle stream);

    /// <summary>Stops deliveries of received bytes, so that the sender is held back by TCP.</summary>
    public abstract void Pause(StreamHandle stream);

    /// <summary>Undoes <see cref="Pause"/>; bytes kept meanwhile are delivered in the next turn.</summary>
    public abstract void Resume(StreamHandle stream);

    /// <summary>Sends FIN after the bytes already sent; receiving goes on.</summary>
    public abstract void ShutdownSend(StreamHandle stream);

    /// <summary>
    /// Ends a stream: a send in flight gets what the kernel takes at once, pending operations are ended, then the socket is
    /// closed, then <see cref="IRingHandler.Closed"/> is told. At most <see cref="EndsPerTurn"/> begin to end in a turn.
    /// </summary>
    public abstract void Close(StreamHandle stream);

    /// <summary>
    /// Hands queued requests to the kernel, waits for completions when there are none, and reports
    /// at most <paramref name="maxCompletions"/> of them.
    /// </summary>
    /// <param name="maxCompletions">The bound of one turn's work; at least 1.</param>
    /// <param name="timeout">Longest wait in milliseconds; 0 polls, negative waits without end.</param>
    /// <returns>How many completions were reported.</returns>
    public abstract int Turn(int maxCompletions, int timeout);

    /// <summary>Ends the wait of <see cref="Turn"/> from any thread and has <see cref="IRingHandler.Woken"/> called.</summary>
    public abstract void Wake();

    /// <inheritdoc/>
    public abstract void Dispose();
}
