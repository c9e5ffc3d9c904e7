using System;
using System.Collections.Generic;
using Fastdist.Ring;

namespace Fastdist.Simulation.Network;

/// <summary>The streams of the simulated ring.</summary>
internal sealed partial class SimRing : ISocketOwner
{
    private static readonly int[] s_bufferSizes = [2048, 16384];

    private readonly List<Stream> _streams = [];
    private readonly Stack<int> _free = new();
    private readonly Queue<int> _ready = new();
    private readonly Queue<int> _closing = new();

    /// <summary>Streams with requests that reach the kernel when the turn is over.</summary>
    private readonly Queue<int> _requested = new();

    private readonly byte[] _buffer = new byte[16384];

    public override StreamHandle Adopt(int descriptor, uint tag, StreamClass kind)
    {
        StreamHandle handle = Add(_world.TakeDescriptor(descriptor), tag, kind);
        Request(handle.Index);
        return handle;
    }

    public override StreamHandle Connect(int descriptor, in SocketAddress remote, uint tag, StreamClass kind)
    {
        StreamHandle handle = Add(_world.TakeDescriptor(descriptor), tag, kind);
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
            Stream state = _streams[index];
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
    }

    /// <summary>Connections to a backend that are open or being opened.</summary>
    public int CountTo(SocketAddress remote)
    {
        int count = 0;
        foreach (Stream stream in _streams)
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
            _streams.Add(new Stream());
        }

        Stream state = _streams[index];
        state.Begin(socket, tag, kind);
        (socket.Owner, socket.Tag) = (this, index);
        return new StreamHandle((uint)index, state.Generation);
    }

    private Stream? Find(StreamHandle handle) =>
        handle.IsValid && _streams[(int)handle.Index] is { Socket: not null } state && state.Generation == handle.Generation ? state : null;

    private void Request(uint index)
    {
        Stream state = _streams[(int)index];
        if (!state.IsRequested)
        {
            state.IsRequested = true;
            _requested.Enqueue((int)index);
        }
    }

    private void MakeReady(int index)
    {
        Stream state = _streams[index];
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

    private static bool HasWork(Stream state) => state.IsConnecting
        ? state.ConnectResult >= 0
        : CanSend(state) || (!state.IsPaused && !state.IsEndTold && (state.Stash.Length > 0 || HasNews(state.Socket!)));

    private static bool CanSend(Stream state) =>
        state.SendBuffer is not null && (state.Sent == state.SendLength || state.Socket!.Room > 0 || state.Socket.IsReset);

    private static bool HasNews(SimSocket socket) => socket.Received.Length > 0 || socket.HasEnd || socket.IsReset;

    private int RunClosing()
    {
        int count = Math.Min(_closing.Count, EndsPerTurn);
        for (int i = 0; i < count; i++)
        {
            int index = _closing.Dequeue();
            Stream state = _streams[index];
            if (!state.IsConnecting)
            {
                TryWrite(state);
            }

            state.Socket!.CloseQuietly();
            uint tag = state.Tag;
            state.End();
            _free.Push(index);
            Handler.Closed(tag);
        }

        return count;
    }

    /// <summary>Works on the streams that have something to tell, each once, sends and receives in either order.</summary>
    private int RunStreams(int limit)
    {
        int done = 0;
        for (int count = _ready.Count; count > 0 && done < limit; count--)
        {
            int index = _ready.Dequeue();
            Stream state = _streams[index];
            state.IsReady = false;
            bool sendsFirst = _random.Next(2) == 0;
            done += TellConnected(index) || (sendsFirst ? TellSent(index) : TellReceived(index)) ? 1 : 0;
            if (done < limit)
            {
                done += (sendsFirst ? TellReceived(index) : TellSent(index)) ? 1 : 0;
            }

            MakeReady(index);
        }

        return done;
    }

    private bool TellConnected(int index)
    {
        Stream state = _streams[index];
        if (state.Socket is null || !state.IsConnecting || state.IsClosing || state.ConnectResult < 0)
        {
            return false;
        }

        state.IsConnecting = false;
        state.IsEndTold = state.ConnectResult != 0;
        Handler.Connected(state.Tag, new StreamHandle((uint)index, state.Generation), state.ConnectResult);
        return true;
    }

    private bool TellSent(int index)
    {
        Stream state = _streams[index];
        if (state.SendBuffer is not { } buffer || state.IsClosing || state.IsConnecting)
        {
            return false;
        }

        int errno = TryWrite(state);
        if (errno == 0 && state.Sent < state.SendLength)
        {
            return false;
        }

        _world.Require(Checksum(buffer.Span.Slice(state.SendOffset, state.SendLength)) == state.SendSum, "a buffer was changed before it was sent");
        state.SendBuffer = null;
        Handler.Sent(state.Tag, new StreamHandle((uint)index, state.Generation), errno);
        return true;
    }

    /// <summary>Has the kernel take what it has room for.</summary>
    /// <returns>Why nothing can be sent any more; else 0.</returns>
    private static int TryWrite(Stream state)
    {
        if (state.SendBuffer is not { } buffer || state.Sent == state.SendLength)
        {
            return 0;
        }

        int count = state.Socket!.Send(buffer.Span.Slice(state.SendOffset + state.Sent, state.SendLength - state.Sent));
        state.Sent += Math.Max(count, 0);
        return count < 0 ? -count : 0;
    }

    private bool TellReceived(int index)
    {
        Stream state = _streams[index];
        if (state.Socket is not { } socket || state.IsClosing || state.IsConnecting || state.IsPaused || state.IsEndTold)
        {
            return false;
        }

        var handle = new StreamHandle((uint)index, state.Generation);
        if (state.Stash.Length > 0)
        {
            byte[] kept = state.Stash;
            state.Stash = [];
            Keep(state, kept, Handler.Received(state.Tag, handle, kept));
            return true;
        }

        if (socket.Received.Length > 0)
        {
            int count = Math.Min(socket.Received.Length, s_bufferSizes[(int)state.Kind]);
            count = _random.Next(16) == 0 ? 1 + _random.Next(count) : count;
            Span<byte> data = _buffer.AsSpan(0, count);
            socket.Received.Span[..count].CopyTo(data);
            socket.Read(count);
            Keep(state, data, Handler.Received(state.Tag, handle, data));
            data.Fill(0xEE);
            return true;
        }

        if (!socket.HasEnd && !socket.IsReset)
        {
            return false;
        }

        state.IsEndTold = true;
        Handler.ReceiveEnded(state.Tag, handle, socket.TakeError());
        return true;
    }

    private void Keep(Stream state, ReadOnlySpan<byte> data, int taken)
    {
        if (taken < data.Length && !state.IsClosing)
        {
            _world.Require(state.IsPaused, "bytes were not taken though the stream is not paused");
            state.Stash = data[taken..].ToArray();
        }
    }

    private sealed class Stream
    {
        public SimSocket? Socket;
        public uint Tag;
        public uint Generation;
        public StreamClass Kind;
        public bool IsConnecting;
        public bool IsConnectBegun;
        public bool IsRequested;
        public bool IsReady;
        public bool IsPaused;
        public bool IsClosing;
        public bool IsEndTold;

        /// <summary>The errno that the connect ended with; -1 before.</summary>
        public int ConnectResult;
        public NativeBuffer? SendBuffer;
        public int SendOffset;
        public int SendLength;
        public int Sent;
        public ulong SendSum;
        public byte[] Stash = [];

        public void Begin(SimSocket socket, uint tag, StreamClass kind)
        {
            (Socket, Tag, Kind) = (socket, tag, kind);
            Generation++;
            ConnectResult = -1;
            IsConnecting = IsConnectBegun = IsPaused = IsClosing = IsEndTold = false;
        }

        public void End()
        {
            Socket = null;
            SendBuffer = null;
            Stash = [];
        }
    }
}
