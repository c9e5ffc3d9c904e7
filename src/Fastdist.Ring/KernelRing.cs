using System;
using System.Collections.Generic;
using System.Diagnostics;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring;

/// <summary>
/// What the rings over the kernel do alike: streams by their handles, what is asked of them between two turns, and the end of a
/// listener. How bytes come and go is each ring's own.
/// </summary>
public abstract unsafe class KernelRing : Ring
{
    private protected KernelRing(RingOptions options, IRingHandler handler)
        : base(handler, new RingCounters()) => Streams = new StreamTable(options.MaxStreams);

    private protected StreamTable Streams { get; }

    /// <summary>Datagram sockets that are connected to one peer.</summary>
    private protected PeerSockets Peers { get; } = new();

    /// <summary>Streams to be looked at in the next turn.</summary>
    private protected Queue<uint> Queued { get; } = new(1024);

    /// <summary>Streams that the owner closed and that have not begun to end, the longest closed first.</summary>
    private protected Queue<uint> Closing { get; } = new(1024);

    /// <inheritdoc/>
    public sealed override void Send(StreamHandle stream, NativeBuffer buffer, int offset, int length)
    {
        if (!Streams.TryFind(stream, out uint index))
        {
            return;
        }

        ref StreamState state = ref Streams[index];
        Debug.Assert(state.SendBuffer is null && !state.Closing);
        state.SendBuffer = buffer;
        state.SendOffset = offset;
        state.SendLength = length;
        BeginSend(index);
    }

    /// <inheritdoc/>
    public sealed override bool SendLast(StreamHandle stream, ReadOnlySpan<byte> bytes) =>
        Streams.TryFind(stream, out uint index) && Streams[index] is { Closing: false, SendBuffer: null }
        && Sockets.Offer(Streams[index].Descriptor, bytes);

    /// <inheritdoc/>
    public sealed override int Unacknowledged(StreamHandle stream) =>
        Streams.TryFind(stream, out uint index) ? Sockets.Unacknowledged(Streams[index].Descriptor) : 0;

    /// <inheritdoc/>
    public sealed override void Pause(StreamHandle stream)
    {
        // What receives is stopped only if more bytes come: most pauses are over before that.
        if (Streams.TryFind(stream, out uint index))
        {
            Streams[index].Paused = true;
        }
    }

    /// <inheritdoc/>
    public sealed override void Resume(StreamHandle stream)
    {
        if (Streams.TryFind(stream, out uint index) && Streams[index].Paused)
        {
            Streams[index].Paused = false;
            Enqueue(index);
        }
    }

    /// <inheritdoc/>
    public sealed override void ShutdownSend(StreamHandle stream)
    {
        if (Streams.TryFind(stream, out uint index))
        {
            Libc.Shutdown(Streams[index].Descriptor, Libc.SHUT_WR);
        }
    }

    /// <inheritdoc/>
    public sealed override void Close(StreamHandle stream)
    {
        if (Streams.TryFind(stream, out uint index) && !Streams[index].Closing)
        {
            Streams[index].Closing = true;
            Closing.Enqueue(index);
        }
    }

    /// <summary>Has the bytes leave that were just given to a stream.</summary>
    private protected abstract void BeginSend(uint index);

    /// <summary>Gives a descriptor its place; one for which there is none is closed.</summary>
    private protected StreamHandle AddStream(int descriptor, uint tag, StreamClass kind)
    {
        StreamHandle handle = Streams.Add(descriptor, tag, kind);
        if (!handle.IsValid)
        {
            Counters.StreamsRefused++;
            Libc.Close(descriptor);
        }

        return handle;
    }

    /// <summary>Has the stream looked at before the next wait.</summary>
    private protected void Enqueue(uint index)
    {
        if (!Streams[index].Queued)
        {
            Streams[index].Queued = true;
            Queued.Enqueue(index);
        }
    }

    /// <summary>Gives a socket a number: a free one, or the next.</summary>
    private protected static int Number<T>(List<T> sockets, Stack<int> free, T socket)
    {
        if (free.TryPop(out int number))
        {
            sockets[number] = socket;
            return number;
        }

        sockets.Add(socket);
        return sockets.Count - 1;
    }

    /// <summary>Closes the sockets of all streams, which nothing is reported of any more.</summary>
    private protected void CloseStreams()
    {
        for (uint i = 0; i < Streams.Capacity; i++)
        {
            if (Streams[i].Descriptor > 0)
            {
                Sockets.CloseStream(Streams[i].Descriptor);
            }
        }
    }

    /// <summary>Hands over some of what the queue of a listener holds that is being closed, and ends it when that is all.</summary>
    /// <returns>Whether it ended.</returns>
    private protected bool TryEnd(KernelListener listener)
    {
        for (int count = 0; count < DrainBatch; count++)
        {
            int descriptor = Libc.Accept(listener.Descriptor, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
            if (descriptor < 0)
            {
                listener.Closed = true;
                Libc.Close(listener.Descriptor);
                listener.Descriptor = -1;
                Handler.ListenerClosed(listener.Tag);
                return true;
            }

            Handler.Accepted(listener.Tag, descriptor);
        }

        return false;
    }

    /// <summary>
    /// Whether an error of a connected datagram socket came by ICMP (icmp_err_convert, icmpv6_err_convert). The kernel forgets it once it
    /// is told; any other may stay.
    /// </summary>
    private protected static bool IsFromNetwork(int errno) => errno is Libc.ECONNREFUSED or Libc.EHOSTUNREACH or Libc.ENETUNREACH or Libc.EHOSTDOWN
        or Libc.ENOPROTOOPT or Libc.ENONET or Libc.EOPNOTSUPP or Libc.EPROTO or Libc.EMSGSIZE;

    /// <summary>
    /// Whether an error says that a peer cannot be reached. That we are short of something says nothing of it, nor does
    /// "fragmentation needed" (EMSGSIZE), which anybody may have forged and our datagrams do not heed.
    /// </summary>
    private protected static bool IsUnreachable(int errno) => errno is not (Libc.EAGAIN or Libc.EINTR or Libc.ENOBUFS or Libc.ENOMEM or Libc.EMSGSIZE);

    /// <summary>What both rings know of a listener.</summary>
    private protected class KernelListener
    {
        public int Descriptor;
        public int Tag;
        public bool Closing;
        public bool Closed;

        /// <summary>When a failed accept is tried again, milliseconds of the system's uptime; 0 when none failed.</summary>
        public long RetryAt;
    }
}
