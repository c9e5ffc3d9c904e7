using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Simulation.Network;

/// <summary>The streams of the simulated ring.</summary>
internal sealed partial class SimRing : ISocketOwner
{
    private readonly List<SimStream> _streams = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<int> _ready = new();
    private readonly Queue<int> _closing = new();

    /// <summary>Streams with requests that reach the kernel when the turn is over.</summary>
    private readonly Queue<int> _requested = new();

    public override StreamHandle Adopt(int descriptor, uint tag, StreamClass kind)
    {
        StreamHandle handle = Add(_world.TakeDescriptor<SimSocket>(descriptor), tag, kind);
        Request(handle.Index);
        return handle;
    }

    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind)
    {
        StreamHandle handle = Add(_world.TakeDescriptor<SimSocket>(descriptor), tag, kind);
        _streams[(int)handle.Index].IsConnecting = true;
        Request(handle.Index);
        return handle;
    }

    public override void Send(StreamHandle stream, NativeBuffer buffer, int offset, int length)
    {
        if (Find(stream) is not { } state)
        {
            return;
        }

        _world.Require(state.SendBuffer is null && !state.IsClosing, "a send was begun while another was in flight, or after Close");
        (state.SendBuffer, state.SendOffset, state.SendLength, state.Sent) = (buffer, offset, length, 0);
        state.SendSum = Checksum(buffer.Span.Slice(offset, length));
        Request(stream.Index);
    }

    public override int Unacknowledged(StreamHandle stream) => Find(stream)?.Socket?.Unacknowledged ?? 0;

    public override bool SendLast(StreamHandle stream, ReadOnlySpan<byte> bytes) =>
        Find(stream) is { IsClosing: false, SendBuffer: null, IsConnecting: false } state && state.Socket!.Send(bytes) == bytes.Length;

    public override void Pause(StreamHandle stream)
    {
        if (Find(stream) is { } state)
        {
            state.IsPaused = true;
        }
    }

    public override void Resume(StreamHandle stream)
    {
        if (Find(stream) is { } state)
        {
            state.IsPaused = false;
            Request(stream.Index);
        }
    }

    public override void ShutdownSend(StreamHandle stream)
    {
        if (Find(stream) is { } state)
        {
            _world.Require(state.SendBuffer is null, "FIN was asked for while a send was in flight");
            state.Socket!.Shut();
        }
    }

    public override void Close(StreamHandle stream)
    {
        if (Find(stream) is { IsClosing: false } state)
        {
            state.IsClosing = true;
            _closing.Enqueue((int)stream.Index);
        }
    }

    void ISocketOwner.Readable(SimSocket socket) => MakeReady(socket.Tag);

    void ISocketOwner.Writable(SimSocket socket) => MakeReady(socket.Tag);

    /// <summary>Hands the turn's requests to the kernel.</summary>
    public void Submit()
    {
        while (_requested.TryDequeue(out int index))
        {
            SimStream state = _streams[index];
            state.IsRequested = false;
            if (state.Socket is not { } socket || state.IsClosing)
            {
                continue;
            }

            if (state is { IsConnecting: true, IsConnectBegun: false })
            {
                state.IsConnectBegun = true;
                uint generation = state.Generation;
                _world.Connect(socket, errno => Connected(index, generation, errno));
                continue;
            }

            TryWrite(state);
            MakeReady(index);
        }

        SubmitPeers();
    }

    /// <summary>Connections to a backend that are open or being opened.</summary>
    public int CountTo(SocketAddress remote)
    {
        int count = 0;
        foreach (SimStream stream in _streams)
        {
            count += stream.Socket is { } socket && !stream.IsClosing && socket.Remote == remote ? 1 : 0;
        }

        return count;
    }

    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 14695981039346656037;
        foreach (byte value in bytes)
        {
            sum = (sum ^ value) * 1099511628211;
        }

        return sum;
    }

    private StreamHandle Add(SimSocket socket, uint tag, StreamClass kind)
    {
        if (!_free.TryPop(out int index))
        {
            index = _streams.Count;
            _streams.Add(new SimStream());
        }

        SimStream state = _streams[index];
        state.Begin(socket, tag, kind);
        (socket.Owner, socket.Tag) = (this, index);
        return new StreamHandle((uint)index, state.Generation);
    }

    private SimStream? Find(StreamHandle handle) =>
        handle.IsValid && _streams[(int)handle.Index] is { Socket: not null } state && state.Generation == handle.Generation ? state : null;

    private void Request(uint index)
    {
        SimStream state = _streams[(int)index];
        if (!state.IsRequested)
        {
            state.IsRequested = true;
            _requested.Enqueue((int)index);
        }
    }

    private void MakeReady(int index)
    {
        SimStream state = _streams[index];
        if (!state.IsReady && state is { Socket: not null, IsClosing: false } && HasWork(state))
        {
            state.IsReady = true;
            _ready.Enqueue(index);
        }
    }

    private void Connected(int index, uint generation, int errno)
    {
        if (_streams[index] is { Socket: not null } state && state.Generation == generation)
        {
            state.ConnectResult = errno;
            MakeReady(index);
        }
    }

    private static bool HasWork(SimStream state) => state.IsConnecting
        ? state.ConnectResult >= 0
        : CanSend(state) || (!state.IsPaused && !state.IsEndTold && (state.Stash.Length > 0 || HasNews(state.Socket!)));

    private static bool CanSend(SimStream state) =>
        state.SendBuffer is not null && (state.Sent == state.SendLength || state.Socket!.Room > 0 || state.Socket.IsReset);

    private static bool HasNews(SimSocket socket) => socket.Received.Length > 0 || socket.HasEnd || socket.IsReset;
}
