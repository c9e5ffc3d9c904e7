using System;
using System.Runtime.InteropServices;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.Epoll;

/// <summary>The listeners of the epoll ring.</summary>
public sealed unsafe partial class EpollRing
{
    /// <inheritdoc/>
    public override int AddListener(int descriptor, int tag)
    {
        int listener = Number(_listeners, _freeListeners, new Listener { Descriptor = descriptor, Tag = tag });
        Watch(descriptor, Libc.EPOLLIN, Source.Listener, 0, (uint)listener);
        return listener;
    }

    /// <inheritdoc/>
    public override void CloseListener(int listener)
    {
        _listeners[listener].Closing = true;
        _relisten = true;
    }

    /// <inheritdoc/>
    public override void Resize(int listener, int backlog, int fastOpenQueue) => Sockets.Resize(_listeners[listener].Descriptor, backlog, fastOpenQueue);

    /// <inheritdoc/>
    public override void ReplaceListener(int listener, int descriptor)
    {
        Listener state = _listeners[listener];
        Libc.Close(state.Closing ? descriptor : state.Descriptor);
        if (!state.Closing)
        {
            state.Descriptor = descriptor;
            state.RetryAt = 0;
            Watch(descriptor, Libc.EPOLLIN, Source.Listener, 0, (uint)listener);
        }
    }

    private int RunListeners(int limit)
    {
        int done = 0;
        for (int listeners = _readyListeners.Count; listeners > 0 && done < limit; listeners--)
        {
            Listener listener = _listeners[_readyListeners.Dequeue()];
            listener.Ready = false;
            done += AcceptSome(listener, Math.Min(limit - done, AcceptBatch));
        }

        return done;
    }

    // The event is level-triggered: what the limit leaves in the queue is reported again.
    private void MarkReady(int index)
    {
        if (!_listeners[index].Ready)
        {
            _listeners[index].Ready = true;
            _readyListeners.Enqueue(index);
        }
    }

    private int AcceptSome(Listener listener, int limit)
    {
        int done = 0;
        while (done < limit && !listener.Closed)
        {
            int descriptor = Libc.Accept(listener.Descriptor, null, null, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
            if (descriptor >= 0)
            {
                done++;
                Handler.Accepted(listener.Tag, descriptor);
                continue;
            }

            int errno = Marshal.GetLastPInvokeError();
            if (errno is not (Libc.EAGAIN or Libc.ECONNABORTED or Libc.EINTR))
            {
                // Out of descriptors: stop watching for a while, or the level-triggered event would spin.
                Counters.AcceptErrors++;
                Libc.EpollControl(_epoll, Libc.EPOLL_CTL_DEL, listener.Descriptor, null);
                _acceptPauseMs = Handler.AcceptFailed(listener.Tag, errno) ? AcceptRetryMs : AcceptBackoffMs;
                listener.RetryAt = Environment.TickCount64 + _acceptPauseMs;
                _relisten = true;
            }

            if (errno != Libc.ECONNABORTED)
            {
                break;
            }
        }

        return done;
    }

    private void Relisten()
    {
        _relisten = _isDraining = false;
        for (int i = 0; i < _listeners.Count; i++)
        {
            Listener listener = _listeners[i];
            if (listener.Closing && !listener.Closed)
            {
                if (TryEnd(listener))
                {
                    _freeListeners.Push(i);
                }
                else
                {
                    _relisten = _isDraining = true;
                }
            }
            else if (listener.RetryAt != 0 && !listener.Closed)
            {
                if (listener.RetryAt > Environment.TickCount64)
                {
                    _relisten = true;
                    continue;
                }

                listener.RetryAt = 0;
                Watch(listener.Descriptor, Libc.EPOLLIN, Source.Listener, 0, (uint)i);
            }
        }
    }

    private sealed class Listener : KernelListener
    {
        public bool Ready;
    }
}
