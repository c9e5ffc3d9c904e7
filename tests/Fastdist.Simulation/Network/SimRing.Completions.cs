using System;
using Fastdist.Ring;

namespace Fastdist.Simulation.Network;

/// <summary>What the simulated ring tells of its streams.</summary>
internal sealed partial class SimRing
{
    private static readonly int[] s_bufferSizes = [2048, 16384];
    private static readonly int s_peerBufferSize = new RingOptions().PeerBufferSize;

    private readonly byte[] _buffer = new byte[16384];

    private int RunClosing()
    {
        int count = Math.Min(_closing.Count, EndsPerTurn);
        for (int i = 0; i < count; i++)
        {
            int index = _closing.Dequeue();
            SimStream state = _streams[index];
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
            SimStream state = _streams[index];
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
        SimStream state = _streams[index];
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
        SimStream state = _streams[index];
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
    private static int TryWrite(SimStream state)
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
        SimStream state = _streams[index];
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

    private void Keep(SimStream state, ReadOnlySpan<byte> data, int taken)
    {
        if (taken < data.Length && !state.IsClosing)
        {
            _world.Require(state.IsPaused, "bytes were not taken though the stream is not paused");
            state.Stash = data[taken..].ToArray();
        }
    }
}
