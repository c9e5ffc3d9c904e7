using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.Epoll;

/// <summary>The streams of the epoll ring.</summary>
public sealed unsafe partial class EpollRing
{
    /// <inheritdoc/>
    public override StreamHandle Adopt(int descriptor, uint tag, StreamClass kind) => WatchStream(descriptor, tag, kind);

    /// <inheritdoc/>
    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind)
    {
        SocketAddress address = remote;
        int result = Libc.Connect(descriptor, &address, address.Length);
        int errno = result == 0 ? 0 : Marshal.GetLastPInvokeError();
        StreamHandle handle = WatchStream(descriptor, tag, kind);
        if (handle.IsValid)
        {
            ref StreamState state = ref Streams[handle.Index];
            state.Connecting = true;
            if (errno is not (0 or Libc.EINPROGRESS))
            {
                // The failure is told in the next turn, as every other end of a connect is.
                state.EndErrno = errno;
                Enqueue(handle.Index);
            }
        }

        return handle;
    }

    private protected override void BeginSend(uint index) => Enqueue(index);

    /// <summary>Adds a stream and has its events told.</summary>
    private StreamHandle WatchStream(int descriptor, uint tag, StreamClass kind)
    {
        StreamHandle handle = AddStream(descriptor, tag, kind);
        if (handle.IsValid && !Watch(descriptor, Libc.EPOLLIN | Libc.EPOLLOUT | Libc.EPOLLRDHUP | Libc.EPOLLET, Source.Stream, handle.Generation, handle.Index))
        {
            // The user's limit of watches is reached (fs.epoll.max_user_watches).
            Counters.StreamsRefused++;
            Streams.Remove(handle.Index);
            Libc.Close(descriptor);
            return StreamHandle.None;
        }

        return handle;
    }

    private void OnStreamEvent(uint index, uint generation, uint events)
    {
        ref StreamState state = ref Streams[index];
        if (state.Generation != generation || state.Descriptor < 0 || state.Closing)
        {
            return;
        }

        if (state.Connecting)
        {
            if ((events & (Libc.EPOLLOUT | Libc.EPOLLERR | Libc.EPOLLHUP)) != 0)
            {
                state.Receiving = true;
                Enqueue(index);
            }

            return;
        }

        if ((events & (Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            // A short read usually means the socket is empty; not once the end is behind the bytes.
            state.Cancelling = true;
        }

        if ((events & (Libc.EPOLLIN | Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR)) != 0)
        {
            state.Receiving = true;
        }

        Enqueue(index);
    }

    private void FinishConnect(uint index)
    {
        ref StreamState state = ref Streams[index];
        int errno = state.EndErrno != 0 ? state.EndErrno : Sockets.GetOption(state.Descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR);
        state.EndErrno = 0;
        state.Connecting = false;
        state.Receiving = errno == 0;
        state.ReceiveDone = state.EndTold = errno != 0;
        Enqueue(index);
        Handler.Connected(state.Tag, Streams.HandleOf(index), errno);
    }

    /// <summary>Ends streams that were closed, the longest closed first.</summary>
    private int RunClosing()
    {
        int count = Math.Min(Closing.Count, EndsPerTurn);
        for (int i = 0; i < count; i++)
        {
            FinishClose(Closing.Dequeue());
        }

        return count;
    }

    /// <summary>Works on the streams that have something to do; each gets one read, then the others' turn comes.</summary>
    private int RunQueued(int limit)
    {
        int done = 0;
        for (int count = Queued.Count; count > 0 && done < limit; count--)
        {
            uint index = Queued.Dequeue();
            Streams[index].Queued = false;
            if (Streams[index].Descriptor < 0 || Streams[index].Closing)
            {
                continue;
            }

            if (Streams[index].Connecting)
            {
                if (Streams[index].EndErrno != 0 || Streams[index].Receiving)
                {
                    FinishConnect(index);
                    done++;
                }

                continue;
            }

            done += TrySend(index) ? 1 : 0;
            if (done == limit)
            {
                Enqueue(index);
                break;
            }

            done += TryReceive(index) ? 1 : 0;
        }

        return done;
    }

    private bool TrySend(uint index)
    {
        ref StreamState state = ref Streams[index];
        if (state.SendBuffer is null || state.Closing)
        {
            return false;
        }

        Counters.Enters++;
        nint sent = Libc.Send(state.Descriptor, state.SendBuffer.Pointer + state.SendOffset, (nuint)state.SendLength, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
        int errno = 0;
        if (sent < 0)
        {
            errno = Marshal.GetLastPInvokeError();
            if (errno is Libc.EAGAIN or Libc.EINTR)
            {
                // The edge that room makes brings the stream back here.
                return false;
            }
        }
        else if (sent < state.SendLength)
        {
            state.SendOffset += (int)sent;
            state.SendLength -= (int)sent;
            return false;
        }

        state.SendBuffer = null;
        Handler.Sent(state.Tag, Streams.HandleOf(index), errno);
        return true;
    }

    private bool TryReceive(uint index)
    {
        if (Streams[index].StashLength > 0 && !Streams[index].Paused && !Streams[index].Closing)
        {
            NativeBuffer stash = Streams[index].Stash!;
            int taken = Handler.Received(Streams[index].Tag, Streams.HandleOf(index), stash.Span[..Streams[index].StashLength]);
            Streams.Drop(index, taken);
            Enqueue(index);
            return true;
        }

        ref StreamState state = ref Streams[index];
        if (state.Closing || state.Paused || state.ReceiveDone || !state.Receiving || state.StashLength > 0)
        {
            return false;
        }

        NativeBuffer buffer = _streamBuffers[(int)state.Class];
        Counters.Enters++;
        nint count = Libc.Receive(state.Descriptor, buffer.Pointer, (nuint)buffer.Length, Libc.MSG_DONTWAIT);
        if (count > 0)
        {
            state.Receiving = count == buffer.Length || state.Cancelling;
            if (state.Receiving)
            {
                Enqueue(index);
            }

            Deliver(index, buffer.Span[..(int)count]);
            return true;
        }

        int errno = count == 0 ? 0 : Marshal.GetLastPInvokeError();
        if (count < 0 && errno is Libc.EAGAIN or Libc.EINTR)
        {
            state.Receiving = false;
            return false;
        }

        state.Receiving = false;
        state.ReceiveDone = true;
        Handler.ReceiveEnded(state.Tag, Streams.HandleOf(index), errno);
        return true;
    }

    private void Deliver(uint index, ReadOnlySpan<byte> data)
    {
        int taken = Handler.Received(Streams[index].Tag, Streams.HandleOf(index), data);
        if (taken < data.Length && !Streams[index].Closing)
        {
            Debug.Assert(Streams[index].Paused);
            Streams.Keep(index, data[taken..]);
        }
    }

    private void FinishClose(uint index)
    {
        ref StreamState state = ref Streams[index];
        if (state.SendBuffer is { } buffer && !state.Connecting)
        {
            // What was sent before the close, as far as there is room for it.
            Libc.Send(state.Descriptor, buffer.Pointer + state.SendOffset, (nuint)state.SendLength, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
        }

        uint tag = state.Tag;
        Sockets.CloseStream(state.Descriptor);
        Streams.Remove(index);
        Handler.Closed(tag);
    }
}
