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

        ref StreamState state = ref _streams[handle.Index];
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

    /// <inheritdoc/>
    public override void Send(StreamHandle stream, NativeBuffer buffer, int offset, int length)
    {
        if (!_streams.TryFind(stream, out uint index))
        {
            return;
        }

        ref StreamState state = ref _streams[index];
        Debug.Assert(state.SendBuffer is null && !state.Closing);
        state.SendBuffer = buffer;
        state.SendOffset = offset;
        state.SendLength = length;
        ArmSend(index);
    }

    /// <inheritdoc/>
    public override bool SendLast(StreamHandle stream, ReadOnlySpan<byte> bytes) =>
        _streams.TryFind(stream, out uint index) && _streams[index] is { Closing: false, SendBuffer: null }
        && Sockets.Offer(_streams[index].Descriptor, bytes);

    /// <inheritdoc/>
    public override int Unacknowledged(StreamHandle stream) =>
        _streams.TryFind(stream, out uint index) ? Sockets.Unacknowledged(_streams[index].Descriptor) : 0;

    /// <inheritdoc/>
    public override void Pause(StreamHandle stream)
    {
        // The receive is cancelled only if more bytes come: most pauses are over before that.
        if (_streams.TryFind(stream, out uint index))
        {
            _streams[index].Paused = true;
        }
    }

    /// <inheritdoc/>
    public override void Resume(StreamHandle stream)
    {
        if (_streams.TryFind(stream, out uint index) && _streams[index].Paused)
        {
            _streams[index].Paused = false;
            Enqueue(index);
        }
    }

    /// <inheritdoc/>
    public override void ShutdownSend(StreamHandle stream)
    {
        if (_streams.TryFind(stream, out uint index))
        {
            Libc.Shutdown(_streams[index].Descriptor, Libc.SHUT_WR);
        }
    }

    /// <inheritdoc/>
    public override void Close(StreamHandle stream)
    {
        if (_streams.TryFind(stream, out uint index) && !_streams[index].Closing)
        {
            _streams[index].Closing = true;
            _closing.Enqueue(index);
        }
    }

    private StreamHandle AddStream(int descriptor, uint tag, StreamClass kind)
    {
        StreamHandle handle = _streams.Add(descriptor, tag, kind);
        if (!handle.IsValid)
        {
            Counters.StreamsRefused++;
            Libc.Close(descriptor);
        }

        return handle;
    }

    private bool IsCurrent(uint index, uint generation) => _streams[index].Generation == generation;

    /// <summary>Has the stream looked at before the next wait.</summary>
    private void Enqueue(uint index)
    {
        if (!_streams[index].Queued)
        {
            _streams[index].Queued = true;
            _queued.Enqueue(index);
        }
    }

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
        for (int count = Math.Min(_closing.Count, EndsPerTurn); count > 0; count--)
        {
            uint index = _closing.Dequeue();
            _streams[index].Ending = true;
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
        ref StreamState state = ref _streams[index];
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
        for (int count = _queued.Count; count > 0 && done < limit; count--)
        {
            uint index = _queued.Dequeue();
            _streams[index].Queued = false;
            if (_streams[index].Descriptor >= 0 && !_streams[index].Closing)
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
        if (_streams[index].StashLength > 0 && !_streams[index].Paused)
        {
            StreamHandle handle = _streams.HandleOf(index);
            NativeBuffer stash = _streams[index].Stash!;
            int taken = Handler.Received(_streams[index].Tag, handle, stash.Span[.._streams[index].StashLength]);
            _streams.Drop(index, taken);
            Debug.Assert(_streams[index].StashLength == 0 || _streams[index].Paused || _streams[index].Closing);
            Enqueue(index);
            return true;
        }

        ref StreamState state = ref _streams[index];
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
        ref StreamState state = ref _streams[index];
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
            _streams[index].Receiving = false;
            _streams[index].Pending--;
        }

        if ((completion.Flags & IoUringAbi.CqeBuffer) != 0)
        {
            BufferGroup group = _streamBuffers[(int)_streams[index].Class];
            ushort buffer = (ushort)(completion.Flags >> IoUringAbi.CqeBufferShift);
            if (completion.Result > 0 && !_streams[index].Closing)
            {
                Deliver(index, new Span<byte>(group[buffer], completion.Result));
            }

            group.Return(buffer);
        }

        ref StreamState state = ref _streams[index];
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

    private void Deliver(uint index, Span<byte> data)
    {
        ref StreamState state = ref _streams[index];
        if (state.Paused || state.StashLength > 0)
        {
            _streams.Keep(index, data);
            if (state.Paused && state.Receiving && !state.Cancelling)
            {
                state.Cancelling = true;
                Cancel(Operation.Receive, state.Generation, index);
            }

            return;
        }

        int taken = Handler.Received(state.Tag, _streams.HandleOf(index), data);
        if (taken < data.Length && !_streams[index].Closing)
        {
            Debug.Assert(_streams[index].Paused);
            _streams.Keep(index, data[taken..]);
        }
    }

    private bool EndReceive(uint index)
    {
        ref StreamState state = ref _streams[index];
        if (state.EndTold)
        {
            return false;
        }

        state.EndTold = true;
        Handler.ReceiveEnded(state.Tag, _streams.HandleOf(index), state.EndErrno);
        return true;
    }

    private void ArmSend(uint index)
    {
        ref StreamState state = ref _streams[index];
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
        ref StreamState state = ref _streams[index];
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
        Handler.Sent(state.Tag, _streams.HandleOf(index), result < 0 ? -result : 0);
    }

    private void OnConnect(uint index, uint generation, int result)
    {
        Debug.Assert(IsCurrent(index, generation));
        ref StreamState state = ref _streams[index];
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

        Handler.Connected(_streams[index].Tag, _streams.HandleOf(index), -result);
    }

    private bool FinishClose(uint index)
    {
        ref StreamState state = ref _streams[index];
        if (state.Pending > 0 || !state.Ending)
        {
            return false;
        }

        uint tag = state.Tag;
        Sockets.CloseStream(state.Descriptor);
        _streams.Remove(index);
        Handler.Closed(tag);
        return true;
    }
}
