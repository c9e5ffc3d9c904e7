using System;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.IoUring;

/// <summary>The listeners of the io_uring ring.</summary>
public sealed unsafe partial class IoUringRing
{
    /// <inheritdoc/>
    public override int AddListener(int descriptor, int tag)
    {
        int listener = Number(_listeners, _freeListeners, new Listener { Descriptor = descriptor, Tag = tag });
        ArmAccept(listener);
        return listener;
    }

    /// <inheritdoc/>
    public override void CloseListener(int listener)
    {
        Listener state = _listeners[listener];
        if (!state.Closing)
        {
            state.Closing = true;
            if (state.Armed)
            {
                Cancel(Operation.Accept, 0, (uint)listener);
            }
            else
            {
                _rearmSockets = true;
            }
        }
    }

    /// <inheritdoc/>
    public override void Resize(int listener, int backlog, int fastOpenQueue) => Sockets.Resize(_listeners[listener].Descriptor, backlog, fastOpenQueue);

    /// <inheritdoc/>
    public override void ReplaceListener(int listener, int descriptor)
    {
        Listener state = _listeners[listener];
        if (state.Closing)
        {
            Libc.Close(descriptor);
            return;
        }

        Withdraw(state.Descriptor, state.Armed, Operation.Accept, listener);
        state.Descriptor = descriptor;
        state.RetryAt = 0;
        _rearmSockets = true;
    }

    private void ArmAccept(int index)
    {
        Listener listener = _listeners[index];
        listener.Armed = true;
        SubmissionEntry* entry = _queues.Next();
        entry->Opcode = IoUringAbi.OpAccept;
        entry->IoPriority = IoUringAbi.AcceptMultishot;
        entry->Descriptor = listener.Descriptor;
        entry->OpFlags = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
        entry->UserData = UserData(Operation.Accept, 0, (uint)index);
    }

    private void OnAccept(int index, in CompletionEntry completion)
    {
        Listener listener = _listeners[index];
        listener.Armed = (completion.Flags & IoUringAbi.CqeMore) != 0;
        if (completion.Result >= 0)
        {
            Handler.Accepted(listener.Tag, completion.Result);
        }
        else if (!listener.Closing && completion.Result is not (-Libc.ECONNABORTED or -Libc.ECANCELED))
        {
            // Out of descriptors: trying again at once would spin, so the next attempt waits a little.
            Counters.AcceptErrors++;
            _acceptPauseMs = Handler.AcceptFailed(listener.Tag, -completion.Result) ? AcceptRetryMs : AcceptBackoffMs;
            listener.RetryAt = Environment.TickCount64 + _acceptPauseMs;
        }

        if (!listener.Armed)
        {
            _rearmSockets = true;
        }
    }

    private sealed class Listener : KernelListener
    {
        public bool Armed;
    }
}
