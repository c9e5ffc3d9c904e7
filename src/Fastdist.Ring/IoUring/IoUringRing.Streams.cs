using System;
using System.Diagnostics;
using Fastdist.Ring.Interop;

namespace Fastdist.Ring.IoUring;

/// <summary>The streams of the io_uring ring.</summary>
public sealed unsafe partial class IoUringRing
{
    /// <inheritdoc/>
    public override StreamHandle Adopt(int descriptor, uint tag, StreamClass kind)
    {
        StreamHandle handle = AddStream(descriptor, tag, kind);
        if (handle.IsValid)
        {
            ArmReceive(handle.Index);
        }

        return handle;
    }

    /// <inheritdoc/>
    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind)
    {
        StreamHandle handle = AddStream(descriptor, tag, kind);
        if (!handle.IsValid)
        {
            return handle;
        }

        ref StreamState state = ref Streams[handle.Index];
        state.ConnectAddress = new NativeBuffer(SocketAddress.Capacity);
        *(SocketAddress*)state.ConnectAddress.Pointer = remote;
        state.Connecting = true;
        state.Pending++;
        SubmissionEntry* entry = _queues.Next();
        entry->Opcode = IoUringAbi.OpConnect;
        entry->Descriptor = descriptor;
        entry->Address = (ulong)state.ConnectAddress.Pointer;
        entry->Offset = (ulong)remote.Length;
        entry->UserData = UserData(Operation.Connect, handle.Generation, handle.Index);
        return handle;
    }

    private protected override void BeginSend(uint index) => ArmSend(index);

    private bool IsCurrent(uint index, uint generation) => Streams[index].Generation == generation;

    /// <summary>Ends streams that were closed, or begins to, the longest closed first.</summary>
    /// <returns>How many reports were made.</returns>
    private int RunClosing()
    {
        if (_queues.Unsubmitted > 0)
        {
            // What was sent before the close goes first.
            return 0;
        }

        int done = 0;
        for (int count = Math.Min(Closing.Count, EndsPerTurn); count > 0; count--)
        {
            uint index = Closing.Dequeue();
            Streams[index].Ending = true;
            if (FinishClose(index))
            {
                done++;
            }
            else
            {
                EndOperations(index);
            }
        }

        return done;
    }

    /// <summary>
    /// Has the kernel let go of what it holds of a stream. After a shutdown receives and sends complete by themselves,
    /// however many streams there are; a cancel searches.
    /// </summary>
    private void EndOperations(uint index)
    {
        ref StreamState state = ref Streams[index];
        if (state.Connecting)
        {
            Cancel(Operation.Connect, state.Generation, index);
        }
        else if (Libc.Shutdown(state.Descriptor, Libc.SHUT_RDWR) != 0)
        {
            // It is disconnected already, or a security module says no.
            Cancel(Operation.Receive, state.Generation, index);
            Cancel(Operation.Send, state.Generation, index);
        }
    }

    /// <summary>Works on the streams that have something to do, with at most one report each.</summary>
    /// <returns>How many reports were made.</returns>
    private int RunQueued(int limit)
    {
        if (_rearmSockets)
        {
            RearmSockets();
        }

        int done = 0;
        for (int count = Queued.Count; count > 0 && done < limit; count--)
        {
            uint index = Queued.Dequeue();
            Streams[index].Queued = false;
            if (Streams[index].Descriptor >= 0 && !Streams[index].Closing)
            {
                done += Progress(index) ? 1 : 0;
            }
        }

        return done;
    }

    /// <summary>Delivers what was kept, then the end if it was seen, else receives on.</summary>
    /// <returns>True when something was reported.</returns>
    private bool Progress(uint index)
    {
        if (Streams[index].StashLength > 0 && !Streams[index].Paused)
        {
            StreamHandle handle = Streams.HandleOf(index);
            NativeBuffer stash = Streams[index].Stash!;
            int taken = Handler.Received(Streams[index].Tag, handle, stash.Span[..Streams[index].StashLength]);
            Streams.Drop(index, taken);
            Debug.Assert(Streams[index].StashLength == 0 || Streams[index].Paused || Streams[index].Closing);
            Enqueue(index);
            return true;
        }

        ref StreamState state = ref Streams[index];
        if (state.Paused || state.StashLength > 0)
        {
            return false;
        }

        if (state.ReceiveDone)
        {
            return EndReceive(index);
        }

        if (!state.Receiving && !state.Connecting)
        {
            ArmReceive(index);
        }

        return false;
    }

    private void ArmReceive(uint index)
    {
        ref StreamState state = ref Streams[index];
        state.Receiving = true;
        state.Cancelling = false;
        state.Pending++;
        SubmissionEntry* entry = _queues.Next();
        entry->Opcode = IoUringAbi.OpRecv;
        entry->Flags = IoUringAbi.SqeBufferSelect;
        entry->IoPriority = IoUringAbi.RecvMultishot;
        entry->Descriptor = state.Descriptor;
        entry->BufferGroup = _streamBuffers[(int)state.Class].Id;
        entry->UserData = UserData(Operation.Receive, state.Generation, index);
    }

    private void OnReceive(uint index, uint generation, in CompletionEntry completion)
    {
        Debug.Assert(IsCurrent(index, generation));
        if ((completion.Flags & IoUringAbi.CqeMore) == 0)
        {
            Streams[index].Receiving = false;
            Streams[index].Pending--;
        }

        if ((completion.Flags & IoUringAbi.CqeBuffer) != 0)
        {
            BufferGroup group = _streamBuffers[(int)Streams[index].Class];
            ushort buffer = (ushort)(completion.Flags >> IoUringAbi.CqeBufferShift);
            if (completion.Result > 0 && !Streams[index].Closing)
            {
                Deliver(index, new ReadOnlySpan<byte>(group[buffer], completion.Result));
            }

            group.Return(buffer);
        }

        ref StreamState state = ref Streams[index];
        if (state.Receiving)
        {
            return;
        }

        if (state.Closing)
        {
            FinishClose(index);
            return;
        }

        switch (completion.Result)
        {
            case > 0 or -Libc.ECANCELED:
                break;
            case -Libc.ENOBUFS:
                Counters.BuffersExhausted++;
                break;
            default:
                state.ReceiveDone = true;
                state.EndErrno = -completion.Result;
                break;
        }

        Enqueue(index);
    }

    private void Deliver(uint index, ReadOnlySpan<byte> data)
    {
        ref StreamState state = ref Streams[index];
        if (state.Paused || state.StashLength > 0)
        {
            Streams.Keep(index, data);
            if (state.Paused && state.Receiving && !state.Cancelling)
            {
                state.Cancelling = true;
                Cancel(Operation.Receive, state.Generation, index);
            }

            return;
        }

        int taken = Handler.Received(state.Tag, Streams.HandleOf(index), data);
        if (taken < data.Length && !Streams[index].Closing)
        {
            Debug.Assert(Streams[index].Paused);
            Streams.Keep(index, data[taken..]);
        }
    }

    private bool EndReceive(uint index)
    {
        ref StreamState state = ref Streams[index];
        if (state.EndTold)
        {
            return false;
        }

        state.EndTold = true;
        Handler.ReceiveEnded(state.Tag, Streams.HandleOf(index), state.EndErrno);
        return true;
    }

    private void ArmSend(uint index)
    {
        ref StreamState state = ref Streams[index];
        state.Pending++;
        SubmissionEntry* entry = _queues.Next();
        entry->Opcode = IoUringAbi.OpSend;
        entry->Descriptor = state.Descriptor;
        entry->Address = (ulong)(state.SendBuffer!.Pointer + state.SendOffset);
        entry->Length = (uint)state.SendLength;
        entry->OpFlags = Libc.MSG_NOSIGNAL | Libc.MSG_WAITALL;
        entry->UserData = UserData(Operation.Send, state.Generation, index);
    }

    private void OnSend(uint index, uint generation, int result)
    {
        Debug.Assert(IsCurrent(index, generation));
        ref StreamState state = ref Streams[index];
        state.Pending--;
        if (state.Closing)
        {
            state.SendBuffer = null;
            FinishClose(index);
            return;
        }

        if (result >= 0 && result < state.SendLength)
        {
            state.SendOffset += result;
            state.SendLength -= result;
            ArmSend(index);
            return;
        }

        state.SendBuffer = null;
        Handler.Sent(state.Tag, Streams.HandleOf(index), result < 0 ? -result : 0);
    }

    private void OnConnect(uint index, uint generation, int result)
    {
        Debug.Assert(IsCurrent(index, generation));
        ref StreamState state = ref Streams[index];
        state.Pending--;
        state.Connecting = false;
        state.ConnectAddress!.Dispose();
        state.ConnectAddress = null;
        if (state.Closing)
        {
            FinishClose(index);
            return;
        }

        if (result == 0)
        {
            ArmReceive(index);
        }
        else
        {
            // Nothing to receive, so a later Resume must not try.
            state.ReceiveDone = state.EndTold = true;
        }

        Handler.Connected(Streams[index].Tag, Streams.HandleOf(index), -result);
    }

    private bool FinishClose(uint index)
    {
        ref StreamState state = ref Streams[index];
        if (state.Pending > 0 || !state.Ending)
        {
            return false;
        }

        uint tag = state.Tag;
        Sockets.CloseStream(state.Descriptor);
        Streams.Remove(index);
        Handler.Closed(tag);
        return true;
    }
}
